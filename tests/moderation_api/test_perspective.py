from typing import Any

import pytest
from tests.moderation_api.conftest import Counter

from wardmote.detect import perspective_scale

ANALYZE = "/v1alpha1/comments:analyze"
SUGGEST = "/v1alpha1/comments:suggestscore"
THREAT = "I will find you tonight. [violence.threat 0.9]"


def asked(text: str = THREAT, **more: Any) -> dict[str, Any]:
    return {"comment": {"text": text}, "requestedAttributes": {"THREAT": {}}, **more}


def test_a_comment_is_scored(counter: Counter) -> None:
    """The plainest request gives the summary score, one span over the whole text, and the language."""
    status, content = counter.post(ANALYZE, asked())

    score = {"value": 0.9, "type": "PROBABILITY"}
    assert status == 200
    assert content == {
        "attributeScores": {
            "THREAT": {"spanScores": [{"begin": 0, "end": len(THREAT), "score": score}], "summaryScore": score}
        },
        "languages": ["en"],
        "detectedLanguages": ["en"],
    }


def test_spans_are_given_by_sentence(counter: Counter) -> None:
    """Each sentence has half-open offsets in characters, also behind characters of four bytes, and its own score."""
    text = "I like 🌳🌳 very much. Now listen: [violence.threat 0.9]"
    _, content = counter.post(ANALYZE, asked(text, spanAnnotations=True))

    spans = content["attributeScores"]["THREAT"]["spanScores"]
    assert [text[span["begin"] : span["end"]] for span in spans] == [
        "I like 🌳🌳 very much.",
        "Now listen: [violence.threat 0.9]",
    ]
    assert [span["score"]["value"] for span in spans] == [0.01, 0.9]


def test_a_score_that_does_not_exceed_its_threshold_is_left_out(counter: Counter) -> None:
    """One above its threshold stays; one below goes, and one that equals it."""
    wanted = {"THREAT": {"scoreThreshold": 0.5}, "IDENTITY_ATTACK": {"scoreThreshold": 0.7}}
    _, above = counter.post(ANALYZE, asked(requestedAttributes=wanted))
    _, equal = counter.post(ANALYZE, asked(requestedAttributes={"THREAT": {"scoreThreshold": 0.9}}))

    assert list(above["attributeScores"]) == ["THREAT"]
    assert "attributeScores" not in equal


def test_scores_are_given_on_perspectives_scale(counter: Counter) -> None:
    """A user's thresholds were chosen on it; a category without a map to it is our own probability."""
    text = "[identity_attack 0.7] [violence.threat 0.7]"
    wanted: dict[str, Any] = {"IDENTITY_ATTACK": {}, "THREAT": {}}
    _, content = counter.post(ANALYZE, asked(text, requestedAttributes=wanted))

    values = {name: score["summaryScore"]["value"] for name, score in content["attributeScores"].items()}
    assert perspective_scale("violence.threat", 0.7) == 0.7
    assert values == {"IDENTITY_ATTACK": 0.7, "THREAT": 0.7}


def test_without_any_score_the_map_is_absent(counter: Counter) -> None:
    """Clients rely on the key being absent when every score is below its threshold."""
    _, content = counter.post(ANALYZE, asked("Hello there.", requestedAttributes={"THREAT": {"scoreThreshold": 0.5}}))

    assert content == {"languages": ["en"], "detectedLanguages": ["en"]}


def test_what_a_client_sends_along_is_taken(counter: Counter) -> None:
    """Every documented field is accepted, in both spellings, and the client's token comes back."""
    status, content = counter.post(
        ANALYZE,
        {
            "comment": {"text": THREAT, "type": "PLAIN_TEXT"},
            "requested_attributes": {"THREAT": {"score_type": "PROBABILITY"}},
            "span_annotations": False,
            "languages": ["en"],
            "do_not_store": True,
            "client_token": "abc",
            "sessionId": "s",
            "communityId": "c",
            "context": {"entries": [{"text": "Before."}]},
        },
    )

    assert status == 200
    assert content["clientToken"] == "abc"


@pytest.mark.parametrize(
    ("content", "message", "kind"),
    [
        (asked(""), "Comment must be non-empty.", "COMMENT_EMPTY"),
        ({"requestedAttributes": {"THREAT": {}}}, "Comment must be non-empty.", "COMMENT_EMPTY"),
        (asked("ä" * 10_241), "Comment text too long.", "COMMENT_TOO_LONG"),
        (asked(requestedAttributes={}), "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES"),
        (asked(requestedAttributes={"NICENESS": {}}), "Unknown requested attribute: NICENESS", "INVALID_REQUEST"),
        (
            asked(requestedAttributes={"THREAT": {"scoreType": "RAW"}}),
            "Requested score type RAW is not supported by attribute THREAT",
            "INVALID_REQUEST",
        ),
        (
            {**asked(), "comment": {"text": "<b>x</b>", "type": "HTML"}},
            "Currently, only 'PLAIN_TEXT' comments are supported",
            "INVALID_REQUEST",
        ),
        (
            asked(context={"entries": [{"text": "x"}], "articleAndParentComment": {"article": {"text": "y"}}}),
            "Context can have either entries or article_and_parent_comment, but both fields were populated.",
            "INVALID_REQUEST",
        ),
    ],
)
def test_a_request_is_refused_in_perspectives_words(
    counter: Counter, content: dict[str, Any], message: str, kind: str
) -> None:
    """Message, status and error type are those that its users' code compares."""
    status, answer = counter.post(ANALYZE, content)

    error = answer["error"]
    assert status == 400
    assert (error["code"], error["message"], error["status"]) == (400, message, "INVALID_ARGUMENT")
    assert error["details"][0]["@type"].endswith("/google.commentanalyzer.v1alpha1.Error")
    assert error["details"][0]["errorType"] == kind


