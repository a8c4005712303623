import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import Settings
from tests.moderation_api.conftest import Ask
from tests.moderation_api.test_events import tell, told
from tests.moderation_api.test_webhook import Platform, platform, work
from tests.scenario import HELD, QUEUED, Town
from tests.sheets import carried
from tests.web.conftest import said

from wardmote.communities.models import Community
from wardmote.communities.policy import Action, CommunityState
from wardmote.config.installation.doctor import inside
from wardmote.config.installation.doctor.finding import State
from wardmote.moderation import queries
from wardmote.moderation.models import Appeal, Decision
from wardmote.outside.appeal_links import appeal_address, decision_of, token_of
from wardmote.outside.origin import origin_of
from wardmote.people.models import Person

__all__ = ["platform"]


@dataclass
class Author:
    """Mallory, who wrote the post on the forum and has nothing but the link."""

    client: Client
    path: str

    def read(self) -> str:
        page: str = self.client.get(self.path).content.decode()
        return page

    def appeal(self, text: str = "It was a line from a song.") -> int:
        return self.client.post(self.path, {"text": text}, follow=True).status_code


@pytest.fixture
def mallory(town: Town, ask: Ask, platform_key: str, platform: Platform) -> Author:
    """The forum tells of a threat; Dave removes it; the decision reaches the forum with the link."""
    ask("POST", "/v1/webhook", {"url": platform.url}, key=platform_key)
    tell(ask, platform_key, told(1))
    town.decide("dave", Action.REMOVE)
    work(town)
    url: str = json.loads(platform.came[-1][1])["data"]["appeal"]["url"]
    base, _, path = url.partition("/appeal/")
    assert base == origin_of("plaza.localhost") == "http://plaza.localhost"
    return Author(Client(headers={"host": "plaza.localhost"}), f"/appeal/{path}")


def _hear(town: Town, name: str, outcome: str) -> int:
    client = Client(headers={"host": "plaza.localhost"})
    client.force_login(Person.objects.get(pk=town.people[name]))
    town.pass_time(seconds=1)
    number = Appeal.objects.get().pk
    page = client.get(f"/console/appeals/{number}")
    assert page.status_code == 200
    typed = {**carried(page.content.decode()), "outcome": outcome, "reason": "Songs are quoted."}
    answer = client.post(f"/console/appeals/{number}/decide", typed)
    return answer.status_code


def test_an_author_elsewhere_reads_the_reasons_and_appeals_once(town: Town, mallory: Author) -> None:
    """Clause, words and reason without an account; the appeal is on the record under the post's name."""
    page = mallory.read()
    first, second = mallory.appeal(), mallory.appeal("Again.")

    assert "It is a threat." in page
    assert "I will find you." in page
    assert (first, second) == (200, 409)
    assert "It was a line from a song." in mallory.read()
    assert Appeal.objects.get().appellant is None
    assert town.verbs()[-1] == "appeal.filed"


def test_a_different_moderator_hears_it_and_the_platform_is_told(
    town: Town, mallory: Author, platform: Platform
) -> None:
    """Dave, who decided, may not; Erin reverses: the forum hears of the appeal and what the post comes to."""
    mallory.appeal()
    dave, erin = _hear(town, "dave", "reverse"), _hear(town, "erin", "reverse")
    work(town)
    told_of = [json.loads(body) for _, body in platform.came]

    assert (dave, erin) == (403, 302)
    assert [message["type"] for message in told_of] == ["decision.made", "decision.reversed", "appeal.decided"]
    assert told_of[-1]["data"]["appeal"]["state"] == "reversed"
    assert told_of[-1]["data"]["appeal"]["reason"] == "Songs are quoted."
    assert told_of[-1]["data"]["now"]["visibility"] == "public"
    assert "The decision is undone." in mallory.read()
    assert town.verbs()[-4:] == ["appeal.filed", "appeal.decided", "webhook.delivered", "webhook.delivered"]


def test_an_upheld_decision_is_told_as_well(town: Town, mallory: Author, platform: Platform) -> None:
    """The author reads the reason behind the link, the forum in the message; nothing is undone."""
    mallory.appeal()
    _hear(town, "erin", "uphold")
    work(town)
    last = json.loads(platform.came[-1][1])

    assert (last["type"], last["data"]["appeal"]["state"]) == ("appeal.decided", "upheld")
    assert last["data"]["now"]["visibility"] == "removed"
    assert "Songs are quoted." in mallory.read()


def test_the_time_to_appeal_ends(town: Town, mallory: Author) -> None:
    """After six months the page says since when, and an appeal is refused."""
    town.pass_time(days=184)

    assert "The time to appeal ended" in mallory.read()
    assert mallory.appeal() == 403
    assert not Appeal.objects.exists()


