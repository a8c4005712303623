"""What a moderator, an owner or the host's staff typed is there again when they may send it; nothing is done twice."""

import random
import re
from html import unescape
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from tests.console.conftest import Browser
from tests.scenario import CLAUSES, HELD, PASSWORD, THREAT, Town
from tests.sheets import fill_in

from wardmote.communities.models import Acceptance
from wardmote.communities.policy import Action
from wardmote.communities.queries import current_policy
from wardmote.journeys.members import edit_post
from wardmote.journeys.operator import found_community
from wardmote.moderation.models import Appeal, Case, CaseNote, Decision

REASON = "He names her street: „Ich weiß, wo du wohnst“.\nThat is a threat."


def _at(step: str, number: int) -> str:
    return reverse(f"console:{step}", args=[number])


def _new_policy(town: Town) -> None:
    town.pass_time(seconds=1)
    found_community.publish_policy(
        community_id=town.plaza, member_id=town.members["alice"], title="New", clauses=CLAUSES, now=town.now
    )


def _accept(client: Client, town: Town, page: str) -> str:
    """Follow the page's link to the policy and accept it; gives the page that one is led back to."""
    link = re.search(r'href="(/policy/accept\?next=[^"]+)"', page)
    assert link is not None, "no link to the policy"
    address = unescape(link[1])
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    back = client.post(address, {"policy_hash": policy.hash})
    assert back.status_code == 302
    return client.get(back.headers["Location"]).content.decode()


def _sign_in(client: Client, name: str, way: str) -> str:
    """Sign in at this address; gives the page that one is led back to, with what a press there shows."""
    back = re.search(r"next=([^&]+)", way)
    assert back is not None, way
    signed = client.post(way, {"login": f"{name}@example.org", "password": PASSWORD, "next": unquote(back[1])})
    assert signed.status_code == 302
    page = client.get(unquote(back[1]))
    if page.headers.get("Location", "").startswith("/accounts/reauthenticate/"):
        client.post(page.headers["Location"], {"password": PASSWORD})
        page = client.get(unquote(back[1]))
    assert page.status_code == 200, page.headers.get("Location")
    if 'href="?draft=1"' in page.content.decode():
        page = client.get(f"{page.wsgi_request.path}?draft=1")
    return page.content.decode()


def _claimed(town: Town, browser: Browser, name: str = "dave") -> tuple[Client, int]:
    town.post("bob", HELD)
    case_id = Case.objects.get().pk
    client = browser(name)
    client.post(_at("claim", case_id))
    return client, case_id


