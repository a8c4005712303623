"""Mail out: one message at a time, with the transport's own words kept as the proof that it was taken."""

import hashlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any, cast
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import make_msgid
from django.core.mail.utils import DNS_NAME

from wardmote.kernel.errors import Invalid
from wardmote.kernel.hosts import ascii_address, ascii_host
from wardmote.outside.within import Bounded, Deadline, addresses, connect, within

PATIENCE_SECONDS = 15.0
"""For each wait, until the message is handed over."""
TOTAL_SECONDS = 120.0
"""For the whole of one sending. Once the message is handed over, all that is left of it may pass before the server says
that it has it: who hangs up before that does not know, and sends it again."""
_BREAKS = frozenset("\r\n\0")


class NotTaken(Exception):
    """The transport did not take the message; `str()` has its own words."""


class Refused(NotTaken):
    """The transport will never take it: there is no such recipient, or it wants no such message."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was taken: its Message-ID, the SHA-256 of its bytes in hex, and what the transport answered."""

    message_id: str
    content_hash: str
    reply: str


def send(message: EmailMessage) -> Sent:
    """Send by the configured backend, now, outside any transaction.

    Raises Invalid for a line break in a header or an address, Refused where it makes no sense to try again, NotTaken
    when the transport refuses for now, does not answer in time, or is not there.
    """
    _refuse_line_breaks(message)
    _name_hosts(message)
    message_id = message.extra_headers.setdefault("Message-ID", make_msgid())
    message.extra_headers.setdefault("Date", formatdate())
    connection = get_connection()
    try:
        taken = connection.send_messages([message])
    except (OSError, smtplib.SMTPException) as error:
        kind = Refused if _is_for_good(error) else NotTaken
        raise kind(f"{type(error).__name__}: {error}") from error
    except ValueError as error:
        # An address that no mail can be sent to: the library says so before any server could.
        raise Refused(f"{type(error).__name__}: {error}") from error
    if taken != 1:
        raise NotTaken("the message has no recipient")
    if isinstance(connection, SmtpBackend):
        return Sent(message_id, hashlib.sha256(connection.content).hexdigest(), connection.reply)
    digest = hashlib.sha256(message.message().as_bytes()).hexdigest()
    return Sent(message_id, digest, f"taken by {type(connection).__module__}")


def _is_for_good(error: Exception) -> bool:
    """A 5xx about the recipient or the message. One about us (the sender, the login) is ours to mend, and waits."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def _refuse_line_breaks(message: EmailMessage) -> None:
    texts = [message.subject, message.from_email, *message.recipients(), *message.reply_to]
    texts += [text for pair in message.extra_headers.items() for text in pair]
    for text in texts:
        if _BREAKS.intersection(str(text)):
            raise Invalid("A header or an address of a message cannot hold a line break.", field="message")


def _name_hosts(message: EmailMessage) -> None:
    """Domains in ASCII before Django writes them by an older standard, in which ß is ss: another's mailbox."""
    message.from_email = ascii_address(message.from_email)
    for receivers in (message.to, message.cc, message.bcc, message.reply_to):
        receivers[:] = [ascii_address(str(address)) for address in receivers]


class _Mailing(Bounded):
    """A connection to a mail server, all of which has one deadline."""

    def close(self) -> None:
        self.raw.close()


class _Tls:
    """Stands for an SSL context in `smtplib`'s STARTTLS: the handshake, and all after it, under the same deadline."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context

    def wrap_socket(self, plain: _Mailing, *, server_hostname: str) -> _Mailing:
        plain.wait()
        secure = self._context.wrap_socket(plain.raw, server_hostname=server_hostname)
        return _Mailing(secure, plain.deadline, plain.patience)


class _KeepsReply(smtplib.SMTP):
    """Remembers what was sent and what the server said to it; smtplib itself throws the last reply away."""

    content = b""
    reply = ""

    def _get_socket(self, host: str, port: int, timeout: float) -> _Mailing:
        deadline = Deadline(timeout)
        found = addresses(host, port, deadline=deadline, at_most=PATIENCE_SECONDS)
        plain = _Mailing(connect(found, port, deadline=deadline, at_most=PATIENCE_SECONDS), deadline, PATIENCE_SECONDS)
        if not isinstance(self, smtplib.SMTP_SSL):
            return plain
        try:
            return _Tls(cast("Any", self).context).wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def data(self, msg: Any) -> tuple[int, bytes]:
        raw = msg.encode("ascii") if isinstance(msg, str) else bytes(msg)
        # As the server gets it: with an end to the last line, which smtplib adds on the wire.
        self.content = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
        if isinstance(self.sock, _Mailing):
            self.sock.patience = TOTAL_SECONDS
        code, words = super().data(msg)
        self.reply = f"{code} {words.decode('utf-8', 'replace')}"
        return code, words


class _KeepsReplyOverTls(_KeepsReply, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's SMTP backend set from `WARDMOTE_MAIL`, which after a sending knows the server's reply.

    `smtp://` takes TLS where the server offers it and sends no password without; `smtps://` is TLS from the start.
    """

    content = b""
    reply = ""

    def __init__(self, *, fail_silently: bool = False) -> None:
        parts = urlsplit(settings.WARDMOTE_SMTP)
        tls = parts.scheme == "smtps"
        super().__init__(
            host=ascii_host(parts.hostname or "localhost"),
            port=parts.port or (465 if tls else 25),
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            use_ssl=tls,
            use_tls=False,
            fail_silently=fail_silently,
        )
        # Django's stubs and smtplib know whole seconds and one wait; here it is for all of one connection.
        self.timeout = TOTAL_SECONDS

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _KeepsReplyOverTls if self.use_ssl else _KeepsReply

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Whoever sends, a login's confirmation included, means the domain as browsers do."""
        for message in email_messages:
            _name_hosts(message)
        return super().send_messages(email_messages) or 0

    def open(self) -> bool | None:
        """Connect, take TLS where it is offered, and only then log in."""
        if self.connection:
            return False
        username, self.username = self.username, ""
        _learn_own_name()
        try:
            opened = super().open()
            if opened and isinstance(self.connection, smtplib.SMTP):
                self._log_in(self.connection, username)
        except BaseException:
            self.close()
            raise
        finally:
            self.username = username
        return opened

    def _log_in(self, server: smtplib.SMTP, username: str) -> None:
        server.ehlo_or_helo_if_needed()
        secure = self.use_ssl
        if not secure and server.has_extn("starttls"):
            server.starttls(context=cast("ssl.SSLContext", _Tls(self.ssl_context)))
            secure = True
        if username:
            if not secure:
                raise NotTaken("the mail server offers no TLS, and a password is not sent without")
            server.login(username, self.password)

    def close(self) -> None:
        """Keep what the connection learned, then let it go."""
        if isinstance(self.connection, _KeepsReply):
            self.content, self.reply = self.connection.content, self.connection.reply
        super().close()


def _learn_own_name() -> None:
    """The name that we greet with is looked up once, by a resolver that has no timeout of its own."""
    try:
        within(PATIENCE_SECONDS, DNS_NAME.get_fqdn)
    except TimeoutError:
        DNS_NAME._fqdn = "localhost"  # noqa: SLF001 - where Django keeps it
