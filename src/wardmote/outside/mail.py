"""Mail out: one message at a time, with the transport's own words kept as the proof that it was taken."""

import hashlib
import smtplib
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import make_msgid

from wardmote.kernel.errors import Invalid
from wardmote.kernel.hosts import ascii_address, ascii_host

TIMEOUT_SECONDS = 15.0
_BREAKS = frozenset("\r\n\0")


class NotTaken(Exception):
    """The transport did not take the message; `str()` has its own words."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was taken: its Message-ID, the SHA-256 of its bytes in hex, and what the transport answered."""

    message_id: str
    content_hash: str
    reply: str


def send(message: EmailMessage) -> Sent:
    """Send by the configured backend, now, outside any transaction.

    Raises Invalid for a line break in a header or an address, NotTaken when the transport refuses or is not there.
    """
    _refuse_line_breaks(message)
    _name_hosts(message)
    message_id = message.extra_headers.setdefault("Message-ID", make_msgid())
    message.extra_headers.setdefault("Date", formatdate())
    connection = get_connection()
    try:
        taken = connection.send_messages([message])
    except (OSError, smtplib.SMTPException) as error:
        raise NotTaken(f"{type(error).__name__}: {error}") from error
    if taken != 1:
        raise NotTaken("the message has no recipient")
    if isinstance(connection, SmtpBackend):
        return Sent(message_id, hashlib.sha256(connection.content).hexdigest(), connection.reply)
    digest = hashlib.sha256(message.message().as_bytes()).hexdigest()
    return Sent(message_id, digest, f"taken by {type(connection).__module__}")


def _refuse_line_breaks(message: EmailMessage) -> None:
    texts = [message.subject, message.from_email, *message.recipients(), *message.reply_to]
    texts += [text for pair in message.extra_headers.items() for text in pair]
    for text in texts:
        if _BREAKS.intersection(str(text)):
            raise Invalid("A header or an address of a message cannot hold a line break.", field="message")


def _name_hosts(message: EmailMessage) -> None:
    """Domains in ASCII before Django writes them by an older standard, in which ß is ss: another's mailbox."""
    message.from_email = ascii_address(message.from_email)
    for addresses in (message.to, message.cc, message.bcc, message.reply_to):
        addresses[:] = [ascii_address(str(address)) for address in addresses]


class _KeepsReply(smtplib.SMTP):
    """Remembers what was sent and what the server said to it; smtplib itself throws the last reply away."""

    content = b""
    reply = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        raw = msg.encode("ascii") if isinstance(msg, str) else bytes(msg)
        # As the server gets it: with an end to the last line, which smtplib adds on the wire.
        self.content = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
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
            timeout=TIMEOUT_SECONDS,
        )

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
            server.starttls(context=self.ssl_context)
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
