"""Folding: what is the same text to the model, and where it lies in the original."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.detect.models import random_detector

from wardmote.detect.text.folding import fold_character

LATIN = st.text(st.characters(codec="utf-8", min_codepoint=32, max_codepoint=0x24F), max_size=60)


def scores(text: str) -> list[float]:
    return [signal.score for signal in random_detector().examine(text)]


def words(text: str) -> list[str]:
    return [text[word.start : word.end] for word in random_detector().explain(text).words]


@pytest.mark.parametrize(
    "disguised",
    [
        "I WILL KILL YOU",
        "I w\u200bill k\u00adill y\u2060ou",
        "I w\u0301ill k\u0336i\u0336l\u0336l you",
        "\uff29 \uff57\uff49\uff4c\uff4c \uff4b\uff49\uff4c\uff4c \uff59\uff4f\uff55",
        "\U0001d408 \U0001d430\U0001d422\U0001d425\U0001d425 \U0001d424\U0001d422\U0001d425\U0001d425 you",
        "I w1ll k!ll y0u",
        "@alice I will kill you https://example.org/x",
        "I, will: kill... you!!!",
    ],
)
def test_disguises_are_seen_through(disguised: str) -> None:
    """Case, invisible characters, accents, wide and mathematical letters, leet, links and mentions change no score."""
    assert scores("I will kill you") == scores(disguised)


@given(text=LATIN)
@settings(max_examples=150, deadline=None)
def test_equivalent_texts_score_alike(text: str) -> None:
    """Texts that are the same under Unicode's canonical equivalence have the same scores."""
    assert scores(unicodedata.normalize("NFC", text)) == scores(unicodedata.normalize("NFD", text))


def test_long_runs_of_a_letter_are_cut() -> None:
    """Nooooo and noo are the same word; noo and no are not."""
    assert scores("noo way") == scores("noooooooo way")
    assert scores("no way") != scores("noooooooo way")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die, Dave!", ["Die", "Dave"]),
        ("don\u2019t k1ll me", ["don\u2019t", "k1ll", "me"]),
        ("ki\u200bll e\u0301 x", ["ki\u200bll", "e\u0301", "x"]),
        ("\U0001f52a\ufe0f\U0001f44a\U0001f3fd go", ["\U0001f52a\ufe0f", "\U0001f44a\U0001f3fd", "go"]),
        ("a$$ pays $5 at 5pm", ["a$$", "pays", "5", "at", "5pm"]),
        ("\ufb01re \u1e9e", ["\ufb01re", "\u1e9e"]),
        ("see www.example.org/kill now", ["see", "now"]),
        ("\U00010400\u05e9\u05dc\u05d5\u05dd \u0430", ["\U00010400\u05e9\u05dc\u05d5\u05dd", "\u0430"]),
    ],
)
def test_words_lie_where_they_stood(text: str, expected: list[str]) -> None:
    """Each word's offsets cut exactly its own characters out of the original text."""
    assert expected == words(text)


@pytest.mark.parametrize(
    ("character", "expected"),
    [
        ("A", "a"),
        ("\u00df", "ss"),
        ("\u00e9", "e"),
        ("\ufb03", "ffi"),
        ("\u200b", ""),
        ("\uff15", "5"),
        ("\ud55c", "\ud55c"),
    ],
)
def test_a_character_folds(character: str, expected: str) -> None:
    """One character becomes its plain lower-case letters, or nothing, or stays what it is."""
    assert expected == fold_character(character)
