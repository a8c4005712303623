"""What is decided is what was seen: a sheet that does not know of a change decides nothing and loses no words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.console.conftest import Browser
from tests.known import ILLEGAL, bring_in
from tests.moderation_api.conftest import Ask
from tests.moderation_api.test_events import tell, told
from tests.scenario import CLAUSES, HELD, PLAIN, THREAT, Town
from tests.sheets import fill_in

from wardmote.communities.policy import Action, Role
from wardmote.journeys.members import delete_post, edit_post, edit_profile
from wardmote.journeys.moderators import sampling
from wardmote.journeys.operator import found_community
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Appeal, Case, Decision, QuarantinedCase, SampledPost
from wardmote.moderation.policy.sampling import sample_seen
from wardmote.moderation.policy.texts import hash_text
from wardmote.network import queries as network
from wardmote.network.policy import Visibility
from wardmote.notices import queries as notices
from wardmote.record import queries as record

QUARREL = f"You will hear from me. [{THREAT} 0.9]"
KILL = "I will kill you and your whole family tonight."


def edit(town: Town, post_id: int, text: str) -> None:
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=post_id,
        text=text,
        now=town.pass_time(seconds=1),
    )


def delete(town: Town, post_id: int) -> None:
    delete_post.delete_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post_id, now=town.pass_time(seconds=1)
    )


def publish_rules(town: Town) -> None:
    found_community.publish_policy(
        community_id=town.plaza, member_id=town.members["alice"], title="New", clauses=CLAUSES, now=town.now
    )


def sheet_of_dave(browser: Browser, **typed: object) -> tuple[Client, str, dict[str, object]]:
    """Dave takes the only case and reads it; gives his browser, where he sends the sheet, and what he would send."""
    dave, case_id = browser("dave"), Case.objects.get().pk
    dave.post(reverse("console:claim", args=[case_id]))
    sheet = fill_in(dave, reverse("console:case", args=[case_id]), {"action": "none", **typed})
    return dave, reverse("console:decide", args=[case_id]), sheet


def visibility(town: Town, post_id: int) -> Visibility:
    post = network.post(community_id=town.plaza, post_id=post_id, viewer_id=town.members["bob"])
    assert post is not None
    return post.visibility


@pytest.mark.parametrize("edited", [f"{KILL} [{THREAT} 0.95]", KILL])
def test_no_action_does_not_publish_a_text_that_was_written_after_the_page_was_opened(
    town: Town, browser: Browser, edited: str
) -> None:
    """Whether screening minds the new text or not: 409, both texts, what Dave typed; it stays held."""
    post = town.post("bob", QUARREL)
    dave, decide, sheet = sheet_of_dave(browser, reason="My careful words.")
    edit(town, post.post_id, edited)
    answer = dave.post(decide, sheet)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "The text was changed after you opened this page." in page
    assert page.index("What you were shown") < page.index("You will hear from me.") < page.index(KILL)
    assert "My careful words." in page
    assert 'value="none" id="action_0" required checked' in page
    assert visibility(town, post.post_id) is Visibility.HELD
    assert not Decision.objects.exists()
    assert "case.decided" not in town.verbs()


def test_the_page_that_says_so_carries_the_new_text_and_decides(town: Town, browser: Browser) -> None:
    """Dave reads what is there now and decides: the decision, its entry and the letter are about that text."""
    post = town.post("bob", QUARREL)
    dave, decide, sheet = sheet_of_dave(
        browser, action="remove", clause=town.clause().id, reason="It announces a killing."
    )
    edit(town, post.post_id, KILL)
    again = fill_in_from(dave.post(decide, sheet).content.decode(), sheet)
    answer = dave.post(decide, again)
    entry = [e for e in record.history([Case.objects.get().urn]) if e.verb == "case.decided"][-1]

    assert answer.status_code == 302
    assert Decision.objects.get().item.text == KILL
    assert entry.values["content_hash"] == hash_text(KILL)
    assert KILL in letters(town, "bob")[0]


def fill_in_from(page: str, sheet: dict[str, object]) -> dict[str, object]:
    """The sheet as the page that came back carries it."""
    from tests.sheets import carried

    return {**sheet, **carried(page)}


def letters(town: Town, name: str) -> list[str]:
    """Subjects and bodies, the newest first."""
    about: dict[str, Any] = {"community_id": town.plaza, "person_id": town.people[name]}
    rows = [notices.notice(**about, notice_id=row.notice_id) for row in notices.inbox(**about)]
    return [f"{row.subject}\n{row.body}" for row in rows if row]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda town, post_id: town.report("erin", post_id), "New reports came in"),
        (lambda town, _: publish_rules(town), "The rules were changed"),
        (delete, "It was deleted after you opened this page."),
    ],
)
def test_whatever_else_is_new_is_looked_at_first(
    town: Town, browser: Browser, change: Callable[[Town, int], None], sentence: str
) -> None:
    """A report, another version of the rules, or a deletion after the page was opened: nothing is decided yet."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    dave, decide, sheet = sheet_of_dave(browser)
    change(town, post.post_id)
    if "rules" in sentence:
        accept(town, "dave")
    answer = dave.post(decide, sheet)

    assert answer.status_code == 409
    assert sentence in answer.content.decode()
    assert not Decision.objects.exists()


