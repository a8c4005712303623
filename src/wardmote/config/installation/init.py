"""`wardmote init`: a home folder, keys, tables, the first account and the first community, and a settings file."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wardmote.communities.policy import ClauseDraft
from wardmote.config import boot, home
from wardmote.config.environment import SETTINGS_FILE, parse_settings
from wardmote.config.renamed import read_former_names
from wardmote.edges.cli.failure import CannotStart
from wardmote.kernel import clock
from wardmote.kernel.errors import Invalid
from wardmote.kernel.hosts import ascii_host, own_host, shown_host

_HOST_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_KEPT = ("DATABASE_URL", "WARDMOTE_PORT")
"""What the environment says of these at the founding goes into the settings file."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the founder asks for. Empty: `host_domain` is `host.` before the domain, `handle` is the address's,
    `mail` is the environment's or the console."""

    domain: str
    owner_email: str
    password: str
    title: str = ""
    host_domain: str = ""
    handle: str = ""
    mail: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What there is now."""

    home: Path
    domain: str
    host_domain: str
    handle: str
    port: int
    origin: str
    mails: bool


def check_free() -> Path:
    """The home folder, absolute; raises CannotStart where there is an installation already. Changes nothing."""
    folder = Path(os.environ.get("WARDMOTE_HOME") or "var").absolute()
    if (folder / SETTINGS_FILE).exists():
        raise CannotStart(f"{folder} holds an installation already; nothing was changed")
    return folder


def make(wish: Wish) -> Made:
    """Make the installation; raises CannotStart or Invalid, where something is wrong with the wish before
    there is a table."""
    folder = check_free()
    # Before the founder's wishes: they go before the environment, whatever it calls a setting.
    read_former_names()
    domain = host_name(wish.domain)
    host_domain = host_name(wish.host_domain or f"host.{domain}")
    if host_domain == domain:
        raise CannotStart(f"{domain} is the community's; choose another name for the host's pages with --host-domain")
    mail = wish.mail or os.environ.get("WARDMOTE_MAIL") or "console"
    lines = _settings(domain, host_domain, mail)
    for name, value in parse_settings(lines, folder / SETTINGS_FILE).items():
        os.environ[name] = value
    home.check_home(folder)
    with home.held(folder, by="wardmote init"), _own_files_alone():
        boot.setup()
        handle = _check_founder(wish)
        _found(wish, domain, handle)
        _write(folder / SETTINGS_FILE, lines)
    from django.conf import settings

    from wardmote.outside.origin import origin_of

    return Made(folder, domain, host_domain, handle, int(settings.WARDMOTE_PORT), origin_of(domain), mail != "console")


def host_name(text: str) -> str:
    """A host name as browsers send it; raises CannotStart for what is none, such as a URL or an address with a port."""
    try:
        name = ascii_host(text)
    except Invalid:
        name = ""
    if not _HOST_NAME.fullmatch(name):
        raise CannotStart(f"{text!r} is not a domain such as example.org")
    try:
        return own_host(name)
    except Invalid as error:
        raise CannotStart(str(error)) from error


def title_for(domain: str) -> str:
    """What a community at this domain is called until somebody names it: `the-plaza.example.org` is The Plaza."""
    first = shown_host(host_name(domain)).partition(".")[0]
    return " ".join(word.capitalize() for word in first.split("-") if word) or domain


def check_name(name: str) -> None:
    """Refuse a community's short name that cannot be in an address; empty is none."""
    if name and not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", name):
        raise CannotStart(f"{name!r} is no short name: small letters, digits and dashes")


def check_address(address: str) -> None:
    """Refuse what is no e-mail address."""
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    try:
        validate_email(address)
    except ValidationError as error:
        raise CannotStart(" ".join(error.messages)) from error


def first_rules() -> tuple[str, tuple[ClauseDraft, ...]]:
    """The title and the clauses that a community begins with."""
    from wardmote.config.demo import rules

    return rules.TITLE, rules.CLAUSES


def _settings(domain: str, host_domain: str, mail: str) -> str:
    values = {
        "WARDMOTE_HOST_DOMAINS": f"127.0.0.1,localhost,{host_domain}",
        "WARDMOTE_LOG_ORIGIN": f"{domain}/record",
        # A browser takes a name below localhost for safe, and there no proxy is in front.
        "WARDMOTE_HTTPS": "no" if domain.endswith(".localhost") else "yes",
        "WARDMOTE_MAIL": mail,
        "WARDMOTE_MAIL_FROM": f"wardmote@{domain}",
    } | {name: os.environ[name] for name in _KEPT if os.environ.get(name)}
    head = "# The settings of this Wardmote; the environment goes before it. All: docs/reference/settings.md\n"
    return head + "".join(f"{name}={value}\n" for name, value in values.items())


def _check_founder(wish: Wish) -> str:
    """Everything that can be wrong about the person, before there is a table; gives the handle."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.core.validators import validate_email

    from wardmote.kernel.handles import clean_handle, handle_like
    from wardmote.people.models import Person

    try:
        validate_email(wish.owner_email)
        validate_password(wish.password, Person(email=wish.owner_email))
    except ValidationError as error:
        raise CannotStart(" ".join(error.messages)) from error
    return clean_handle(wish.handle or handle_like(wish.owner_email.partition("@")[0]))


def _found(wish: Wish, domain: str, handle: str) -> None:
    from wardmote.communities.queries import communities, current_policy
    from wardmote.config import database
    from wardmote.config.demo import rules
    from wardmote.journeys.members import join
    from wardmote.journeys.operator import create_login, found_community
    from wardmote.people.queries import person_by_email
    from wardmote.record.engine import sequence, signer

    database.migrate()
    if communities():
        raise CannotStart("the database holds an installation already; nothing was changed")
    signer()
    # One that broke off half way left the login; its password stays the first one.
    person_id = person_by_email(email=wish.owner_email) or create_login.create_login(
        email=wish.owner_email, password=wish.password, is_host_staff=True, now=clock.now()
    )
    community_id = found_community.found_community(
        slug=re.sub(r"[^a-z0-9-]", "-", domain.partition(".")[0])[:40],
        title=wish.title or title_for(domain),
        tagline="",
        domain=domain,
        owner_id=person_id,
        policy_title=rules.TITLE,
        clauses=rules.CLAUSES,
        now=clock.now(),
    )
    policy = current_policy(community_id=community_id)
    join.join(
        community_id=community_id,
        person_id=person_id,
        handle=handle,
        policy_hash=policy.hash if policy else "",
        now=clock.now(),
    )
    # So that the first backup has a checkpoint to be held against.
    sequence(clock.now())


@contextmanager
def _own_files_alone() -> Iterator[None]:
    """What is written meanwhile, the database above all, is its owner's alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
