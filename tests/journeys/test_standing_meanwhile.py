"""Who may act is asked again where it counts: what changed while a text was screened is known when it is stored."""

import ast
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.moderation_api.conftest import Ask, ask, platform_key
from tests.moderation_api.test_events import told
from tests.scenario import PLAIN, Town

from wardmote.communities import operations as communities
from wardmote.communities.models import Membership
from wardmote.communities.policy import CommunityState
from wardmote.journeys.members import edit_post, edit_profile, join, publish, report
from wardmote.journeys.owners import keys
from wardmote.journeys.platforms import import_posts, import_reports
from wardmote.journeys.steps import permission, screening
from wardmote.kernel.errors import Refused
from wardmote.kernel.urn import SYSTEM
from wardmote.moderation.models import Case, OutsidePost, Report
from wardmote.moderation.policy import ReportReason
from wardmote.network.models import Post, Profile

__all__ = ["ask", "platform_key"]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Have something happen while the next text is screened."""

    def happen(event: Callable[[], object]) -> None:
        live = screening.screener

        def slow() -> Any:
            monkeypatch.setattr("wardmote.journeys.steps.screening.screener", live)
            event()
            return live()

        monkeypatch.setattr("wardmote.journeys.steps.screening.screener", slow)

    return happen


def suspend(town: Town, name: str) -> None:
    communities.suspend_member(
        community_id=town.plaza,
        member_id=town.members[name],
        until=town.now.replace(year=2027),
        actor=SYSTEM,
        reason=SYSTEM,
        now=town.now,
    )


def stop(town: Town, state: CommunityState = CommunityState.SUSPENDED) -> None:
    communities.set_state(
        community_id=town.plaza,
        state=state,
        until=town.now.replace(year=2027) if state is CommunityState.RESTRICTED else None,
        reason="The host says so.",
        decision=SYSTEM,
        now=town.now,
    )


def act(town: Town, kind: str, post_id: int) -> None:
    """Bob, or Carol where it is a report, does one thing for which a text is screened."""
    bob: dict[str, Any] = {"community_id": town.plaza, "member_id": town.members["bob"], "now": town.now}
    carol: dict[str, Any] = {**bob, "member_id": town.members["carol"], "reason": ReportReason.OTHER, "comment": ""}
    if kind == "post":
        publish.publish(**bob, text="A new one.")
    elif kind == "reply":
        publish.publish(**bob, text="A new one.", parent_id=post_id)
    elif kind == "edit":
        edit_post.edit_post(**bob, post_id=post_id, text="Another text.")
    elif kind == "profile":
        edit_profile.edit_profile(**bob, display_name="Bob", bio="Another text.")
    elif kind == "report":
        report.report_post(**carol, post_id=post_id)
    else:
        report.report_profile(**carol, handle="bob")


@pytest.mark.parametrize("who", ["suspended", "stopped", "restricted"])
@pytest.mark.parametrize("kind", ["post", "reply", "edit", "profile", "report", "report of a profile"])
def test_nothing_is_stored_for_whoever_may_not_write_any_more(
    town: Town, meanwhile: Callable[[Callable[[], object]], None], kind: str, who: str
) -> None:
    """A member is suspended, or the host stops their community, while the text is screened: Refused, all as before."""
    edit_profile.edit_profile(
        community_id=town.plaza, member_id=town.members["bob"], display_name="Bob", bio="About me.", now=town.now
    )
    post = town.post("bob", PLAIN)
    writer = "carol" if kind.startswith("report") else "bob"
    verbs: list[str] = []

    def event() -> None:
        if who == "suspended":
            suspend(town, writer)
        else:
            stop(town, CommunityState.SUSPENDED if who == "stopped" else CommunityState.RESTRICTED)
        verbs.extend(town.verbs())

    meanwhile(event)
    with pytest.raises(Refused):
        act(town, kind, post.post_id)

    assert town.verbs() == verbs != []
    assert list(Post.objects.filter(community_id=town.plaza).values_list("text", flat=True)) == [PLAIN]
    assert Profile.objects.get(pk=town.members["bob"]).bio == "About me."
    assert not Report.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize("kind", ["posts", "reports", "a member"])
def test_nothing_comes_in_once_the_host_has_stopped_the_community(
    town: Town, meanwhile: Callable[[Callable[[], object]], None], kind: str
) -> None:
    """An import under way, or somebody who joins, when the community is suspended."""
    post, members = town.post("bob", PLAIN), Membership.objects.filter(community_id=town.plaza)
    before = members.count()
    meanwhile(lambda: stop(town))
    with suppress(Refused):
        if kind == "posts":
            foreign = import_posts.ForeignPost("1", "bob", "From elsewhere.", town.now)
            import_posts.import_posts(community_id=town.plaza, source="forum", posts=[foreign], now=town.now)
        elif kind == "reports":
            said = import_reports.ForeignReport(str(post.post_id), "carol", ReportReason.SPAM, town.now)
            import_reports.import_reports(community_id=town.plaza, source="forum", reports=[said], now=town.now)
        else:
            join.join(
                community_id=town.plaza,
                person_id=town.people["frank"],
                handle="frank",
                policy_hash=policy_hash(town),
                now=town.now,
            )

    assert Post.objects.filter(community_id=town.plaza).count() == 1
    assert not Report.objects.exists()
    assert kind != "a member" or members.count() == before


def policy_hash(town: Town) -> str:
    from wardmote.communities.queries import current_policy

    policy = current_policy(community_id=town.plaza)
    assert policy is not None
    return policy.hash


def test_a_key_revoked_meanwhile_brings_nothing_in(
    town: Town, ask: Ask, platform_key: str, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    """The platform's event is refused as by a key that is none, and nothing of it is kept."""
    meanwhile(lambda: keys.revoke_key(name="platform", now=town.now))
    _, content = ask("POST", "/v1/events", {"events": [told(1)]}, key=platform_key)

    assert content["results"][0]["error"]["message"] == "This key was revoked."
    assert not OutsidePost.objects.exists()
    assert not Case.objects.exists()


def test_every_standing_is_asked_for_inside_its_transaction() -> None:
    """A journey that asks who may act asks under lock too: what it asks before its transaction is only a courtesy."""
    folder, asked = Path(permission.__file__).parents[1], {"writer", "moderator", "owner", "check_active"}
    once: list[str] = []
    for path in sorted(folder.rglob("*.py")):
        if path.name == "permission.py":
            continue
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        named = [(node.func.id, node) for node in calls if isinstance(node.func, ast.Name) and node.func.id in asked]
        locked = {name for name, node in named if any(keyword.arg == "lock" for keyword in node.keywords)}
        once += [f"{path.name}: {name}" for name in {name for name, _ in named} - locked]

    assert once == []