def test_an_appeal_says_why(town: Town, mallory: Author) -> None:
    """Without a word, or with too many, it comes back with a sentence."""
    assert (mallory.appeal("  "), mallory.appeal("x" * 2001)) == (422, 422)
    assert not Appeal.objects.exists()


def test_a_link_opens_one_decision_alone(town: Town, mallory: Author, ask: Ask, platform_key: str) -> None:
    """A token that was changed in any character, of another decision, or at another community, opens nothing."""
    token = mallory.path.rpartition("/")[2]
    wrong = [token[:i] + ("A" if token[i] != "A" else "B") + token[i + 1 :] for i in range(len(token))]
    statuses = {mallory.client.get(f"/appeal/{each}").status_code for each in (*wrong, token[:-1], token + "A", "x")}
    harbour = Client(headers={"host": "harbour.localhost"})

    assert statuses == {404}
    assert harbour.get(mallory.path).status_code == 404
    assert harbour.post(mallory.path, {"text": "Mine now."}).status_code == 404
    assert decision_of(token) == Decision.objects.get().pk


def test_a_link_is_no_way_to_a_members_decision(town: Town) -> None:
    """A member appeals signed in; a token for such a decision, which nobody is given, opens nothing."""
    town.report("carol", town.post("bob", QUEUED).post_id)
    decision_id = town.decide("dave", Action.REMOVE)
    client = Client(headers={"host": "plaza.localhost"})
    path = f"/appeal/{token_of(decision_id)}"

    assert (client.get(path).status_code, client.post(path, {"text": "Bob's."}).status_code) == (404, 404)


def test_a_link_outlives_the_secret_that_it_was_made_with(
    town: Town, mallory: Author, settings: Settings, tmp_path: Path
) -> None:
    """As long as the settings name the former one; else its page says what to do, and `doctor` what has happened."""
    path, former = mallory.path, settings.SECRET_KEY
    (tmp_path / "keys").mkdir()
    settings.WARDMOTE_HOME = tmp_path
    before = [finding.state for finding in inside.secret()]
    settings.SECRET_KEY = "another secret"
    dead, found = mallory.client.get(path), next(inside.secret())
    settings.SECRET_KEY_FALLBACKS = [former]
    alive, mended = mallory.client.get(path), next(inside.secret())

    assert (dead.status_code, alive.status_code) == (404, 200)
    assert "it has been replaced: ask your platform" in said(dead.content.decode())
    assert (before, found.state, mended.state) == ([State.OK], State.WARNING, State.OK)
    assert "WARDMOTE_FORMER_SECRETS" in found.mend


def test_the_page_is_kept_by_nobody(town: Town, mallory: Author) -> None:
    """Its address is the key: not cached, not indexed, not passed on in a referrer."""
    headers = mallory.client.get(mallory.path).headers

    assert "no-store" in headers["Cache-Control"]
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_suspended_community_still_hears_its_authors_elsewhere(town: Town, mallory: Author) -> None:
    """Visitors are locked out of its pages, and the link still opens."""
    Community.objects.filter(pk=town.plaza).update(
        state=CommunityState.SUSPENDED.value, state_since=town.now, state_reason="A test."
    )

    assert mallory.client.get("/").status_code == 451
    assert mallory.appeal() == 200


def test_a_post_deleted_during_its_appeal_is_forgotten_after(
    town: Town, mallory: Author, ask: Ask, platform_key: str
) -> None:
    """Erin still reads what she hears; once she has decided, the text and the words of the appeal are gone."""
    mallory.appeal()
    tell(ask, platform_key, told(9, "delete"))
    number = Appeal.objects.get().pk
    heard = queries.appeal(community_id=town.plaza, appeal_id=number, member_id=town.members["erin"])
    _hear(town, "erin", "uphold")
    after = queries.appeal(community_id=town.plaza, appeal_id=number, member_id=town.members["erin"])

    assert heard is not None
    assert after is not None
    assert (heard.item.text, heard.text) == (HELD, "It was a line from a song.")
    assert (after.item.text, after.text) == ("", "")


def test_no_action_leaves_nothing_to_appeal_against(
    town: Town, ask: Ask, platform_key: str, platform: Platform
) -> None:
    """The message has no link, and a link that somebody made would open nothing."""
    ask("POST", "/v1/webhook", {"url": platform.url}, key=platform_key)
    tell(ask, platform_key, told(1))
    decision_id = town.decide("dave", Action.NONE)
    work(town)
    client = Client(headers={"host": "plaza.localhost"})

    assert json.loads(platform.came[0][1])["data"]["appeal"] is None
    assert client.get(f"/appeal/{token_of(decision_id)}").status_code == 404


def test_the_link_is_https_where_the_installation_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """And has no port then: a proxy stands in front."""
    monkeypatch.setattr(settings, "SECURE", True)
    address = appeal_address(domain="plaza.example", decision_id=5)

    assert address == f"https://plaza.example/appeal/{token_of(5)}"
    assert decision_of(token_of(5)) == 5