def accept(town: Town, name: str) -> None:
    from wardmote.communities.queries import current_policy
    from wardmote.journeys.members import join

    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    join.accept_policy(community_id=town.plaza, member_id=town.members[name], policy_hash=policy.hash, now=town.now)


@pytest.mark.parametrize("seen", ["", "x", "a.b.c.d.e", "." * 4])
def test_a_sheet_that_does_not_say_what_was_seen_decides_nothing(town: Town, browser: Browser, seen: str) -> None:
    """A page from before, or a forged one: 409 and a sentence."""
    town.post("bob", QUARREL)
    dave, decide, sheet = sheet_of_dave(browser)
    answer = dave.post(decide, {**sheet, "seen": seen})

    assert answer.status_code == 409
    assert "This page does not say what you were shown." in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_changed_text_is_not_previewed_either(town: Town, browser: Browser) -> None:
    """The letter that Dave is shown would quote what he has not read."""
    post = town.post("bob", QUARREL)
    dave, decide, sheet = sheet_of_dave(browser)
    edit(town, post.post_id, KILL)
    preview = dave.post(decide.replace("decide", "preview"), sheet, headers={"HX-Request": "true"}).content.decode()

    assert "The text was changed after you opened this page." in preview
    assert KILL not in preview


def test_a_profile_is_judged_as_it_was_seen(town: Town, browser: Browser) -> None:
    """Bob's held name becomes a threat: Dave's sheet decides nothing, and nobody reads it."""
    bob: dict[str, Any] = {"community_id": town.plaza, "member_id": town.members["bob"], "display_name": "Bob"}
    edit_profile.edit_profile(**bob, bio=QUARREL, now=town.pass_time(seconds=1))
    dave, decide, sheet = sheet_of_dave(browser)
    edit_profile.edit_profile(**bob, bio=KILL, now=town.pass_time(seconds=1))
    answer = dave.post(decide, sheet)
    profile = network.profile_by_handle(community_id=town.plaza, handle="bob")

    assert answer.status_code == 409
    assert KILL in answer.content.decode()
    assert profile is not None
    assert profile.visibility is Visibility.HELD


def test_an_outside_post_is_judged_as_it_was_seen(town: Town, browser: Browser, ask: Ask, platform_key: str) -> None:
    """The platform tells of an edit meanwhile, which stays held there too: no decision goes out."""
    tell(ask, platform_key, told(1, text=QUARREL))
    dave, decide, sheet = sheet_of_dave(browser)
    (edited,) = tell(ask, platform_key, told(2, "edit", text=KILL))
    answer = dave.post(decide, sheet)

    assert (edited["route"], edited["case"]) == ("hold", str(Case.objects.get().pk))
    assert answer.status_code == 409
    assert KILL in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_removed_outside_post_is_not_brought_back_by_an_edit(town: Town, ask: Ask, platform_key: str) -> None:
    """Its platform hears that nobody is to see it, however harmless the new text."""
    tell(ask, platform_key, told(1, text=QUARREL))
    town.decide("dave", Action.REMOVE)
    (edited,) = tell(ask, platform_key, told(2, "edit", text=PLAIN))

    assert (edited["route"], edited["case"]) == ("hold", None)


