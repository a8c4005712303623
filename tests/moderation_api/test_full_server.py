import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.moderation_api.conftest import Ask
from tests.scenario import HELD, PLAIN, QUEUED, Town

from wardmote.communities import operations as communities
from wardmote.communities.policy import CommunityState
from wardmote.edges.moderation_api.wire import FROM_FRONT
from wardmote.journeys.owners.keys import count_use, issue_key, revoke_key
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.urn import Urn
from wardmote.people.models import ApiKey, KeyUse
from wardmote.people.policy import Scope, Window
from wardmote.record import queries as record

THREAT = {"comment": {"text": "[violence.threat 0.9]"}, "requestedAttributes": {"THREAT": {}}}
ENDPOINTS: dict[tuple[str, str], tuple[Scope | None, Any]] = {
    ("POST", "/v1alpha1/comments:analyze"): (Scope.ANALYZE, THREAT),
    ("POST", "/v1alpha1/comments:suggestscore"): (
        Scope.ANALYZE,
        {"comment": {"text": "x"}, "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.5}}}},
    ),
    ("POST", "/v1/moderations"): (Scope.MODERATE, {"input": "x"}),
    ("GET", "/v1/models"): (None, None),
    ("GET", "/v1/models/omni-moderation-latest"): (None, None),
    ("POST", "/v1/screen"): (Scope.SCREEN, {"text": "x"}),
    ("POST", "/v1/events"): (Scope.EVENTS, {"events": [{}]}),
    ("GET", "/v1/webhook"): (Scope.EVENTS, None),
    ("POST", "/v1/webhook"): (Scope.EVENTS, {"url": None}),
    ("GET", "/v1/webhook/deliveries"): (Scope.EVENTS, None),
}
"""Every address that needs a key: the scope that opens it, and a body that it takes."""


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_each_address_opens_to_its_own_scope_alone(town: Town, ask: Ask, endpoint: tuple[str, str]) -> None:
    """No key: 401, or Google's 403. A key of another scope: 403. The right one: 200. A revoked one: as none."""
    scope, body = ENDPOINTS[endpoint]
    refused = 403 if "v1alpha1" in endpoint[1] else 401
    got = {}
    for held in Scope:
        key = issue_key(name=held.value, scopes=[held], community_id=town.plaza, now=town.now)
        got[held] = ask(*endpoint, body, key=key)[0]
    revoke_key(name="screen", now=town.now)

    assert got == {held: 200 if scope in (None, held) else 403 for held in Scope}
    assert [ask(*endpoint, body)[0], ask(*endpoint, body, key="wm_wrong")[0]] == [refused, refused]
    assert ask(*endpoint, body, key=key.replace("wm_", "wm_x"))[0] == refused


def test_a_revoked_key_opens_nothing_at_once(town: Town, ask: Ask) -> None:
    """The very next request is refused, and the record has both ends of the key's life."""
    key = issue_key(name="blog", now=town.now)
    before, _ = ask("GET", "/v1/models", key=key)
    revoke_key(name="blog", now=town.now)
    after, _ = ask("GET", "/v1/models", key=key)

    row = ApiKey.objects.get(name="blog")
    assert (before, after) == (200, 401)
    assert key not in str(list(ApiKey.objects.values()))
    assert [entry.verb for entry in record.history([row.urn])] == ["key.issued", "key.revoked"]


def test_a_name_is_one_keys_as_long_as_it_is_in_use(town: Town) -> None:
    """Two keys of one name could not be told apart; after a revocation the name is free."""
    issue_key(name="blog", now=town.now)
    with pytest.raises(Conflict):
        issue_key(name="blog", now=town.now)
    revoke_key(name="blog", now=town.now)
    issue_key(name="blog", now=town.now)
    with pytest.raises(NotFound):
        revoke_key(name="blog", community_id=town.plaza, now=town.now)

    assert ApiKey.objects.filter(name="blog").count() == 2


def test_a_key_for_events_is_for_one_community(town: Town) -> None:
    """Nobody speaks for all communities at once."""
    with pytest.raises(Invalid):
        issue_key(name="all", scopes=[Scope.EVENTS], now=town.now)


@pytest.mark.parametrize(
    ("text", "route", "clause"), [(HELD, "hold", "1.1"), (QUEUED, "queue", "1.1"), (PLAIN, "publish", None)]
)
def test_a_communitys_policy_is_applied(town: Town, ask: Ask, text: str, route: str, clause: str | None) -> None:
    """The answer says what would become of the text there, and under which version of the policy."""
    key = issue_key(name="blog", now=town.now)
    status, content = ask("POST", "/v1/screen", {"text": text, "community": "plaza"}, key=key)

    assert status == 200
    assert content["policy"]["community"] == "plaza"
    assert content["policy"]["number"] == 1
    assert content["results"][0]["routing"]["route"] == route
    assert content["results"][0]["routing"]["clause"] == clause


def test_a_communitys_key_opens_no_other_community(town: Town, ask: Ask) -> None:
    """It applies its own policy without being told, and refuses another's."""
    key = issue_key(name="harbour", community_id=town.harbour, now=town.now)
    _, own = ask("POST", "/v1/screen", {"text": PLAIN}, key=key)
    status, other = ask("POST", "/v1/screen", {"text": PLAIN, "community": "plaza"}, key=key)

    assert own["policy"]["community"] == "harbour"
    assert (status, other["error"]["code"]) == (403, "wrong_community")


def test_a_stream_is_answered_by_a_stream(town: Town, ask: Ask) -> None:
    """Line by line, with the policy named in the query."""
    key = issue_key(name="blog", now=town.now)
    response = Client(headers={"host": "localhost"}).generic(
        "POST",
        "/v1/screen?community=plaza",
        (json.dumps(HELD) + "\n" + json.dumps(PLAIN)).encode(),
        "application/x-ndjson",
        headers={"authorization": f"Bearer {key}"},
    )
    lines = [json.loads(line) for line in response.getvalue().splitlines()]

    assert response.headers["content-type"] == "application/x-ndjson"
    assert [line["routing"]["route"] for line in lines] == ["hold", "publish"]


def test_limits_hold_across_what_the_database_knows(town: Town) -> None:
    """Another process, with nothing in its memory, cannot go past what is handed out; the next day begins anew."""
    from wardmote.people.engine import LeasedMeter

    issue_key(name="blog", now=town.now)
    key_id = str(ApiKey.objects.get().pk)
    wish: dict[str, Any] = {"key_id": key_id, "window": Window.DAY, "limit": 100, "now": town.now}
    first = [count_use(**wish, amount=10).granted for _ in range(9)]
    other = LeasedMeter()
    second = [other.lease(**wish, amount=5).granted for _ in range(3)]
    tomorrow = count_use(**{**wish, "now": town.now + timedelta(days=1)}, amount=60)

    assert first == [True] * 9
    assert second == [True, True, False]
    assert (tomorrow.granted, tomorrow.left) == (True, 40)


def test_a_limit_is_told_and_kept(town: Town, ask: Ask) -> None:
    """The third request of two is refused in the dialect of its address."""
    key = issue_key(name="slow", requests_per_minute=2, now=town.now)
    allowed = [ask("GET", "/v1/models", key=key)[0] for _ in range(2)]
    status, openai = ask("POST", "/v1/moderations", {"input": "x"}, key=key)
    _, google = ask("POST", "/v1alpha1/comments:analyze", THREAT, key=key)

    assert allowed == [200, 200]
    assert (status, openai["error"]["code"]) == (429, "rate_limit_exceeded")
    assert google["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert KeyUse.objects.get(window="minute").used == 2


def test_no_session_or_cookie_is_touched(town: Town, ask: Ask) -> None:
    """The answer sets none and does not vary by any; a key in the query is enough, a session is nothing."""
    key = issue_key(name="blog", now=town.now)
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    client.cookies["sessionid"] = "stolen"
    response = client.post(f"/v1alpha1/comments:analyze?key={key}", THREAT, content_type="application/json")

    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_on_a_communitys_domain_the_api_does_not_exist(town: Town) -> None:
    """It is the host's; a community's pages keep their addresses."""
    response = Client(headers={"host": "plaza.localhost"}).post("/v1/moderations", {}, content_type="application/json")

    assert response.status_code == 404
    assert b"<html" in response.content


def test_what_breaks_is_answered_in_json_and_logged_without_the_text(
    town: Town, ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Our own fault is a 500 in the client's dialect; what it sent is not in the log."""
    key = issue_key(name="blog", now=town.now)

    def broken(*_: object) -> None:
        raise RuntimeError("seventeen lanterns")

    monkeypatch.setattr("wardmote.edges.moderation_api.endpoints.answer_moderate", broken)
    status, answer = ask("POST", "/v1/moderations", {"input": "seventeen lanterns"}, key=key)

    assert (status, answer["error"]["type"]) == (500, "server_error")
    assert "RuntimeError" in caplog.text
    assert "lanterns" not in caplog.text


def test_the_record_knows_for_whom_a_key_speaks(town: Town) -> None:
    """A community's key stands in that community's part of the record."""
    issue_key(name="harbour", community_id=town.harbour, now=town.now)
    (entry,) = [e for e in record.history([Urn("community", town.harbour)]) if e.verb == "key.issued"]

    assert entry.subject == ApiKey.objects.get().urn


@pytest.mark.parametrize("state", [CommunityState.SUSPENDED, CommunityState.TERMINATED])
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=" ".join)
def test_the_keys_of_a_community_that_the_host_stopped_open_nothing(
    town: Town, ask: Ask, endpoint: tuple[str, str], state: CommunityState
) -> None:
    """403 at every address, with a sentence that says why; the host's own keys go on."""
    _, body = ENDPOINTS[endpoint]
    theirs = issue_key(name="theirs", community_id=town.plaza, now=town.now)
    before, _ = ask(*endpoint, body, key=theirs)
    communities.set_state(
        community_id=town.plaza,
        state=state,
        reason="Threats.",
        decision=Urn("upstream_notice", 1),
        now=town.now,
    )
    status, answer = ask(*endpoint, body, key=theirs)

    assert (before, status) == (200, 403)
    assert f"The host has {state.value} this key's community" in str(answer)
    assert ask("GET", "/v1/models", key=issue_key(name="hosts", now=town.now))[0] == 200


def test_the_characters_of_a_key_are_counted(town: Town, ask: Ask) -> None:
    """Few requests may hold much text: past what the key is granted in a minute the answer is 429."""
    key = issue_key(name="blog", requests_per_minute=100, texts_per_day=1_000, now=town.now)
    texts = {"texts": ["x " * 4_500] * 11}
    first, _ = ask("POST", "/v1/screen", texts, key=key)
    second, answer = ask("POST", "/v1/screen", texts, key=key)
    town.pass_time(seconds=61)
    third, _ = ask("POST", "/v1/screen", texts, key=key)

    assert (first, second, third) == (200, 429, 200)
    assert "Rate limit reached: 100,000 characters a minute" in str(answer)


def test_no_page_thread_does_the_apis_work(town: Town) -> None:
    """What came through the front as a page is none of the API's, whatever its path: 404, and nothing is counted."""
    key = issue_key(name="blog", now=town.now)
    body = json.dumps({"text": "x"})
    headers = {"authorization": f"Bearer {key}"}
    marked: Any = {FROM_FRONT: True}
    client = Client(headers={"host": "localhost"}, **marked)
    answer = client.post("/v1/screen", body, "application/json", headers=headers)

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
    assert not KeyUse.objects.exists()
