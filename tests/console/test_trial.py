from datetime import timedelta

import pytest
from tests.console.conftest import Browser
from tests.moderation_api.test_not_stored import everything_stored
from tests.scenario import HELD, PLAIN, QUEUED, THREAT, Town

from wardmote.communities.models import Policy
from wardmote.communities.policy import Role
from wardmote.communities.queries import current_policy
from wardmote.edges.console.moderators import try_text
from wardmote.edges.console.rate_limit import Pace
from wardmote.journeys.members import join
from wardmote.journeys.operator import found_community
from wardmote.journeys.steps import screening


@pytest.fixture(autouse=True)
def fresh_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """One test's tries are nothing to another."""
    monkeypatch.setattr(try_text, "PACE", Pace(3))


def _try(browser: Browser, text: str, name: str = "dave") -> str:
    answer = browser(name).post("/console/try", {"text": text})
    assert answer.status_code == 200, answer.content.decode()
    page: str = answer.content.decode()
    return page


@pytest.mark.parametrize(("text", "becomes"), [(HELD, "held"), (QUEUED, "queued"), (PLAIN, "published")])
def test_a_moderator_sees_what_would_happen(town: Town, browser: Browser, text: str, becomes: str) -> None:
    """The route is the one that the same text takes when Bob posts it, with its thresholds and the detector named."""
    page = _try(browser, text)

    assert f">{becomes}</span>" in page
    assert "dictated 1" in page
    assert '<td class="number">0.5</td><td class="number">0.8</td>' in page


def test_the_words_are_marked_and_escaped(town: Town, browser: Browser) -> None:
    """What is tried comes back as text, whatever it is, with the words underlined that carried the score."""
    page = _try(browser, f"<script>alert(1)</script> [{THREAT} 0.95]")

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; " in page
    assert f'<mark class="double" title="threat">[{THREAT} 0.95]</mark>' in page


def test_nothing_that_is_tried_is_kept(
    town: Town, browser: Browser, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in a table, sessions among them, nor in the log; not even where the detector breaks with it in its mouth."""
    text = "seventeen lanterns over the harbour"
    _try(browser, text)
    browser("heidi", host="127.0.0.1").post("/host/try", {"text": text})

    class Broken:
        def screen(self, words: str) -> None:
            raise RuntimeError(words)

    monkeypatch.setattr("wardmote.journeys.steps.screening.screener", Broken)
    broken = browser("dave").post("/console/try", {"text": text})

    assert broken.status_code == 500
    assert "RuntimeError" in caplog.text
    assert "lanterns" not in caplog.text
    assert "lanterns" not in everything_stored()
    assert "no-store" in broken.headers["Cache-Control"]


def test_a_text_that_cannot_be_read_is_said_at_the_field(town: Town, browser: Browser) -> None:
    """Too long, or nothing at all."""
    empty = browser("dave").post("/console/try", {"text": "  "})
    long = browser("dave").post("/console/try", {"text": "x" * 50_001})

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "There is no text to try." in empty.content.decode()
    assert "at most" in long.content.decode()


def test_trying_is_limited_by_the_minute(town: Town, browser: Browser) -> None:
    """By person: Dave waits while Erin goes on, and a minute later he may again."""
    dave = browser("dave")
    statuses = [dave.post("/console/try", {"text": PLAIN}).status_code for _ in range(4)]
    refused = dave.post("/console/try", {"text": PLAIN})
    other = browser("erin").post("/console/try", {"text": PLAIN})
    town.now += timedelta(minutes=1)
    later = dave.post("/console/try", {"text": PLAIN})

    assert statuses == [200, 200, 200, 429]
    assert refused.headers["Retry-After"] == "60"
    assert PLAIN in refused.content.decode()
    assert (other.status_code, later.status_code) == (200, 200)


def test_a_moderator_of_two_communities_sees_both(town: Town, browser: Browser) -> None:
    """This one first; the policy of a community that Dave only reads is not his to try."""
    before = _try(browser, PLAIN)
    policy = current_policy(community_id=town.harbour)
    assert policy is not None
    member = join.join(
        community_id=town.harbour,
        person_id=town.people["dave"],
        handle="dave",
        policy_hash=policy.hash,
        now=town.now,
    )
    as_member = _try(browser, PLAIN)
    found_community.appoint(
        community_id=town.harbour,
        actor_member_id=town.members["frank"],
        member_id=member,
        role=Role.MODERATOR,
        now=town.now,
    )
    as_moderator = _try(browser, PLAIN)

    assert [("The Harbour" in page) for page in (before, as_member, as_moderator)] == [False, False, True]
    assert as_moderator.index("The Plaza</h3>") < as_moderator.index("The Harbour</h3>")


def test_the_hosts_staff_see_every_community(town: Town, browser: Browser) -> None:
    """Under each policy in force; without a policy everything is published."""
    Policy.objects.filter(community_id=town.harbour).update(community_id=town.plaza, number=7)
    page = browser("heidi", host="127.0.0.1").post("/host/try", {"text": HELD}).content.decode()

    assert "The Plaza</h3>" in page
    assert "It has published no policy" in page
    assert screening.screener().fingerprint in page
