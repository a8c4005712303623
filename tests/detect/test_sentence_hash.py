import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmote.detect.lists.sentence_hash import Saying, same_sentence, sentence_around

NEWS = "Police say a man threatened to shoot Mayor Harlan at the town hall on Friday"


def saying(text: str, target: str = "Harlan") -> Saying:
    start = text.index(target)
    return sentence_around(text, start, start + len(target))


@pytest.mark.parametrize(
    "other",
    [
        NEWS,
        f"BREAKING: {NEWS.upper().replace('HARLAN', 'Harlan')}!!!",
        f"So sad. {NEWS}. Stay safe all of you.",
        f"> {NEWS[:70]}…",
        NEWS.replace("a man", "one man"),
        NEWS.replace(" ", " \u200b").replace("o", "ö"),
    ],
)
def test_a_sentence_that_is_passed_on_is_known_again(other: str) -> None:
    """Shouted, with a word before it, between others, cut off, with one word changed, with invisible characters."""
    assert same_sentence(saying(NEWS), saying(other))


@pytest.mark.parametrize(
    "other",
    [
        "Somebody ought to shoot Mayor Harlan when he comes out of church",
        "I know exactly where Mayor Harlan parks and I have a rifle ready",
        f"{NEWS[:20]}. I will do the same to Harlan with my own two hands soon",
    ],
)
def test_ones_own_words_are_ones_own(other: str) -> None:
    """The same target and a few words in common make no copy, nor does a quote in another sentence."""
    assert not same_sentence(saying(NEWS), saying(other))


def test_a_short_cry_is_never_a_copy() -> None:
    """Whoever writes three words may have found them alone: two who do are two."""
    assert saying("Hang Harlan tonight") == ()
    assert not same_sentence((), ())


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 40))
def test_any_text_has_a_saying(text: str, start: int, length: int) -> None:
    """Whatever stands there: numbers of 32 bits, and the same as itself unless it is short."""
    start = min(start, len(text))
    found = sentence_around(text, start, min(len(text), start + length))

    assert all(0 <= number < 2**32 for number in found)
    assert same_sentence(found, found) is bool(found)
