import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from tests.moderation_api.live import Live, running
from tests.scenario import PLAIN, Town

from wardmote.edges.moderation_api.origins import BadOrigin, Origins
from wardmote.journeys.owners.keys import issue_key

BLOG = "https://blog.example"
ANALYZE = {"comment": {"text": PLAIN}, "requestedAttributes": {"THREAT": {}}}
ASKED = {"access-control-request-method": "POST", "access-control-request-headers": "content-type, x-goog-api-client"}


@pytest.fixture
def client(town: Town, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The full server, which lets the blog's pages ask."""
    monkeypatch.setattr(settings, "WARDMOTE_API_ORIGINS", frozenset({BLOG}))
    return Client(headers={"host": "localhost"})


def test_no_page_of_another_site_may_ask_unless_it_is_listed(town: Town) -> None:
    """By default a browser is told nothing that would let it, and a preflight is refused."""
    client = Client(headers={"host": "localhost", "origin": BLOG})
    preflight = client.options("/v1/moderations", headers=ASKED)
    answer = client.get("/openapi.json")

    assert preflight.status_code == 405
    assert not [name for name in (*preflight.headers, *answer.headers) if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore", "/v1/moderations", "/v1/screen"]
)
def test_a_listed_page_is_answered_beforehand(client: Client, path: str) -> None:
    """Method and headers are allowed, without a key: a browser sends none with this question."""
    answer = client.options(path, headers=ASKED | {"origin": BLOG})

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == BLOG
    assert answer.headers["access-control-allow-methods"] == "POST"
    assert answer.headers["access-control-allow-headers"] == "content-type, x-goog-api-client"
    assert "access-control-allow-credentials" not in answer.headers


def test_a_listed_page_scores_with_a_key_in_the_query(client: Client, town: Town) -> None:
    """As Perspective's clients in a browser do; a refusal can be read by the page as well, and so can its limits."""
    key = issue_key(name="blog", now=town.now)
    sent = {"origin": BLOG}
    body = json.dumps(ANALYZE)
    taken = client.post(f"/v1alpha1/comments:analyze?key={key}", body, "application/json", headers=sent)
    refused = client.post("/v1alpha1/comments:analyze?key=wrong", body, "application/json", headers=sent)

    assert (taken.status_code, refused.status_code) == (200, 403)
    for answer in (taken, refused):
        assert answer.headers["access-control-allow-origin"] == BLOG
        assert answer.headers["vary"] == "origin"
    assert "x-ratelimit-remaining-requests" in taken.headers["access-control-expose-headers"]


def test_another_page_learns_nothing(client: Client, town: Town) -> None:
    """Its browser keeps the answer from it; a cache is told that the answer depends on the origin."""
    answer = client.options("/v1/moderations", headers=ASKED | {"origin": "https://blog.example.evil.example"})

    assert answer.status_code == 204
    assert answer.headers["vary"] == "origin"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("path", ["/v1/events", "/v1/webhook", "/v1/webhook/deliveries", "/console/", "/"])
def test_what_a_platform_tells_and_hears_by_is_for_no_page(client: Client, path: str) -> None:
    """A key for events has no business in a browser; nor do the pages of this server take part."""
    answer = client.options(path, headers=ASKED | {"origin": BLOG})

    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("names", ["x\r\ny: z", "a" * 1_001, "x; y", ""])
def test_what_is_no_list_of_headers_is_not_given_back(client: Client, names: str) -> None:
    """Nothing of a request's own comes back in a header but names."""
    sent = ASKED | {"origin": BLOG, "access-control-request-headers": names}
    answer = client.options("/v1/moderations", headers=sent)

    assert "access-control-allow-headers" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "blog.example",
        "https://",
        "https://Blog.example",
        "https://blog.example/",
        "https://a@b",
        "ftp://b",
        "null",
        "https://b:0",
    ],
)
def test_what_is_no_origin_is_refused_at_the_start(origin: str) -> None:
    """With a sentence that says how one is written."""
    with pytest.raises(BadOrigin, match="is no origin: write https://name"):
        Origins([origin])


def test_a_bad_origin_in_the_settings_stops_the_start(tmp_path_factory: pytest.TempPathFactory) -> None:
    """One line, naming the setting; the server alone says the same."""
    home = str(tmp_path_factory.mktemp("home"))
    environment = os.environ | {
        "WARDMOTE_HOME": home,
        "WARDMOTE_API_ORIGINS": "blog",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    ran = [
        subprocess.run(
            [sys.executable, "-m", "wardmote", *command], env=environment, capture_output=True, text=True, check=False
        )
        for command in (["key", "list"], ["moderate", "--no-keys", "--allow-origin", "blog"])
    ]

    assert all("'blog' is no origin" in run.stdout + run.stderr for run in ran)
    assert all("Traceback" not in run.stderr and run.returncode for run in ran)


def test_the_server_alone_lets_listed_pages_ask(tmp_path_factory: pytest.TempPathFactory) -> None:
    """`--allow-origin`: the preflight, an answer, a refusal, and a stream."""
    with running(tmp_path_factory.mktemp("origins"), "--allow-origin", BLOG) as live:
        _, _, answered = live.send("POST", "/v1/moderations", {"input": PLAIN}, origin=BLOG)
        status, _, refused = live.send("POST", "/v1/moderations", {"input": 1}, origin=BLOG)
        lines = {"origin": BLOG, "content-type": "application/x-ndjson"}
        _, _, streamed = live.send("POST", "/v1/screen", b'"one"\n', **lines)
        preflight = _preflight(live)

    assert status == 400
    assert {each.get("access-control-allow-origin") for each in (answered, refused, streamed)} == {BLOG}
    assert preflight == (204, BLOG)


def _preflight(live: Live) -> tuple[int, str | None]:
    connection = live.connect()
    connection.request("OPTIONS", "/v1/moderations", headers=ASKED | {"origin": BLOG})
    answer = connection.getresponse()
    found = (answer.status, answer.getheader("access-control-allow-origin"))
    connection.close()
    return found