def _written(page: str, name: str = "reason") -> str:
    """What is in a text area of this name; empty where there is nothing in any."""
    areas = re.findall(rf'<textarea[^>]* name="{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    return next((unescape(each).lstrip("\n") for each in areas if each.strip()), "")


def _checked(page: str, value: str) -> bool:
    return re.search(rf'value="{value}"[^>]* checked', page) is not None


def test_a_decision_sent_signed_out_waits_in_its_sheet(town: Town, browser: Browser) -> None:
    """Dave's session had ended: he signs in and is at the sheet, with action, clause and reason; nothing was decided.

    Sent then, it is decided, and the sheet forgets it.
    """
    dave, case_id = _claimed(town, browser)
    typed = {"action": "remove", "clause": town.clause().id, "reason": REASON}
    sheet = fill_in(dave, _at("case", case_id), typed)
    dave.cookies.pop("sessionid")
    sent = dave.post(_at("decide", case_id), sheet)
    page = _sign_in(dave, "dave", sent.headers["Location"])

    assert not Decision.objects.exists()
    assert _written(page) == REASON
    assert _checked(page, "remove")
    assert f'value="{town.clause().id}" title' in page
    assert "You were signed out. What you typed is here" in page
    assert _written(dave.get(_at("case", case_id)).content.decode()) == ""
    dave.post(_at("decide", case_id), {**typed, **fill_in(dave, _at("case", case_id), {})})
    assert Decision.objects.get().reason == REASON


def test_a_sheet_that_was_sent_signed_out_still_says_what_changed(town: Town, browser: Browser) -> None:
    """Bob edits while Dave signs in: Dave's words are there, and both texts."""
    dave, case_id = _claimed(town, browser)
    sheet = fill_in(dave, _at("case", case_id), {"action": "remove", "clause": town.clause().id, "reason": REASON})
    dave.cookies.pop("sessionid")
    sent = dave.post(_at("decide", case_id), sheet)
    _edit(town, f"I am sorry. [{THREAT} 0.9]")
    page = _sign_in(dave, "dave", sent.headers["Location"])

    assert _written(page) == REASON
    assert "The text was changed after you opened this page." in page


@pytest.mark.parametrize("reason", ["x" * 2000, "ßü€" * 3000])
def test_what_is_too_much_for_the_browser_to_keep_is_on_the_page(town: Town, browser: Browser, reason: str) -> None:
    """However long: it waits in the sheet, or it is on the page that says that Dave was signed out."""
    dave, case_id = _claimed(town, browser)
    letters = "".join(random.Random(1).choices([chr(n) for n in range(0x4E00, 0x9FFF)], k=len(reason)))  # noqa: S311
    sheet = fill_in(dave, _at("case", case_id), {"action": "remove", "reason": letters})
    dave.cookies.pop("sessionid")
    sent = dave.post(_at("decide", case_id), sheet)
    page = sent.content.decode() if sent.status_code == 403 else _sign_in(dave, "dave", sent.headers["Location"])

    assert letters in page


def test_a_note_and_a_hearing_sent_signed_out_wait(town: Town, browser: Browser) -> None:
    """Both come back where they were written."""
    dave, case_id = _claimed(town, browser)
    dave.cookies.pop("sessionid")
    sent = dave.post(_at("note", case_id), {"note": "She told me that he was here before."})
    page = _sign_in(dave, "dave", sent.headers["Location"])

    assert _written(page, "note") == "She told me that he was here before."
    assert not CaseNote.objects.exists()

    dave.post(_at("release", case_id))
    town.appeal("bob", town.decide("dave", Action.REMOVE))
    erin, appeal_id = browser("erin"), Appeal.objects.get().pk
    sheet = fill_in(erin, _at("appeal", appeal_id), {"outcome": "reverse", "reason": REASON})
    erin.cookies.pop("sessionid")
    sent = erin.post(_at("appeal-decide", appeal_id), sheet)
    page = _sign_in(erin, "erin", sent.headers["Location"])

    assert _written(page) == REASON
    assert _checked(page, "reverse")
    assert Appeal.objects.get().state == "open"


@pytest.mark.parametrize(
    ("name", "host", "address", "typed", "words"),
    [
        ("alice", "plaza", "/console/reasons", {"title": "Streets", "text": REASON}, REASON),
        ("alice", "plaza", "/owner/keys", {"name": "The blog of the town"}, "The blog of the town"),
        ("alice", "plaza", "/owner/webhook", {"url": "https://forum.example/other"}, "https://forum.example/other"),
        ("alice", "plaza", "/owner/help", {"lines": "Somebody who listens: 123"}, "Somebody who listens: 123"),
        ("alice", "plaza", "/owner/joining/links", {"most": "37", "days": "7"}, "37"),
        ("alice", "plaza", "/requests/1", {"answer": "decline", "reason": REASON}, REASON),
        ("heidi", "127.0.0.1", "/host/outages", {"started_at": "2026-01-01 10:00", "reason": REASON}, REASON),
        ("heidi", "127.0.0.1", "/host/try", {"text": REASON}, REASON),
        ("bob", "plaza", "/@alice/report", {"reason": "threat", "comment": REASON}, REASON),
        ("bob", "plaza", "/settings", {"display_name": "Bobby", "bio": REASON}, REASON),
    ],
)
def test_every_desk_has_again_what_was_sent_signed_out(
    browser: Browser, name: str, host: str, address: str, typed: dict[str, str], words: str
) -> None:
    """The moderators', the owner's, the host's, a member's: to sign in, and back to a page with the words to send."""
    client = browser(host=f"{host}.localhost" if host == "plaza" else host)
    sent = client.post(address, typed)

    assert sent.status_code == 302, sent.content.decode()[:200]
    assert sent.headers["Location"].startswith("/accounts/login/?next=")
    page = _sign_in(client, name, sent.headers["Location"])
    assert words in unescape(page)


def test_a_hearing_under_a_new_policy_keeps_its_words(town: Town, browser: Browser) -> None:
    """Erin has not accepted: her sheet comes back with her words and the link; once accepted she is at it again."""
    town.post("bob", HELD)
    town.appeal("bob", town.decide("dave", Action.REMOVE))
    erin, appeal_id = browser("erin"), Appeal.objects.get().pk
    sheet = fill_in(erin, _at("appeal", appeal_id), {"outcome": "reverse", "reason": REASON})
    _new_policy(town)
    warned = erin.get(_at("appeal", appeal_id)).content.decode()
    answer = erin.post(_at("appeal-decide", appeal_id), sheet)
    page = answer.content.decode()

    assert "This community has a new policy." in warned
    assert f"next=%2Fconsole%2Fappeals%2F{appeal_id}" in warned
    assert answer.status_code == 403
    assert _written(page) == REASON
    assert Appeal.objects.get().state == "open"
    page = _accept(erin, town, page)
    assert _written(page) == REASON
    assert _checked(page, "reverse")


def test_a_decision_and_a_note_under_a_new_policy_keep_their_words(town: Town, browser: Browser) -> None:
    """Each is back where it was written once Dave has accepted."""
    dave, case_id = _claimed(town, browser)
    sheet = fill_in(dave, _at("case", case_id), {"action": "remove", "clause": town.clause().id, "reason": REASON})
    _new_policy(town)
    answer = dave.post(_at("decide", case_id), sheet)
    noted = dave.post(_at("note", case_id), {"note": "A note."})

    assert (answer.status_code, noted.status_code) == (422, 403), "the clause is of the policy before"
    assert _written(answer.content.decode()) == REASON
    assert _written(noted.content.decode(), "note") == "A note."
    answer = dave.post(_at("decide", case_id), sheet)
    page = _accept(dave, town, answer.content.decode())
    assert _written(page) == REASON
    assert _checked(page, "remove")


@pytest.mark.parametrize(
    ("address", "typed", "words"),
    [
        ("/console/reasons", {"title": "Streets", "text": REASON}, REASON),
        ("/requests/1", {"answer": "decline", "reason": REASON}, REASON),
        ("/owner/help", {"lines": "Somebody who listens: 123"}, "Somebody who listens: 123"),
        ("/owner/community", {"title": "The Square", "description": REASON}, REASON),
        ("/owner/keys", {"name": "The blog of the town", "scopes": "screen"}, "The blog of the town"),
        ("/console/recall-guarantee/plan", {"posts_a_week": "37"}, "37"),
    ],
)
def test_every_form_under_a_new_policy_keeps_its_words(
    town: Town, browser: Browser, address: str, typed: dict[str, str], words: str
) -> None:
    """Whatever Alice, who has not accepted it either, sends: her words and the way to the policy are on the answer."""
    alice = browser("alice")
    _new_policy(town)
    _unaccept(town, "alice")
    answer = alice.post(address, typed)
    page = unescape(answer.content.decode())

    if answer.status_code < 400:
        return  # it asks for no acceptance
    assert words in page
    assert "/policy/accept?next=" in page


def _unaccept(town: Town, name: str) -> None:
    """As if somebody else had published it: who publishes a policy has accepted it."""
    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    Acceptance.objects.filter(membership_id=town.members[name], policy_id=policy.id).delete()


def test_what_was_taken_back_is_in_the_sheet_again(town: Town, browser: Browser, settings: object) -> None:
    """Clause and reason are there, and the action is to be chosen anew."""
    settings.WARDMOTE_UNDO_MINUTES = 5  # type: ignore[attr-defined]
    dave, case_id = _claimed(town, browser)
    typed = {"action": "remove", "clause": town.clause().id, "reason": REASON}
    dave.post(_at("decide", case_id), fill_in(dave, _at("case", case_id), typed))
    bar = re.search(r'take-back".*?name="seen" value="([^"]*)"', dave.get("/console/").content.decode(), re.DOTALL)
    assert bar is not None
    dave.post(_at("take-back", Decision.objects.get().pk), {"seen": bar[1]})
    page = dave.get(_at("case", case_id)).content.decode()

    assert _written(page) == REASON
    assert re.search(rf'value="{town.clause().id}" title="[^"]*" selected', page)
    assert " checked" not in page.split("options")[1].split("</fieldset>")[0]


def _edit(town: Town, text: str) -> None:
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=int(Case.objects.get().item.subject.rpartition(":")[2]),
        text=text,
        now=town.pass_time(seconds=1),
    )


def test_a_text_that_came_meanwhile_is_not_judged_by_itself(town: Town, browser: Browser) -> None:
    """After the 409 the sheet is still about the text that Dave judged, and says so; a second press judges that one."""
    dave, case_id = _claimed(town, browser)
    first = dave.get(_at("case", case_id)).content.decode()
    typed = {"action": "remove", "clause": town.clause().id, "reason": REASON}
    sheet = fill_in(dave, _at("case", case_id), typed)
    _edit(town, f"Only a line from a song. [{THREAT} 0.9]")
    answer = dave.post(_at("decide", case_id), sheet)
    page = answer.content.decode()
    options = re.findall(r'<option value="([0-9a-f]{64})"( selected)?>([^<]*)', page)

    assert 'id="judged"' not in first
    assert answer.status_code == 409
    assert [(bool(chosen), "the newest" in name) for _, chosen, name in options] == [(True, False), (False, True)]
    assert "It is still about the text that you judged" in page
    seen = re.search(r'name="seen" value="([^"]*)"', page.split('id="decision"')[1])
    assert seen is not None
    dave.post(_at("decide", case_id), {**typed, "seen": seen[1], "judged": options[0][0]})
    assert Decision.objects.get().item.content_hash == options[0][0]
