from collections.abc import Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.scenario import PLAIN, QUEUED, Town
from tests.web.conftest import PLAZA, Browser, said

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action, CommunityState
from wardmote.edges.moderation_api.mount import PREFIXES
from wardmote.kernel.urn import Urn

WHY = "Clause 2.1 No threats: one post still stands."
DECISION = Urn("upstream_notice", 1)


@pytest.fixture
def suspended(town: Town) -> None:
    communities.set_state(
        community_id=town.plaza,
        state=CommunityState.SUSPENDED,
        reason=WHY,
        appeal_path="/owner/",
        decision=DECISION,
        now=town.pass_time(seconds=1),
    )


def test_a_visitor_reads_what_why_since_when_and_how_to_appeal(town: Town, suspended: None, browser: Browser) -> None:
    """451, and `blocked-by` names the host; nothing that members wrote is shown."""
    answer = browser().get("/", HTTP_HOST=PLAZA)
    words = said(answer.content.decode())

    assert answer.status_code == 451
    assert 'rel="blocked-by"' in answer.headers["Link"]
    assert "The Plaza is suspended" in words
    assert WHY in words
    assert "22 November 2026, 12:00 UTC" in words
    assert "/accounts/login/?next=/owner/" in answer.content.decode()


def test_behind_the_lock_a_removed_post_is_404_and_a_standing_one_451(town: Town, browser: Browser) -> None:
    """The host's re-check can tell a removal from a lock."""
    stays, goes, judged = (town.post("bob", text) for text in (PLAIN, "Another thing.", QUEUED))
    browser("bob").post(f"{goes.path}/delete")
    town.decide("dave", Action.REMOVE)
    communities.set_state(
        community_id=town.plaza, state=CommunityState.SUSPENDED, reason=WHY, decision=DECISION, now=town.now
    )

    assert browser().get(stays.path).status_code == 451
    assert browser().get(goes.path).status_code == 404
    assert browser().get(judged.path).status_code == 404


def test_members_read_on_and_a_newcomer_stays_out(town: Town, suspended: None, browser: Browser) -> None:
    """Bob reads everything and is told why he cannot write; Grace, who never joined, is a visitor."""
    bob = browser("bob")

    assert bob.get("/").status_code == 200
    assert WHY in said(bob.get("/notices").content.decode())
    assert bob.post("/post", {"text": PLAIN}).status_code == 403
    assert browser("grace").get("/join").status_code == 451
    assert browser().get("/accounts/login/").status_code == 200


def test_the_owner_and_moderators_find_the_way_back(town: Town, suspended: None, browser: Browser) -> None:
    """Answering the host and deciding what it asks about are never shut out."""
    assert browser("alice").get("/owner/").status_code == 200
    assert browser("dave").get("/console/").status_code == 200


MACHINES = {
    "exchange/community/<slug:kind>": "/exchange/community/notice",
    "exchange/host/<slug:kind>": "/exchange/host/receipt",
    "record/checkpoint": "/record/checkpoint",
}
"""Every address of ours that answers a machine and no person, and one that it stands for."""


def addresses(under: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in (under or get_resolver()).url_patterns:
        where = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, where)
        else:
            yield where, pattern


def test_every_address_of_a_machine_is_listed() -> None:
    """What takes a POST without a form's token speaks to machines: a new one is to be listed here, and left open."""
    exempt = {where for where, pattern in addresses() if getattr(pattern.callback, "csrf_exempt", False)}

    assert exempt
    assert exempt <= MACHINES.keys() <= {where for where, _ in addresses()}


@pytest.mark.parametrize("where", MACHINES)
def test_a_machine_hears_its_answer_behind_the_lock(
    town: Town, suspended: None, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """What it was going to be told, it is told: never a page about the suspension."""
    monkeypatch.setattr(dict(addresses())[where], "callback", lambda *_, **__: HttpResponse("taken"))

    assert Client(headers={"host": PLAZA}).get(MACHINES[where]).content == b"taken"
    assert Client(headers={"host": PLAZA}).get("/local").status_code == 451


@pytest.mark.parametrize("path", PREFIXES)
def test_the_moderation_api_is_as_absent_behind_the_lock_as_ever(town: Town, suspended: None, path: str) -> None:
    """It is on the host's own domain alone: 404 on the community's, locked or not."""
    assert Client(headers={"host": PLAZA}).post(path, "{}", content_type="application/json").status_code == 404


def test_a_style_sheet_is_no_page(town: Town, suspended: None) -> None:
    """The page about the suspension is drawn with it."""
    answer = Client(headers={"host": PLAZA}).get("/static/ui/wardmote.css")
    answer.close()

    assert answer.status_code == 200
