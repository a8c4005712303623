import json
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from tests.console.conftest import Browser
from tests.known import ILLEGAL, LISTED, NEARLY, bring_in
from tests.moderation_api.conftest import Ask
from tests.moderation_api.test_events import tell, told
from tests.scenario import HELD, PLAIN, Town
from tests.web.conftest import said

from wardmote.communities.policy import Action
from wardmote.journeys.owners.keys import issue_key
from wardmote.journeys.steps.screening import Locked
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, Item, OutsidePost, QuarantinedCase, Screening, Suggestion, WebhookDelivery
from wardmote.moderation.policy import Purpose
from wardmote.network.models import Post, PostVersion
from wardmote.people.policy import Scope
from wardmote.record import queries as record
from wardmote.record.models import Disclosure

WORD = "third lantern"
"""Words of the illegal text alone."""
FOUND = {"outcome": "confirmed", "note": "Told the police on Monday, number 12."}
WRONG = {"outcome": "mistaken", "note": "It is a line of a song."}


def _write(client: Client, text: str) -> tuple[int, str]:
    answer = client.post("/post", {"text": text})
    return answer.status_code, answer.content.decode()


@pytest.fixture
def locked(town: Town, browser: Browser) -> QuarantinedCase:
    """Bob has tried to publish what is on the Plaza's list of what is illegal."""
    bring_in(town, ILLEGAL)
    _write(browser("bob"), ILLEGAL)
    return QuarantinedCase.objects.get()


def _everywhere_but_the_lane(word: str) -> list[str]:
    """Every table that holds `word` in any column, but the lane's own."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            rows = cursor.fetchall()
            if table != "moderation_lockedcase" and any(
                word in (bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell))
                for row in rows
                for cell in row
            ):
                found.append(table)
    return found


def test_an_illegal_post_is_never_published(town: Town, browser: Browser) -> None:
    """Bob is told that it cannot be; no post, item, screening or case is made, and nobody gets a letter."""
    bring_in(town, ILLEGAL)
    status, page = _write(browser("bob"), ILLEGAL)

    assert status == 403
    assert "This cannot be published here." in page
    assert not Post.objects.exists()
    assert [table.objects.count() for table in (Item, Screening, Case)] == [0, 0, 0]
    assert QuarantinedCase.objects.get().text == ILLEGAL
    assert mail.outbox == []


def test_the_text_stands_in_the_lane_and_nowhere_else(town: Town, locked: QuarantinedCase) -> None:
    """Not in any other table: not in the record, in a job, in a session, in a list."""
    assert _everywhere_but_the_lane(WORD) == []


def test_the_record_holds_the_fact_and_nothing_of_the_text(town: Town, locked: QuarantinedCase) -> None:
    """That a case was locked, by which list; neither text nor hash nor author."""
    (entry,) = record.history([locked.urn])
    facts = {row.name: bytes(row.content or b"") for row in Disclosure.objects.filter(entry_id=entry.id)}

    assert town.verbs()[-2:] == ["list.imported", "locked_case.opened"]
    assert str(entry.actor) == "urn:wardmote:system:1"
    assert facts == {"list": json.dumps(str(locked.known_list.urn)).encode()}


def test_what_is_nearly_listed_is_locked_too(town: Town, browser: Browser) -> None:
    """One word changed; the lane says that it is not the same words."""
    bring_in(town, ILLEGAL)
    _write(browser("bob"), NEARLY)
    case = QuarantinedCase.objects.get()

    assert 0.6 <= case.alike < 1
    assert "% alike" in browser("alice").get(f"/console/locked/{case.pk}").content.decode()


def test_the_owner_sees_the_case_and_its_text(town: Town, browser: Browser, locked: QuarantinedCase) -> None:
    """In the lane's own list without the text, on its page with it; no cache keeps either."""
    alice = browser("alice")
    listing, page = alice.get("/console/locked"), alice.get(f"/console/locked/{locked.pk}")

    assert WORD not in listing.content.decode()
    assert "@bob" in listing.content.decode()
    assert WORD in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["dave", "erin", "bob", "carol", "heidi"])
def test_to_everybody_else_there_is_no_lane(town: Town, browser: Browser, locked: QuarantinedCase, name: str) -> None:
    """To moderators, the author, members and the host's staff each of its addresses is 404, whether the case exists."""
    client = browser(name)
    asked = [
        client.get("/console/locked"),
        client.get(f"/console/locked/{locked.pk}"),
        client.get("/console/locked/1"),
        client.post(f"/console/locked/{locked.pk}/decide", {**FOUND, "seen": locked.content_hash}),
        client.post(f"/console/locked/{locked.pk}/erase"),
    ]
    locked.refresh_from_db()

    assert {answer.status_code for answer in asked} == {404}
    assert locked.state == "waiting"


