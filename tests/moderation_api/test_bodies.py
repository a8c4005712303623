"""How a body may come: packed, with a mark before it, and in languages that no model reads."""

import gzip
import json
import tracemalloc
from typing import Any

import pytest
from tests.moderation_api.conftest import Counter
from tests.moderation_api.live import Live

from wardmote.edges.moderation_api.wire import BODY_LIMIT

ANALYZE = "/v1alpha1/comments:analyze"
MODERATE = "/v1/moderations"
TAMIL = "நான் உன்னை கொன்றுவிடுவேன்"


def test_a_body_packed_with_gzip_is_read(counter: Counter) -> None:
    """As many clients send it, with the header that says so."""
    body = gzip.compress(json.dumps({"input": "Hello there."}).encode())
    assert counter.send("POST", MODERATE, body, **{"content-encoding": "gzip"})[0] == 200


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (gzip.compress(b" " * (BODY_LIMIT + 1)), "gzip", 413, "body_too_large"),
        (gzip.compress(b" " * BODY_LIMIT) * 2, "gzip", 413, "body_too_large"),
        (gzip.compress(b"{}")[:-4], "gzip", 400, "invalid_gzip"),
        (b"{}", "gzip", 400, "invalid_gzip"),
        (b"{}", "br", 415, "unsupported_encoding"),
        (gzip.compress(b"{}"), "", 400, "invalid_utf8"),
    ],
    ids=["bomb", "two halves", "cut", "none", "brotli", "not said"],
)
def test_what_cannot_be_unpacked_says_why(counter: Counter, body: bytes, encoding: str, status: int, code: str) -> None:
    """Bounded by what it would be unpacked, and told in one sentence."""
    found, answer = counter.send("POST", MODERATE, body, **{"content-encoding": encoding})
    assert (found, answer["error"]["code"]) == (status, code)


def test_a_bomb_is_not_unpacked_past_the_limit(counter: Counter) -> None:
    """What would be 100 MB is left where it is: a request takes no more memory than its limit allows."""
    bomb = gzip.compress(bytes(50 * BODY_LIMIT), compresslevel=1)
    tracemalloc.start()
    try:
        status, _ = counter.send("POST", MODERATE, bomb, **{"content-encoding": "gzip"})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert len(bomb) < BODY_LIMIT
    assert status == 413
    assert most < 5 * BODY_LIMIT


def test_a_stream_is_not_packed(counter: Counter) -> None:
    """It is answered line by line, as it comes."""
    headers = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}
    status, answer = counter.send("POST", "/v1/screen", b"", **headers)
    assert (status, answer["error"]["code"]) == (415, "unsupported_encoding")


def test_a_byte_order_mark_is_passed_over(counter: Counter) -> None:
    """As Windows writes it before a file."""
    body = b"\xef\xbb\xbf" + json.dumps({"input": "Hello there."}).encode()
    assert counter.send("POST", MODERATE, body)[0] == 200


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (["hi", None], "input[1]"),
        (["hi", "ho", {"type": "text", "text": "x"}], "input[2]"),
        ([{"type": "text", "text": "x"}, "hi"], "input[1]"),
        ([None, "hi"], "input[0]"),
    ],
)
def test_the_entry_that_is_wrong_is_the_one_that_is_named(counter: Counter, given: list[Any], place: str) -> None:
    """Not the first of the list."""
    status, answer = counter.post(MODERATE, {"input": given})
    assert (status, answer["error"]["param"]) == (400, place)
    assert place in answer["error"]["message"]


@pytest.mark.parametrize(("text", "language"), [(TAMIL, "ta"), ("Ich bring dich um.", "de")])
def test_perspective_refuses_what_no_model_reads(counter: Counter, text: str, language: str) -> None:
    """In its own words, with the language that was detected."""
    status, answer = counter.post(ANALYZE, {"comment": {"text": text}, "requestedAttributes": {"THREAT": {}}})

    assert status == 400
    assert answer["error"]["message"] == f"Attribute THREAT does not support request languages: {language}"
    assert answer["error"]["details"][0]["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert answer["error"]["details"][0]["languageNotSupportedByAttributeError"] == {
        "detectedLanguages": [language],
        "attribute": "THREAT",
    }


def test_openais_answer_says_that_nothing_was_applied(counter: Counter) -> None:
    """Each text by itself: one that no model reads has no number that looks like an opinion."""
    status, answer = counter.post(MODERATE, {"input": [TAMIL, "Hello there."]})
    foreign, english = answer["results"]

    assert status == 200
    assert foreign["not_covered"] == {"language": "ta"}
    assert set(foreign["category_scores"].values()) == {0.0}
    assert {len(kinds) for kinds in foreign["category_applied_input_types"].values()} == {0}
    assert "not_covered" not in english


def test_screening_answers_the_others_of_a_batch(counter: Counter) -> None:
    """What no model reads is refused in its place, with the reason."""
    _, answer = counter.post("/v1/screen", {"texts": [TAMIL, "Hello there."]})
    foreign, english = answer["results"]

    assert foreign["error"]["code"] == "language_not_supported"
    assert "'ta'" in foreign["error"]["message"]
    assert english["languages"] == ["en"]


def test_the_front_says_what_this_is(live: Live) -> None:
    """Whoever opens the server's address in a browser finds the way to its description."""
    status, answer, _ = live.send("GET", "/", authorization="")
    found, described, _ = live.send("GET", answer["description"], authorization="")

    assert (status, found) == (200, 200)
    assert described["openapi"].startswith("3.")