def test_a_language_that_nobody_reads_is_refused(counter: Counter) -> None:
    """The message names the attribute and the languages, and the details repeat them for programs."""
    status, answer = counter.post(ANALYZE, asked(languages=["it", "en"]))

    assert status == 400
    assert answer["error"]["message"] == "Attribute THREAT does not support request languages: it"
    assert answer["error"]["details"][0]["languageNotSupportedByAttributeError"] == {
        "requestedLanguages": ["it"],
        "attribute": "THREAT",
    }


def test_an_attribute_that_no_model_covers_is_refused_like_a_language(counter: Counter) -> None:
    """There is no number for TOXICITY where no head gives one: clients know how to drop an attribute so refused."""
    status, answer = counter.post(ANALYZE, asked(requestedAttributes={"THREAT": {}, "TOXICITY": {}}))

    assert status == 400
    assert answer["error"]["message"] == "Attribute TOXICITY does not support request languages: en"
    assert answer["error"]["details"][0]["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"


def test_unsupported_attributes_are_dropped_where_the_client_says_so(counter: Counter) -> None:
    """With dropUnsupportedAttributes the covered ones are answered."""
    wanted: dict[str, Any] = {"THREAT": {}, "TOXICITY": {}, "INSULT": {}}
    status, answer = counter.post(ANALYZE, asked(requestedAttributes=wanted, dropUnsupportedAttributes=True))

    assert status == 200
    assert list(answer["attributeScores"]) == ["THREAT"]


def test_a_stranger_among_the_fields_is_refused(counter: Counter) -> None:
    """A misspelt field is told as Google's front tells it, not passed over."""
    status, answer = counter.post(ANALYZE, asked(requestedAttribute={}))

    assert status == 400
    assert 'Unknown name "requestedAttribute"' in answer["error"]["message"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1]", b"null", b'"x"', b"", b"{" * 50_000, b'{"a": NaN}'])
def test_a_body_that_makes_no_sense_is_refused(counter: Counter, body: bytes) -> None:
    """Broken JSON, broken UTF-8, another type, a nest: always 400 in Google's shape."""
    status, answer = counter.send("POST", ANALYZE, body)

    assert status == 400
    assert answer["error"]["status"] == "INVALID_ARGUMENT"


def test_a_suggestion_is_kept(counter: Counter) -> None:
    """What the client believes is right is handed on, and its token comes back."""
    status, answer = counter.post(
        SUGGEST,
        {
            "comment": {"text": "You are a tree."},
            "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.2}}},
            "clientToken": "t",
        },
    )

    assert (status, answer) == (200, {"clientToken": "t"})
    assert [(s.text, s.scores) for s in counter.suggested] == [("You are a tree.", {"TOXICITY": 0.2})]


@pytest.mark.parametrize("value", [1.5, -0.1, "high", True, 1e999])
def test_a_suggested_score_that_is_none_is_refused(counter: Counter, value: object) -> None:
    """Scores lie between 0 and 1, and nothing is kept of a suggestion that is refused."""
    scores = {"TOXICITY": {"summaryScore": {"value": value}}}
    status, _ = counter.post(SUGGEST, {"comment": {"text": "x"}, "attributeScores": scores})

    assert status == 400
    assert counter.suggested == []


def test_the_discovery_document_describes_both_methods(counter: Counter) -> None:
    """A client that builds itself learns the paths, and that they are under the address it asked."""
    status, document = counter.send("GET", "/$discovery/rest?version=v1alpha1")

    assert status == 200
    assert document["rootUrl"] == "https://api.example/"
    assert {m["path"] for m in document["resources"]["comments"]["methods"].values()} == {
        "v1alpha1/comments:analyze",
        "v1alpha1/comments:suggestscore",
    }


TAMIL = "நான் உன்னை கொன்றுவிடுவேன்"


def test_a_text_in_a_script_that_english_has_not_is_refused_whatever_the_client_names(counter: Counter) -> None:
    """A client that names English for every comment is not believed; what the text shows itself to be is named."""
    status, answer = counter.post(ANALYZE, asked(TAMIL, languages=["en"]))

    assert status == 400
    assert answer["error"]["details"][0]["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert answer["error"]["details"][0]["languageNotSupportedByAttributeError"] == {
        "detectedLanguages": ["ta"],
        "attribute": "THREAT",
    }


def test_a_client_that_names_english_is_believed_for_latin_letters(counter: Counter) -> None:
    """Whoever asks knows better than a guess by words."""
    status, answer = counter.post(ANALYZE, asked("Ich werde dich finden und umbringen.", languages=["en-GB"]))

    assert (status, answer["languages"]) == (200, ["en-GB"])
