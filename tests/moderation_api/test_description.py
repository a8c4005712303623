"""The OpenAPI document holds: what it promises is what the server does, and no request makes a 500."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.moderation_api.conftest import Counter
from tests.moderation_api.live import Live

from wardmote.edges.moderation_api.openapi import document
from wardmote.edges.moderation_api.reference import render

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"
PATHS = ("/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore", "/v1/moderations", "/v1/screen")
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
WORDS = st.sampled_from(
    [
        "comment",
        "text",
        "texts",
        "type",
        "input",
        "model",
        "requestedAttributes",
        "attributeScores",
        "THREAT",
        "summaryScore",
        "value",
        "scoreThreshold",
        "languages",
        "context",
        "entries",
        "id",
        "explain",
        "community",
        "language",
    ]
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
@given(path=st.sampled_from(PATHS), content=ANYTHING)
def test_no_json_makes_a_500(counter: Counter, path: str, content: Any) -> None:
    """Any value at all is answered or refused, and a refusal is of the documented shape."""
    import json

    status, answer = counter.send("POST", path, json.dumps(content).encode())

    assert status in (200, 400, 404)
    assert status == 200 or answer["error"]["message"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(path=st.sampled_from(PATHS), body=st.binary(max_size=200))
def test_no_bytes_make_a_500(counter: Counter, path: str, body: bytes) -> None:
    """Nor do bytes that are no JSON."""
    status, _ = counter.send("POST", path, body)

    assert status in (200, 400)


def test_the_page_says_what_the_server_serves() -> None:
    """`docs/reference/api.md` is made from the description; it is out of date when this fails."""
    assert PAGE.read_text(encoding="utf-8") == render(document("", communities=True))


def test_every_reference_leads_somewhere() -> None:
    """No schema is named that is not there."""
    content = document("https://api.example", communities=True)
    named = {text.rpartition("/")[2] for text in _references(content)}

    assert named <= set(content["components"]["schemas"])


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [found for inner in value.values() for found in _references(inner)]
    if isinstance(value, list):
        return [found for inner in value for found in _references(inner)]
    return []


def test_schemathesis_finds_no_fault(live: Live) -> None:
    """Requests made from the description, right ones and wrong ones: no 500, and every answer as it says."""
    schemathesis = pytest.importorskip("schemathesis", reason="needs schemathesis, from requirements-dev.lock")
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

    schema = schemathesis.openapi.from_url(f"{live.url}/openapi.json")
    checks = [not_a_server_error, status_code_conformance, response_schema_conformance]
    tried = 0
    for operation in schema.get_all_operations():
        strategy = operation.ok().as_strategy()

        @settings(max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=strategy)
        def attack(case: Any) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(checks=checks, headers={"authorization": f"Bearer {live.key}"})

        attack()

    assert tried > 100