def test_the_owners_queue_says_that_something_is_locked(town: Town, browser: Browser, locked: QuarantinedCase) -> None:
    """Until it is decided; a moderator's queue says nothing at any time."""
    before = [browser(name).get("/console/").content.decode() for name in ("alice", "dave")]
    browser("alice").post(f"/console/locked/{locked.pk}/decide", {**FOUND, "seen": locked.content_hash})
    after = browser("alice").get("/console/", follow=True).content.decode()

    assert ["in the locked lane" in page for page in (*before, after)] == [True, False, False]


def test_an_owner_does_not_see_anothers_lane(town: Town, browser: Browser, locked: QuarantinedCase) -> None:
    """Frank of the Harbour finds nothing under the Plaza's number."""
    frank = browser("frank", host="harbour.localhost")

    assert WORD not in frank.get("/console/locked").content.decode()
    assert frank.get(f"/console/locked/{locked.pk}").status_code == 404
    assert frank.post(f"/console/locked/{locked.pk}/decide", {**FOUND, "seen": locked.content_hash}).status_code == 404


def test_no_moderator_is_ever_given_a_locked_case(town: Town, browser: Browser, locked: QuarantinedCase) -> None:
    """Not in the queue, not by asking for the next, not by number, not among what is decided, not in the figures."""
    dave = browser("dave")
    pages = [dave.get(path).content.decode() for path in ("/console/", "/console/decided", "/console/figures")]
    drawn = dave.post("/console/next", follow=True)
    by_number = [
        dave.get(f"/console/cases/{locked.pk}"),
        dave.post(f"/console/cases/{locked.pk}/claim"),
        dave.post(f"/console/cases/{locked.pk}/decide", {"action": "none", "clause": "", "days": "", "reason": ""}),
    ]

    assert not any(WORD in page or "Locked" in page or "locked" in page for page in pages)
    assert WORD not in drawn.content.decode()
    assert [answer.status_code for answer in by_number] == [404, 404, 404]


@pytest.mark.parametrize(("name", "path"), [("bob", "/settings/export"), ("alice", "/owner/export")])
def test_no_export_carries_it(town: Town, browser: Browser, locked: QuarantinedCase, name: str, path: str) -> None:
    """Neither what its author takes along nor what the owner does."""
    taken = browser(name).get(path)

    assert taken.status_code == 200
    assert WORD not in taken.content.decode()
    assert "locked" not in taken.content.decode()


def test_its_author_finds_nothing_of_it_on_any_page(town: Town, browser: Browser, locked: QuarantinedCase) -> None:
    """Nor does anybody who reads along."""
    pages = [
        browser(name).get(path, follow=True).content.decode()
        for name in ("bob", "carol")
        for path in ("/", "/@bob", "/notices", "/reports")
    ]

    assert not any(WORD in page for page in pages)


def test_a_platform_hears_to_hold_it_and_no_more(town: Town, browser: Browser, ask: Ask, platform_key: str) -> None:
    """No case, no score, no message by webhook, nothing kept of the post; also once the owner has decided."""
    bring_in(town, ILLEGAL)
    (answer,) = tell(ask, platform_key, told(1, text=ILLEGAL))
    (again,) = tell(ask, platform_key, told(1, text=ILLEGAL))
    case = QuarantinedCase.objects.get()
    browser("alice").post(f"/console/locked/{case.pk}/decide", {**FOUND, "seen": case.content_hash})

    assert (answer["route"], answer["case"], answer["scores"]) == ("hold", None, {})
    assert again["again"]
    assert case.subject == "https://forum.example/p1"
    assert [table.objects.count() for table in (OutsidePost, Item, WebhookDelivery)] == [0, 0, 0]
    assert _everywhere_but_the_lane(WORD) == []


def test_what_a_platform_told_before_it_was_listed_is_emptied_when_it_is_reported(
    town: Town, browser: Browser, ask: Ask, platform_key: str
) -> None:
    """The post as it was told, and the case that waited: nothing of them is left but in the lane."""
    tell(ask, platform_key, told(1, text=f"{ILLEGAL} {HELD}"))
    bring_in(town, f"{ILLEGAL} {HELD}")
    (answer,) = tell(ask, platform_key, told(2, "report", text=f"{ILLEGAL} {HELD}", reporter="u1", reason="threat"))

    assert (answer["route"], answer["case"]) == ("hold", None)
    assert Case.objects.get().state == "decided"
    assert QuarantinedCase.objects.get().subject == "https://forum.example/p1"
    assert _everywhere_but_the_lane(WORD) == []


