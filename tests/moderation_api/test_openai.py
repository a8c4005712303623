from typing import Any

import pytest
from tests.moderation_api.conftest import Counter

from wardmote.edges.moderation_api.coverage import CATEGORIES

MODERATE = "/v1/moderations"
THREAT = "I will find you. [violence.threat 0.9]"


def test_one_text_gives_one_result(counter: Counter) -> None:
    """Every category of theirs is there; what ours cover is flagged, and says that it looked at text."""
    status, content = counter.post(MODERATE, {"input": THREAT})

    (result,) = content["results"]
    assert status == 200
    assert content["id"].startswith("modr-")
    assert result["flagged"] is True
    assert {name for name, found in result["categories"].items() if found} == {"violence", "harassment/threatening"}
    assert result["category_scores"]["violence"] == 0.9
    assert set(result["categories"]) == set(result["category_scores"]) == set(CATEGORIES)


def test_what_no_model_covers_is_false_zero_and_applied_to_nothing(counter: Counter) -> None:
    """The clients' types demand a value; it is one that says nothing, and the models' list says so."""
    _, content = counter.post(MODERATE, {"input": THREAT})
    _, models = counter.send("GET", "/v1/models")

    (result,) = content["results"]
    not_covered = models["data"][0]["wardmote"]["categories_not_covered"]
    assert "sexual/minors" in not_covered
    assert {result["categories"][name] for name in not_covered} == {False}
    assert {result["category_scores"][name] for name in not_covered} == {0.0}
    assert [result["category_applied_input_types"][name] for name in not_covered] == [[]] * len(not_covered)


def test_a_list_gives_one_result_for_each(counter: Counter) -> None:
    """In the order of the input."""
    _, content = counter.post(MODERATE, {"input": ["Hello.", THREAT, ""], "model": "omni-moderation-latest"})

    assert [result["flagged"] for result in content["results"]] == [False, True, False]


def test_parts_are_judged_as_one_thing(counter: Counter) -> None:
    """Text parts give a single result."""
    parts = [{"type": "text", "text": "Hello."}, {"type": "text", "text": THREAT}]
    _, content = counter.post(MODERATE, {"input": parts})

    assert [result["flagged"] for result in content["results"]] == [True]


@pytest.mark.parametrize(
    ("content", "status", "code", "param"),
    [
        ({}, 400, "missing_required_parameter", "input"),
        ({"input": []}, 400, "empty_array", "input"),
        ({"input": 7}, 400, "invalid_type", "input"),
        ({"input": ["x"] * 1_001}, 400, "array_above_max_length", "input"),
        ({"input": ["x"] * 10_000}, 400, "array_above_max_length", "input"),
        ({"input": ["x", {"type": "text", "text": "y"}]}, 400, "invalid_type", "input[1]"),
        (
            {"input": [{"type": "image_url", "image_url": {"url": "https://x.example/y.png"}}]},
            400,
            "image_input_not_supported",
            "input[0]",
        ),
        ({"input": "x" * 50_001}, 400, "invalid_text", "input"),
        ({"input": ["x", "\ud800"]}, 400, "invalid_text", "input[1]"),
        ({"input": "x", "model": "gpt-9"}, 404, "model_not_found", "model"),
        ({"input": "x", "modle": "y"}, 400, "unknown_parameter", "modle"),
        ([], 400, "invalid_type", None),
    ],
)
def test_a_request_is_refused_in_openais_shape(
    counter: Counter, content: Any, status: int, code: str, param: str | None
) -> None:
    """Status, code and parameter say what is wrong."""
    got, answer = counter.post(MODERATE, content)

    error = answer["error"]
    assert (got, error["type"]) == (status, "invalid_request_error")
    assert (error["param"], error["message"] != "") == (param, True)
    assert error["code"] in (code, "string_above_max_length")


def test_one_model_is_shown_by_its_name(counter: Counter) -> None:
    """Under every name that clients use; any other is refused."""
    status, model = counter.send("GET", "/v1/models/omni-moderation-latest")
    missing, answer = counter.send("GET", "/v1/models/gpt-9")

    assert (status, model["id"], model["object"]) == (200, "omni-moderation-latest", "model")
    assert (missing, answer["error"]["code"]) == (404, "model_not_found")


def test_an_address_that_does_not_exist_is_told_in_json(counter: Counter) -> None:
    """404 for no such address, 405 with Allow for another method."""
    missing, _ = counter.send("POST", "/v1/chat/completions", b"{}")
    wrong, answer = counter.send("GET", MODERATE)

    assert (missing, wrong) == (404, 405)
    assert answer["error"]["message"] == "This address answers POST."
