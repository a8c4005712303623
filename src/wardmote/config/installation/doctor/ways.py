"""The ways in and out: names, mail, the port."""

import re
import smtplib
import socket
import threading
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from wardmote.communities.queries import communities
from wardmote.config import home
from wardmote.config.installation.doctor.finding import Finding, fault, ok, warning
from wardmote.config.processes import run
from wardmote.edges.cli.failure import CannotStart
from wardmote.kernel import clock
from wardmote.kernel.errors import Invalid
from wardmote.moderation.queries import opinion_use
from wardmote.outside import chat
from wardmote.outside.guard import FetchError, Forbidden
from wardmote.outside.mail import NotTaken, SmtpBackend, send

_PATIENCE = 5.0
_MAIL_SECONDS = 20
"""For a mail server to say who it is, in all."""
_AT = re.compile(r"http://\[?(?P<address>[^\]]+?)\]?:(?P<port>\d+) ")


def is_public(name: str) -> bool:
    """Whether the world is meant to reach this name: neither an address nor one of the machine's own."""
    try:
        ip_address(name)
    except ValueError:
        return bool(name) and name != "localhost" and not name.endswith(".localhost")
    return False


def public_names() -> list[str]:
    """Every name under which this installation is to be found."""
    names = [*settings.WARDMOTE_HOST_DOMAINS, *(community.domain for community in communities())]
    return sorted(set(filter(is_public, names)))


def names() -> Iterator[Finding]:
    """Each name leads somewhere. Whether to this machine, nobody can tell from within: a proxy may be in front."""
    public = public_names()
    if not public:
        yield ok("dns", "every name here is this machine's own")
    for name in public:
        addresses = _addresses(name)
        if addresses is None:
            yield warning(
                "dns", f"no answer about {name} within {_PATIENCE:g} s", "see that a name server can be reached"
            )
        elif addresses:
            yield ok("dns", f"{name} is at {', '.join(addresses[:4])}")
        else:
            yield fault("dns", f"{name} has no address", "make an A or AAAA record for it where its domain is kept")


def _addresses(name: str) -> list[str] | None:
    found: list[list[str]] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)
        except OSError:
            rows = []
        found.append(sorted({str(row[4][0]) for row in rows}))

    # The resolver has no timeout of its own.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(_PATIENCE)
    return found[0] if found else None


def second_opinion() -> Iterator[Finding]:
    """Whom a second opinion is asked of, and what that may cost. Nothing is asked: that would cost something."""
    asked = chat.endpoint()
    if asked is None:
        yield ok("chat", "nobody is asked for a second opinion")
        return
    try:
        asked.aim()
    except Forbidden as error:
        yield fault("chat", str(error), "set WARDMOTE_LLM_PRIVATE=yes if it is meant to be there")
        return
    except FetchError as error:
        yield fault("chat", str(error), "see WARDMOTE_LLM_URL")
        return
    calls, tokens = opinion_use(community_id=None, day=clock.now().date())
    with_key = "with a key" if asked.key else "without a key"
    spent = f"today {calls:,} of {asked.day.calls:,} calls and {tokens:,} of {asked.day.tokens:,} tokens"
    yield ok("chat", f"posts that screening is unsure of go to {asked.model} at {asked.host}, {with_key}; {spent}")


def mail(send_to: str) -> Iterator[Finding]:
    """The transport takes a connection, TLS and the login; a message only where there is somebody to send it to."""
    transport = get_connection()
    if not isinstance(transport, SmtpBackend):
        yield warning(
            "mail",
            "mail is printed, not sent: nobody else can sign up or is told anything",
            "set WARDMOTE_MAIL to smtp://user:password@host:port",
        )
        return
    sender = settings.DEFAULT_FROM_EMAIL
    transport.timeout = _MAIL_SECONDS
    where = f"{transport.host}:{transport.port}"
    try:
        transport.open()
        transport.close()
        if send_to:
            message = EmailMessage(
                "Wardmote can send mail", "This was asked for by: wardmote doctor\n", sender, [send_to]
            )
            sent = send(message)
            yield ok("mail", f"a message to {send_to} was taken: {sent.reply}")
        else:
            yield ok("mail", f"{where} is there and takes us as it should; nothing was sent")
    except (OSError, smtplib.SMTPException, NotTaken, Invalid) as error:
        yield fault("mail", f"{where}: {error}", "see host, port, user and password in WARDMOTE_MAIL")
    if not is_public(sender.rpartition("@")[2].rstrip(">")):
        yield warning("mail", f"mail comes from {sender}, which others refuse", "set WARDMOTE_MAIL_FROM")


def port() -> Iterator[Finding]:
    """A running installation answers; one that is not running finds its port free."""
    holder = home.holder(Path(settings.WARDMOTE_HOME))
    if at := _AT.search(holder):
        if run.answers(at["address"], int(at["port"])):
            yield ok("port", f"{holder} answers")
        else:
            yield fault("port", f"{holder} does not answer", "look at what it printed, and start it again")
        return
    number = int(settings.WARDMOTE_PORT)
    try:
        with run.reserved("127.0.0.1", number):
            yield ok("port", f"Wardmote is not running; port {number} is free")
    except CannotStart as error:
        yield fault("port", str(error), "or set WARDMOTE_PORT")