def test_no_suggestion_is_kept_of_it(town: Town, ask: Ask) -> None:
    """What clients suggest is there to be learnt from; other texts are kept as before."""
    key = issue_key(name="shop", scopes=[Scope.ANALYZE], community_id=town.plaza, now=town.now)
    bring_in(town, ILLEGAL)

    def suggest(text: str) -> int:
        scores = {"TOXICITY": {"summaryScore": {"value": 0.9}}}
        content = {"comment": {"text": text}, "attributeScores": scores}
        return ask("POST", "/v1alpha1/comments:suggestscore", content, key=key)[0]

    assert (suggest(ILLEGAL), suggest(PLAIN)) == (403, 200)
    assert [row.text for row in Suggestion.objects.all()] == [PLAIN]


def test_an_edit_into_something_illegal_changes_nothing(town: Town, browser: Browser) -> None:
    """The post stands as it was, and keeps no version of the other text; a profile too."""
    post = town.post("bob", PLAIN)
    bring_in(town, ILLEGAL)
    bob = browser("bob")
    edited = bob.post(f"{post.path}/edit", {"text": ILLEGAL})
    profile = bob.post("/settings", {"display_name": "Bob", "bio": ILLEGAL})

    assert (edited.status_code, profile.status_code) == (403, 403)
    assert Post.objects.get().text == PLAIN
    assert not PostVersion.objects.exists()
    assert _everywhere_but_the_lane(WORD) == []
    assert QuarantinedCase.objects.count() == 2


def test_the_same_again_is_one_case(town: Town, browser: Browser, locked: QuarantinedCase) -> None:
    """Counted; the record is not filled by somebody who tries for an hour."""
    verbs = town.verbs()
    _write(browser("bob"), ILLEGAL)
    _write(browser("bob"), ILLEGAL)
    locked.refresh_from_db()

    assert (QuarantinedCase.objects.count(), locked.times) == (1, 3)
    assert town.verbs() == verbs


def test_what_was_published_before_it_was_listed_goes_when_it_is_reported(town: Town, browser: Browser) -> None:
    """Out of everybody's sight, its author's and the moderators' too; the case that waited is closed and empty."""
    post = town.post("bob", ILLEGAL)
    town.report("carol", post.post_id)
    case = Case.objects.get()
    bring_in(town, ILLEGAL)
    answer = browser("alice").post(f"{post.path}/report", {"reason": "threat", "comment": ""})
    seen = [browser(name).get(post.path).status_code for name in ("bob", "carol", "dave", "alice")]
    page = browser("dave").get(f"/console/cases/{case.pk}")

    assert answer.status_code == 404
    assert "Nobody can see this any more." in answer.content.decode()
    assert set(seen) == {404}
    assert QuarantinedCase.objects.get().subject == str(Urn("post", post.post_id))
    assert (page.status_code, WORD in page.content.decode()) == (200, False)
    assert browser("dave").post("/console/next", follow=True).content.decode().count(WORD) == 0
    assert town.verbs()[-4:] == ["list.imported", "case.closed", "locked_case.opened", "post.withdrawn"]
    # What the author wrote stands with the record's entry of that time, as with every post.
    assert _everywhere_but_the_lane(WORD) == ["record_disclosure"]


def test_the_owner_confirms_and_later_erases(town: Town, browser: Browser, locked: QuarantinedCase) -> None:
    """The text stays for as long as the law asks; each step is on the record, and none twice."""
    alice = browser("alice")
    early = alice.post(f"/console/locked/{locked.pk}/erase")
    decided = alice.post(f"/console/locked/{locked.pk}/decide", {**FOUND, "seen": locked.content_hash})
    twice = alice.post(f"/console/locked/{locked.pk}/decide", {**FOUND, "seen": locked.content_hash})
    locked.refresh_from_db()
    kept = locked.text
    erased = alice.post(f"/console/locked/{locked.pk}/erase", follow=True)
    locked.refresh_from_db()

    assert [early.status_code, decided.status_code, twice.status_code] == [409, 302, 409]
    assert (locked.state, kept, locked.text) == ("confirmed", ILLEGAL, "")
    assert WORD not in erased.content.decode()
    assert town.verbs()[-2:] == ["locked_case.decided", "locked_case.erased"]
    assert [str(e.actor) for e in record.history([locked.urn])][1:] == [
        f"urn:wardmote:member:{town.members['alice']}"
    ] * 2
    assert _write(browser("bob"), ILLEGAL)[0] == 403


