"""The list of coarse words: what is found however it is spelled, what is left alone, and where the spans point."""

import numpy as np
import pytest

from wardmote.detect import LinearDetector, scoring
from wardmote.detect.lists.wordlist import CLASSES, listed, words
from wardmote.detect.text.folding import build_tables

DISGUISED = (
    ("FUCK this", "FUCK"),
    ("what the fuuuuuck", "fuuuuuck"),
    ("well f u c k that", "f u c k"),
    ("well f.u.c.k that", "f.u.c.k"),
    ("oh sh1t no", "sh1t"),
    ("you a$$hole there", "a$$hole"),
    ("\uff46\uff55\uff43\uff4b off", "\uff46\uff55\uff43\uff4b"),
    ("f\u00fack off", "f\u00fack"),
    ("f\u200buck off", "f\u200buck"),
    ("what \u0455hit", "\u0455hit"),
    ("what f\u03c5ck", "f\u03c5ck"),
    ("bitchhhhh please", "bitchhhhh"),
    ("you assshole there", "assshole"),
    ("you c*nt, you cunt", "cunt"),
)
INNOCENT = (
    "Scunthorpe", "assassin", "cockpit", "shitake", "Penistone", "Essex", "Sussex", "class", "pass", "assess",
    "title", "titmouse", "cumulative", "document", "analysis", "therapist", "grape", "Hancock", "peacock", "cocktail",
    "shuttlecock", "basement", "embarrass", "Massachusetts", "Lightwater", "arsenal", "parse", "hello", "shell",
    "Mississippi", "mishit", "Matsushita", "Niger", "Nigeria", "snigger", "sniggering", "raccoon", "tycoon", "spice",
    "Dickens", "dictionary", "swank", "bumper", "button", "butter", "rebuttal", "saturday", "analogue", "canal",
    "bass", "brass", "assume", "Clitheroe", "Wankdorf", "pussyfoot", "wristwatch", "as",
)  # fmt: skip
SENTENCES = (
    "Dick Turner plays the organ on Sundays.",
    "I am a b c d e student in class 4 b",
    "as as, hel, pis and con are no coarse words",
    "Niger lies north of Nigeria, and Hull is in Yorkshire.",
    "s h e i t is no word",
)


def finds(text: str) -> int:
    """How many listed words the kernel finds in `text`."""
    data = np.frombuffer(text.encode(), np.uint8)
    offsets = np.array([0, len(data)], np.int64)
    plain = build_tables()
    more, _ = scoring.extract(data, offsets, plain._replace(listed=listed()), 18)
    fewer, _ = scoring.extract(data, offsets, plain, 18)
    return (len(more) - len(fewer)) // 3


def score(text: str) -> float:
    """What the shipped model says of PROFANITY."""
    return LinearDetector.attributes().scores(text)["profanity"]


@pytest.mark.parametrize(("text", "word"), DISGUISED)
def test_a_disguised_word_is_finds(text: str, word: str) -> None:
    """Capitals, stretched letters, letters apart, digits, accents and look-alike letters hide nothing from the list."""
    assert finds(text) == 1
    assert finds(text.replace(word, "tulip")) == 0


@pytest.mark.parametrize("word", INNOCENT)
def test_a_word_inside_a_word_is_no_find(word: str) -> None:
    """Words are found whole: a town, a bird or a trade that holds a coarse word is left alone."""
    assert finds(word) == 0
    assert finds(f"the {word.upper()} of {word}") == 0


@pytest.mark.parametrize("text", SENTENCES)
def test_innocent_sentences_stay_far_below_the_thresholds_in_use(text: str) -> None:
    """Perspective's users act from 0.7; a name that is also a coarse word does not bring a sentence there."""
    assert score(text) < 0.5


@pytest.mark.parametrize(("text", "word"), DISGUISED)
def test_a_disguised_word_raises_the_score_and_is_pointed_at(text: str, word: str) -> None:
    """The probability of profanity rises above that of the text without it; spans cover its letters as written."""
    signal = next(each for each in LinearDetector.attributes().examine(text) if each.category == "profanity")
    begin = text.index(word)

    assert signal.score > score(text.replace(word, "tulip")) + 0.2
    covered = {place for span in signal.spans for place in range(span.start, span.end)}
    assert {place for place in range(begin, begin + len(word)) if text[place] not in ". "} <= covered


def test_every_form_is_found_in_its_class() -> None:
    """The table has a key for each form, and only the six classes."""
    known = words()

    assert len(known) > 300
    assert set(known.values()) == set(CLASSES)
    assert {int(key) & 7 for key in listed()} == set(range(1, len(CLASSES) + 1))
    assert [form for form in known if finds(form) != 1] == []


def test_weights_without_a_list_find_nothing() -> None:
    """The first model's features are as they were: its weights name no list."""
    assert len(LinearDetector.shipped().weights.tables.listed) == 0
    assert len(LinearDetector.attributes().weights.tables.listed) == len(listed())
