"""A host has one name, in the form that browsers send: IDNA 2008 by UTS 46, non-transitional."""

import socket

import pytest
from django.core import mail as outbox
from django.core.mail import EmailMessage
from pytest_django import Settings
from tests.scenario import CLAUSES, Town

from wardmote.communities.queries import community_by_domain
from wardmote.config.environment import BadConfiguration, env_hosts, env_origins
from wardmote.config.installation.init import host_name
from wardmote.edges.cli.failure import CannotStart
from wardmote.edges.moderation_api.origins import Origins
from wardmote.edges.moderation_api.wire import Head
from wardmote.journeys.operator.found_community import found_community
from wardmote.journeys.platforms.import_reports import ForeignReport, import_reports
from wardmote.kernel.errors import Invalid
from wardmote.kernel.hosts import ascii_host, own_host, same_host, shown_host
from wardmote.moderation.policy import ReportReason
from wardmote.outside import mail
from wardmote.outside.guard import aim
from wardmote.record.models import Disclosure
from wardmote.upstream.policy import own_post

STREET = "xn--strae-oqa.example"
NAMES = [
    ("straße.example", STREET),
    ("STRAẞE.example.", STREET),
    ("σας.example", "xn--mxa8ab.example"),
    ("Bücher。example", "xn--bcher-kva.example"),
    ("ＥＸＡＭＰＬＥ．org", "example.org"),
    ("faß.de", "xn--fa-hia.de"),
    ("日本語.jp", "xn--wgv71a119e.jp"),
    ("strasse.example", "strasse.example"),
    ("my_site.example", "my_site.example"),
    ("[::1]", "[::1]"),
]


@pytest.mark.parametrize(("name", "plain"), NAMES)
def test_a_name_has_one_form(name: str, plain: str) -> None:
    """Sharp s and final sigma are letters of their own; width, case and the ideographic stop are not."""
    assert ascii_host(name) == plain
    assert same_host(name, plain)
    assert not same_host(name, "other.example")


@pytest.mark.parametrize(
    "name", ["", "a b.example", "-a.example", "a..b", "ß" * 300, "a\u202eb.example", "xn--.example"]
)
def test_what_is_no_name_is_refused_in_a_sentence(name: str) -> None:
    """No name at all: said once, with the name."""
    with pytest.raises(Invalid, match=r"^“.*” (is not the name of a host|mixes scripts).*\.$"):
        own_host(name)


@pytest.mark.parametrize("name", ["pаypal.example", "xn--pypal-4ve.example", "gοοgle.example"])
def test_mixed_scripts_are_refused_and_not_shown(name: str) -> None:
    """A Latin name with a Cyrillic or Greek letter cannot be this installation's, nor be shown as if it were Latin."""
    with pytest.raises(Invalid, match="mixes scripts"):
        own_host(name)
    with pytest.raises(CannotStart, match="mixes scripts"):
        host_name(name)
    assert shown_host(ascii_host(name)).isascii()


def test_a_stored_name_is_shown_as_it_is_written() -> None:
    """People read words; Japanese writes three scripts together."""
    assert shown_host(STREET) == "straße.example"
    assert shown_host(ascii_host("東京タワーです.jp")) == "東京タワーです.jp"
    assert shown_host("example.org") == "example.org"


def test_founding_takes_the_name_that_browsers_send(town: Town) -> None:
    """A community of `straße.example` answers there and not at `strasse.example`; the record has the same name."""
    found_community(
        slug="street",
        title="Street",
        tagline="",
        domain="straße.example",
        owner_id=town.people["alice"],
        policy_title="Rules",
        clauses=CLAUSES,
        now=town.now,
    )
    founded = Disclosure.objects.filter(name="domain").order_by("pk").last()

    assert host_name("straße.example") == STREET
    assert community_by_domain(STREET) is not None
    assert community_by_domain("strasse.example") is None
    assert founded is not None
    assert bytes(founded.content or b"") == f'"{STREET}"'.encode()


def test_the_guarded_fetch_asks_the_right_host(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reported address with ß leads to the host that a browser would ask."""
    settings.WARDMOTE_FETCH_HOSTS = frozenset({STREET})
    asked: list[str] = []

    def resolve(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    assert aim("http://straße.example/post").authority == STREET
    assert asked == [STREET]


def test_mail_goes_to_the_domain_that_was_written() -> None:
    """The domain of an address is no other's because a letter was folded."""
    message = EmailMessage(
        "Hello", "Words", "wardmote@straße.example", ["Bob <bob@straße.example>", "erin@example.org"]
    )
    mail.send(message)
    (sent,) = outbox.outbox

    assert sent.to == [f"Bob <bob@{STREET}>", "erin@example.org"]
    assert sent.from_email == f"wardmote@{STREET}"
    assert f"bob@{STREET}".encode() in sent.message().as_bytes()


def test_settings_name_hosts_in_the_same_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting may be written as people write; what is no name is refused with the setting's."""
    monkeypatch.setenv("WARDMOTE_HOST_DOMAINS", "127.0.0.1, Straße.example,[::1]")
    monkeypatch.setenv("WARDMOTE_API_ORIGINS", "https://straße.example:8443")

    assert env_hosts("WARDMOTE_HOST_DOMAINS") == ["127.0.0.1", STREET, "[::1]"]
    head = Head("GET", "/", headers={"origin": f"https://{STREET}:8443"})
    assert "access-control-allow-origin" in Origins(env_origins("WARDMOTE_API_ORIGINS")).headers(head)
    monkeypatch.setenv("WARDMOTE_HOST_DOMAINS", "a b")
    with pytest.raises(BadConfiguration, match="WARDMOTE_HOST_DOMAINS: “a b” is not"):
        env_hosts("WARDMOTE_HOST_DOMAINS")


def test_an_address_of_ours_is_known_in_either_spelling(town: Town) -> None:
    """The host's letters and another network's reports name posts by addresses; a broken one harms itself alone."""
    assert own_post("http://straße.example/@bob/7", STREET) == 7
    assert own_post(f"http://{STREET.upper()}/@bob/7", STREET) == 7
    assert own_post("http://strasse.example/@bob/7", STREET) is None
    reports = [ForeignReport("http://[oops/1", "zed", ReportReason.THREAT, town.now)]
    (outcome,) = import_reports(community_id=town.plaza, source="old", reports=reports, now=town.now)

    assert outcome.fate == "rejected"
