import json

from hypothesis import given
from hypothesis import strategies as st
from tests.moderation_api.conftest import Counter

from wardmote.edges.moderation_api.router import Opened
from wardmote.edges.moderation_api.wire import STREAM_TYPE, Lines

SCREEN = "/v1/screen"
THREAT = "I will find you. [violence.threat 0.9]"
STREAM = {"content-type": STREAM_TYPE}


def stream(counter: Counter, *chunks: bytes, path: str = SCREEN) -> tuple[list[dict[str, object]], bool]:
    """The answered lines, and whether the server would have gone on."""
    opened = counter.open("POST", path, **STREAM)
    assert isinstance(opened, Opened)
    said, going = b"", True
    for chunk in (*chunks, None):
        answered, going = opened.feed(chunk)
        said += answered
        if not going:
            break
    return [json.loads(line) for line in said.splitlines()], going


def test_one_text_is_screened(counter: Counter) -> None:
    """All categories of the detectors, by our own names, and which detectors said so."""
    status, content = counter.post(SCREEN, {"text": THREAT})

    assert status == 200
    assert content["results"][0]["scores"]["violence.threat"] == 0.9
    assert content["detectors"] == [{"name": "dictated", "version": "1"}]
    assert "spans" not in content["results"][0]


def test_an_explanation_points_at_the_words(counter: Counter) -> None:
    """Offsets lead to what carried the score."""
    _, content = counter.post(SCREEN, {"text": THREAT, "explain": True})

    (span,) = content["results"][0]["spans"]
    assert span["category"] == "violence.threat"
    assert THREAT[span["start"] : span["end"]] == "[violence.threat 0.9]"


def test_in_a_batch_each_text_stands_for_itself(counter: Counter) -> None:
    """One that cannot be judged is answered in its place; the client's ids come back."""
    texts = ["Hello.", {"id": "b", "text": "\ud800"}, {"id": "c", "text": THREAT, "language": "fr"}]
    status, content = counter.post(SCREEN, {"texts": texts})

    first, second, third = content["results"]
    assert status == 200
    assert first["scores"]["violence.threat"] == 0.01
    assert (second["id"], second["error"]["code"]) == ("b", "invalid_text")
    assert (third["id"], third["error"]["code"]) == ("c", "language_not_supported")


def test_one_text_alone_is_refused_as_a_whole(counter: Counter) -> None:
    """Its error is the answer's."""
    status, content = counter.post(SCREEN, {"text": THREAT, "language": "fr"})

    assert (status, content["error"]["code"]) == (400, "language_not_supported")


def test_a_stream_is_answered_line_by_line(counter: Counter) -> None:
    """However the bytes are cut; a line that makes no sense is answered in its place."""
    body = json.dumps(THREAT).encode() + b"\n\n" + b'{"id": "2", "text": "Hi."}\n{broken\n"last"'
    lines, going = stream(counter, *[body[i : i + 7] for i in range(0, len(body), 7)])

    assert going
    assert [line.get("id", "") for line in lines] == ["", "2", "", ""]
    assert ["scores" in line for line in lines] == [True, True, False, True]


def test_a_line_that_is_too_long_ends_the_stream(counter: Counter) -> None:
    """With the error as its last line, and no memory for more."""
    lines, going = stream(counter, b'"Hi."\n', b'"' + b"x" * 500_000)

    assert not going
    assert [line.get("error") is None for line in lines] == [True, False]


def test_a_server_without_communities_says_so(counter: Counter) -> None:
    """A policy cannot be applied by one that knows none."""
    status, content = counter.post(SCREEN, {"text": "Hi.", "community": "plaza"})

    assert (status, content["error"]["code"]) == (400, "unknown_community")


@given(st.lists(st.binary(max_size=20)), st.integers(1, 9))
def test_lines_come_out_as_they_went_in(lines: list[bytes], size: int) -> None:
    """Cut anywhere, a stream gives the same lines."""
    body = b"\n".join(lines)
    splitter = Lines()
    out = [line for i in range(0, len(body), size) for line in splitter.feed(body[i : i + size])]

    assert [line for line in body.split(b"\n") if line.strip()] == [*out, *splitter.end()]


def test_no_client_makes_another_script_english(counter: Counter) -> None:
    """A named language is believed only where the text may be written in it."""
    texts = [{"text": "நான் உன்னை கொன்றுவிடுவேன்", "language": "en"}, {"text": "Ich werde dich finden.", "language": "en"}]
    _, content = counter.post(SCREEN, {"texts": texts})

    other_script, latin = content["results"]
    assert other_script["error"]["code"] == "language_not_supported"
    assert latin["languages"] == ["en"]
