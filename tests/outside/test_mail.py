import hashlib
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from wardmote.kernel.errors import Invalid
from wardmote.outside import mail


class PostOffice(socketserver.ThreadingTCPServer):
    """A small SMTP server that keeps the messages it is given and answers each with its own words."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.messages: list[bytes] = []
        self.heard: list[str] = []
        self.refuse = ""
        self.drips_after: str | None = None


class Counter(socketserver.StreamRequestHandler):
    server: PostOffice

    def say(self, line: str, to: str = "") -> None:
        if self.server.drips_after == to:
            with suppress(OSError):
                for byte in (line * 20).encode():
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.1)
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        with suppress(OSError):
            self.serve_letters()

    def serve_letters(self) -> None:
        self.say("220 post office")
        while line := self.rfile.readline().decode().strip():
            self.server.heard.append(line)
            verb = line.split()[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                self.server.messages.append(self.read_message())
                self.say("250 2.0.0 Ok: queued as 4F2A", to="QUEUED")
            elif verb == "RCPT" and self.server.refuse:
                self.say(self.server.refuse)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 Ok", to=verb)

    def read_message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        return b"".join(lines)


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    """A server that answers, and the settings that lead to it."""
    with PostOffice() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        settings.EMAIL_BACKEND = "wardmote.outside.mail.SmtpBackend"
        settings.WARDMOTE_SMTP = f"smtp://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


def letter(**changes: str) -> EmailMessage:
    fields = {
        "subject": "A decision about your post",
        "body": "Dear Bob,\n.\nwe have decided.",
        "to": "bob@example.org",
    }
    fields |= changes
    return EmailMessage(subject=fields["subject"], body=fields["body"], to=[fields["to"]])


def test_the_servers_last_words_and_the_bytes_it_was_given_are_the_proof(post_office: PostOffice) -> None:
    """What the server said after taking the message is kept, with the hash of exactly what it took."""
    sent = mail.send(letter())
    (taken,) = post_office.messages

    assert sent.reply == "250 2.0.0 Ok: queued as 4F2A"
    assert sent.content_hash == hashlib.sha256(taken).hexdigest()
    assert sent.message_id.encode() in taken


def test_a_refusal_is_said_in_the_servers_own_words(post_office: PostOffice) -> None:
    """A server that refuses the recipient leaves nothing sent."""
    post_office.refuse = "550 5.1.1 nobody here by that name"

    with pytest.raises(mail.NotTaken, match=r"550, b'5\.1\.1 nobody here by that name'"):
        mail.send(letter())
    assert post_office.messages == []


@pytest.mark.parametrize(
    ("answer", "for_good"),
    [("550 5.1.1 nobody here", True), ("452 4.2.2 the mailbox is full", False), ("451 4.7.1 later", False)],
)
def test_only_what_can_never_arrive_is_given_up_at_once(post_office: PostOffice, answer: str, for_good: bool) -> None:
    """A recipient refused for good is told from one that may be tried again."""
    post_office.refuse = answer

    with pytest.raises(mail.NotTaken) as told:
        mail.send(letter())
    assert isinstance(told.value, mail.Refused) is for_good


@pytest.mark.parametrize("after", ["", "EHLO", "QUEUED"])
def test_a_server_that_answers_drop_by_drop_is_left_in_time(
    post_office: PostOffice, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    """A byte now and then never runs into the time of one wait; the whole of a sending has a time too."""
    monkeypatch.setattr(mail, "TOTAL_SECONDS", 0.6)
    post_office.drips_after = after
    began = time.monotonic()

    with pytest.raises(mail.NotTaken, match=r"in time|timed out"):
        mail.send(letter())
    assert time.monotonic() - began < 8


def test_a_server_that_is_not_there_is_said_so(post_office: PostOffice) -> None:
    """A connection that cannot be made is an error to try again after, not a crash of another kind."""
    post_office.shutdown()
    post_office.server_close()

    with pytest.raises(mail.NotTaken, match="ConnectionRefusedError"):
        mail.send(letter())


def test_a_password_is_not_sent_in_the_clear(post_office: PostOffice, settings: Settings) -> None:
    """Without TLS on offer nothing of the login leaves."""
    settings.WARDMOTE_SMTP = settings.WARDMOTE_SMTP.replace("//", "//alice:secret@")

    with pytest.raises(mail.NotTaken, match="no TLS"):
        mail.send(letter())
    assert not [line for line in post_office.heard if line.startswith("AUTH")]


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "A decision\r\nBcc: carol@example.org"},
        {"to": "bob@example.org\nBcc: carol@example.org"},
        {"subject": "A decision\0"},
    ],
)
def test_a_line_break_in_a_header_is_refused(post_office: PostOffice, changes: dict[str, str]) -> None:
    """Nobody can add a header or a recipient through a subject or an address."""
    with pytest.raises(Invalid, match="line break"):
        mail.send(letter(**changes))
    assert post_office.messages == []


def test_a_line_break_in_a_header_of_ones_own_is_refused(post_office: PostOffice) -> None:
    """Extra headers are looked at like the subject."""
    message = letter()
    message.extra_headers["X-About"] = "post\nBcc: carol@example.org"

    with pytest.raises(Invalid, match="line break"):
        mail.send(message)


def test_a_message_to_nobody_is_not_sent(post_office: PostOffice) -> None:
    """A letter without a recipient is an error, never a silent success."""
    with pytest.raises(mail.NotTaken, match="no recipient"):
        mail.send(EmailMessage(subject="To nobody", body="Dear all"))


def test_another_backend_is_named_in_the_reply(mailoutbox: list[EmailMessage]) -> None:
    """Where there is no server to speak, the reply says which backend took the message."""
    sent = mail.send(letter())
    (taken,) = mailoutbox

    assert sent.reply == "taken by django.core.mail.backends.locmem"
    assert sent.content_hash == hashlib.sha256(taken.message().as_bytes()).hexdigest()
    assert taken.extra_headers["Message-ID"] == sent.message_id
