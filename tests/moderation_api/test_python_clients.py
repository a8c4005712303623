"""The official Python clients, unchanged, against a live server: one changed URL each."""

import warnings
from typing import Any

import pytest
from tests.moderation_api.live import Live

openai = pytest.importorskip("openai", reason="needs the openai client, from requirements-dev.lock")
googleapiclient = pytest.importorskip("googleapiclient", reason="needs Google's client, from requirements-dev.lock")

THREAT = "I will kill you tonight."


@pytest.fixture
def moderations(live: Live) -> Any:
    with openai.OpenAI(base_url=f"{live.url}/v1", api_key=live.key, max_retries=0) as client:
        yield client


@pytest.fixture
def perspective(live: Live) -> Any:
    client = build(live, live.key)
    yield client
    client.close()


def build(live: Live, key: str) -> Any:
    """Google's client, built from the document that the server itself serves."""
    from googleapiclient import discovery

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return discovery.build(
            "commentanalyzer",
            "v1alpha1",
            developerKey=key,
            discoveryServiceUrl=f"{live.url}/$discovery/rest?version=v1alpha1",
            static_discovery=False,
        )


def analyze(client: Any, **body: Any) -> Any:
    request = {"comment": {"text": THREAT}, "requestedAttributes": {"THREAT": {}}, **body}
    return client.comments().analyze(body=request).execute()


def test_openais_client_gets_its_own_types(moderations: Any) -> None:
    """Every field of its result is there and of its type."""
    answer = moderations.moderations.create(input=THREAT, model="omni-moderation-latest")

    (result,) = answer.results
    assert result.flagged is True
    assert result.categories.violence is True
    assert result.categories.sexual_minors is False
    assert result.category_scores.harassment_threatening > 0.5
    assert result.category_applied_input_types.violence == ["text"]


def test_openais_client_sends_a_list_and_parts(moderations: Any) -> None:
    """Several texts, and one thing in parts."""
    several = moderations.moderations.create(input=[THREAT, "Good morning."])
    parts = moderations.moderations.create(input=[{"type": "text", "text": THREAT}])

    assert [result.flagged for result in several.results] == [True, False]
    assert [result.flagged for result in parts.results] == [True]


def test_openais_client_lists_the_models(moderations: Any) -> None:
    """With what is not covered beside what is."""
    models = list(moderations.models.list())
    one = moderations.models.retrieve("omni-moderation-latest")

    assert "omni-moderation-latest" in [model.id for model in models]
    assert "sexual" in one.wardmote["categories_not_covered"] or "sexual" in one.wardmote["categories"]


def test_openais_client_raises_its_own_errors(live: Live, moderations: Any) -> None:
    """One class for each: no such model, an image, too much, a bad key, no such scope."""
    create = moderations.moderations.create
    with pytest.raises(openai.NotFoundError, match="gpt-9"):
        create(input="x", model="gpt-9")
    with pytest.raises(openai.BadRequestError, match="Images are not judged here") as image:
        create(input=[{"type": "image_url", "image_url": {"url": "https://x.example/y.png"}}])
    with pytest.raises(openai.BadRequestError):
        create(input=["x"] * 10_000)
    with pytest.raises(openai.AuthenticationError, match="Incorrect API key"):
        moderations.with_options(api_key="wm_wrong").moderations.create(input="x")
    with pytest.raises(openai.PermissionDeniedError):
        moderations.with_options(api_key=live.narrow).moderations.create(input="x")

    assert image.value.code == "image_input_not_supported"
    assert image.value.param == "input[0]"


def test_openais_client_is_told_when_to_come_back(live: Live) -> None:
    """Its rate limit error has the headers; a day's quota is not tried again at once."""
    with openai.OpenAI(base_url=f"{live.url}/v1", api_key=live.slow, max_retries=3) as client:
        first = client.moderations.with_raw_response.create(input=["x", "y"])
        with pytest.raises(openai.RateLimitError) as refused:
            client.moderations.create(input=["x", "y"])

    assert first.headers["x-ratelimit-remaining-requests"] == "1"
    assert first.headers["x-ratelimit-remaining-texts"] == "1"
    assert refused.value.code == "insufficient_quota"
    assert int(refused.value.response.headers["retry-after"]) > 60


def test_googles_client_builds_itself_and_scores(perspective: Any) -> None:
    """The example of Perspective's own pages, with one changed URL."""
    answer = analyze(perspective, spanAnnotations=True, doNotStore=True, clientToken="token")

    assert answer["attributeScores"]["THREAT"]["summaryScore"]["value"] > 0.5
    assert answer["attributeScores"]["THREAT"]["spanScores"][0]["end"] == len(THREAT)
    assert answer["clientToken"] == "token"


def test_googles_client_sends_suggestions(live: Live, perspective: Any) -> None:
    """They lie in the file that the server was started with."""
    body = {
        "comment": {"text": "You are a tree."},
        "attributeScores": {"THREAT": {"summaryScore": {"value": 0.1}}},
        "clientToken": "t",
    }
    answer = perspective.comments().suggestscore(body=body).execute()

    assert answer == {"clientToken": "t"}
    assert "You are a tree." in live.labels.read_text(encoding="utf-8")


def test_googles_client_raises_its_own_errors(live: Live, perspective: Any) -> None:
    """HttpError with the reason and the details that its users' code looks into."""
    from googleapiclient.errors import HttpError

    with pytest.raises(HttpError, match="Comment must be non-empty"):
        analyze(perspective, comment={"text": ""})
    with pytest.raises(HttpError) as language:
        analyze(perspective, languages=["it"])
    with build(live, "wm_wrong") as stranger, pytest.raises(HttpError) as key:
        analyze(stranger)

    assert language.value.resp.status == 400
    assert language.value.error_details[0]["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert key.value.resp.status == 403