def test_a_mistake_is_erased_and_matched_no_more(town: Town, browser: Browser, locked: QuarantinedCase) -> None:
    """Bob can write it now; the lane keeps that there was something, and the note."""
    browser("alice").post(f"/console/locked/{locked.pk}/decide", {**WRONG, "seen": locked.content_hash})
    locked.refresh_from_db()
    written = _write(browser("bob"), ILLEGAL)

    assert (locked.state, locked.text, locked.note) == ("mistaken", "", WRONG["note"])
    assert written[0] == 302
    assert Post.objects.get().visibility == "public"


def test_a_mistake_about_what_is_only_alike_leaves_the_entry_its_own_words(town: Town, browser: Browser) -> None:
    """The list may be right about what is on it."""
    bring_in(town, ILLEGAL)
    _write(browser("bob"), NEARLY)
    locked = QuarantinedCase.objects.get()
    browser("alice").post(f"/console/locked/{locked.pk}/decide", {**WRONG, "seen": locked.content_hash})

    assert _write(browser("bob"), NEARLY)[0] == 302
    assert _write(browser("bob"), ILLEGAL)[0] == 403


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"note": "A note."}, "Choose what it is."),
        ({"outcome": "confirmed", "note": ""}, "This field is required."),
    ],
)
def test_a_finding_without_an_outcome_or_a_note_is_refused(
    town: Town, browser: Browser, locked: QuarantinedCase, form: dict[str, Any], said: str
) -> None:
    """Whoever looks later must know what was done."""
    answer = browser("alice").post(f"/console/locked/{locked.pk}/decide", {**form, "seen": locked.content_hash})

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_an_owner_does_not_decide_their_own(town: Town, browser: Browser) -> None:
    """Alice is not spared; what she wrote waits."""
    bring_in(town, ILLEGAL)
    alice = browser("alice")
    _write(alice, ILLEGAL)
    case = QuarantinedCase.objects.get()

    assert alice.post(f"/console/locked/{case.pk}/decide", {**FOUND, "seen": case.content_hash}).status_code == 422
    case.refresh_from_db()
    assert case.state == "waiting"


def test_an_author_cannot_have_it_erased_before_the_owner_has_looked(
    town: Town, browser: Browser, locked: QuarantinedCase
) -> None:
    """Refused in the words that any undecided case is refused in."""
    refused = browser("bob").post("/settings/erase", {"handle": "bob"}, follow=True)
    locked.refresh_from_db()

    assert "not decided yet" in refused.content.decode()
    assert locked.text == ILLEGAL


def test_a_moderator_who_tries_the_text_learns_nothing_of_the_list(town: Town, browser: Browser) -> None:
    """A text on a list to hold by would be held, and the desk says so; of the other lists it says nothing."""
    bring_in(town, ILLEGAL)
    bring_in(town, LISTED, name="campaign", purpose=Purpose.HOLD, category="harassment")
    dave = browser("dave")
    illegal = dave.post("/console/try", {"text": ILLEGAL}).content.decode()
    held = dave.post("/console/try", {"text": LISTED}).content.decode()

    assert "No threshold is reached." in illegal
    assert "Nobody would see it until a moderator has decided." in held
    assert not QuarantinedCase.objects.exists()


def test_who_does_not_know_the_lane_stores_nothing(town: Town) -> None:
    """The refusal is an error like any other, so that a way in that forgets the lane is shut, not open."""
    bring_in(town, ILLEGAL)
    with pytest.raises(Locked, match="cannot be published"):
        town.post("bob", ILLEGAL)

    assert town.post("bob", HELD).route == "hold"


def test_what_an_outside_post_said_before_is_not_washed_away(
    town: Town, browser: Browser, ask: Ask, platform_key: str
) -> None:
    """A threat is held; its author passes through a listed text and back to harmless words: the case and its evidence
    are still there, and the post is held until both were looked at."""
    bring_in(town, ILLEGAL)
    (first,) = tell(ask, platform_key, told(1))
    steps = [tell(ask, platform_key, told(n, "edit", text=text))[0] for n, text in ((2, ILLEGAL), (3, PLAIN))]
    case = Case.objects.get()
    page = browser("dave").get(f"/console/cases/{case.pk}").content.decode()
    town.decide("dave", Action.NONE)
    (unlooked,) = tell(ask, platform_key, told(4, "edit", text=f"{PLAIN} Again."))
    locked = QuarantinedCase.objects.get()
    browser("alice").post(f"/console/locked/{locked.pk}/decide", {**FOUND, "seen": locked.content_hash})
    (free,) = tell(ask, platform_key, told(5, "edit", text=f"{PLAIN} And again."))

    assert [answer["route"] for answer in (first, *steps)] == ["hold"] * 3
    assert case.state != "decided"
    assert HELD in said(page)
    assert WORD not in page
    assert unlooked["route"] == "hold"
    assert free["route"] == "publish"
    assert "case.closed" not in town.verbs()