def test_an_appeal_is_heard_about_what_is_there(town: Town, browser: Browser) -> None:
    """Bob edits while Erin reads his appeal against a label: her reversal would leave what she has not seen."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    town.appeal("bob", town.decide("dave", Action.LABEL))
    erin, appeal_id = browser("erin"), Appeal.objects.get().pk
    typed: dict[str, Any] = {"outcome": "reverse", "reason": "My careful words."}
    sheet = fill_in(erin, reverse("console:appeal", args=[appeal_id]), typed)
    edit(town, post.post_id, KILL)
    answer = erin.post(reverse("console:appeal-decide", args=[appeal_id]), sheet)
    page = answer.content.decode()
    again = erin.post(reverse("console:appeal-decide", args=[appeal_id]), fill_in_from(page, sheet))

    assert answer.status_code == 409
    assert page.index("What you were shown") < page.index(PLAIN) < page.index(KILL)
    assert "My careful words." in page
    assert again.status_code == 302
    entry = [e for e in record.history([Appeal.objects.get().urn]) if e.verb == "appeal.decided"][-1]
    assert entry.values["content_hash"] == hash_text(PLAIN)


def test_a_locked_case_is_decided_about_the_text_that_was_read(town: Town, browser: Browser) -> None:
    """A sheet that names another text, or none, decides nothing."""
    bring_in(town, ILLEGAL)
    from wardmote.kernel.errors import Refused

    with pytest.raises(Refused):
        town.post("bob", ILLEGAL)
    case_id, alice = QuarantinedCase.objects.get().pk, browser("alice")
    typed: dict[str, Any] = {"outcome": "mistaken", "note": "My careful words."}
    forged = alice.post(reverse("console:locked-decide", args=[case_id]), {**typed, "seen": hash_text("other")})
    page = reverse("console:locked-case", args=[case_id])
    answer = alice.post(reverse("console:locked-decide", args=[case_id]), fill_in(alice, page, dict(typed)))

    assert forged.status_code == 409
    assert "My careful words." in forged.content.decode()
    assert answer.status_code == 302


def test_an_audit_is_of_the_rules_that_were_asked_about(town: Town, browser: Browser) -> None:
    """The rules change while Dave judges: his "breaks none" is not taken for an answer about the new ones."""
    town.post("bob", PLAIN)
    sampling.plan(community_id=town.plaza, member_id=town.members["alice"], posts_a_week=5, now=town.now)
    from wardmote.moderation.operations import draw_sample

    draw_sample(community_id=town.plaza, revision=1, now=town.pass_time(days=9))
    row, dave = SampledPost.objects.get(), browser("dave")
    sheet = fill_in(dave, "/console/sampling", {"sampled": row.pk, "answer": "none"})
    found_community.publish_policy(
        community_id=town.plaza, member_id=town.members["alice"], title="New", clauses=CLAUSES[:1], now=town.now
    )
    accept(town, "dave")
    answer = dave.post("/console/sampling", sheet)
    row.refresh_from_db()

    assert sheet["seen"] != sample_seen(row.content_hash, sampling.categories(town.plaza))
    assert answer.status_code == 409
    assert "The rules were changed after you opened this page." in answer.content.decode()
    assert row.judged_at is None


def test_no_action_records_no_clause(town: Town, browser: Browser) -> None:
    """Clause 1.1 is still selected in the sheet; "no action" says that none was broken."""
    town.post("bob", QUARREL)
    dave, decide, sheet = sheet_of_dave(browser, clause=town.clause("1.1").id)
    dave.post(decide, sheet)
    entry = [e for e in record.history([Case.objects.get().urn]) if e.verb == "case.decided"][-1]

    assert Decision.objects.get().clause is None
    assert entry.values["clause"] is None


def test_every_text_of_a_case_is_there_beside_its_report(town: Town, browser: Browser) -> None:
    """Reported, edited innocently, reported again, deleted: Dave reads both texts in order, each with its report."""
    post = town.post("bob", KILL)
    town.report("carol", post.post_id, comment="He means me.")
    edit(town, post.post_id, PLAIN)
    town.report("erin", post.post_id, comment="Nothing to see here.")
    delete(town, post.post_id)
    page = browser("dave").get(reverse("console:case", args=[Case.objects.get().pk])).content.decode()
    texts = page[page.index("Every text of this case") :]

    places = [texts.index(words) for words in ("Text 1", KILL, "He means me.", "Text 2", PLAIN, "Nothing to see here.")]
    assert places == sorted(places)


def test_a_decision_names_which_text_it_judges(town: Town, browser: Browser) -> None:
    """Dave judges the text that was reported, not the innocent one: entry, letter and why-page quote that."""
    post = town.post("bob", KILL)
    town.report("carol", post.post_id)
    edit(town, post.post_id, PLAIN)
    typed: dict[str, Any] = {
        "action": "remove",
        "clause": town.clause().id,
        "reason": "It was a threat.",
        "judged": hash_text(KILL),
    }
    dave, decide, sheet = sheet_of_dave(browser, **typed)
    dave.post(decide, sheet)
    decision = Decision.objects.get()
    why = browser("bob").get(f"/why/{decision.pk}").content.decode()
    entry = [e for e in record.history([Case.objects.get().urn]) if e.verb == "case.decided"][-1]

    assert decision.item.text == KILL
    assert entry.values["content_hash"] == hash_text(KILL)
    assert KILL in letters(town, "bob")[0]
    assert KILL in why
    assert record.history([Urn("post", post.post_id)])[-1].verb == "post.judged"


def test_a_text_of_another_case_cannot_be_judged(town: Town, browser: Browser) -> None:
    """A sheet that names a text which this case has not is sent back."""
    town.post("bob", QUARREL)
    typed: dict[str, Any] = {
        "action": "remove",
        "clause": town.clause().id,
        "reason": "Why.",
        "judged": hash_text(HELD),
    }
    dave, decide, sheet = sheet_of_dave(browser, **typed)
    answer = dave.post(decide, sheet)

    assert answer.status_code == 422
    assert not Decision.objects.exists()


def test_a_moderator_dismissed_meanwhile_decides_nothing(town: Town, browser: Browser) -> None:
    """Alice dismisses Dave while his page is open."""
    town.post("bob", QUARREL)
    dave, decide, sheet = sheet_of_dave(browser)
    found_community.appoint(
        community_id=town.plaza,
        actor_member_id=town.members["alice"],
        member_id=town.members["dave"],
        role=Role.MEMBER,
        now=town.now,
    )

    assert dave.post(decide, sheet).status_code == 403
    assert not Decision.objects.exists()
