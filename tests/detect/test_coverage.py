"""Which texts the detectors can judge: what is English, what is plainly not, and what is left in doubt."""

import json
from importlib.resources import files
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.detect.models import quality

from wardmote.detect import InvalidText, NotRead, Screener
from wardmote.detect.coverage import BITS, english_words, hashes_in, table_of

OTHER_SCRIPTS = {"ru", "uk", "el", "ar", "fa", "he", "hi", "bn", "ta", "th", "ja", "ko", "zh", "ka"}
SCREENER = Screener.default()
SHORT = Path(__file__).parent / "short_texts.json"


def languages() -> dict[str, list[str]]:
    """Five sentences each in forty languages."""
    found: dict[str, list[str]] = json.loads(files("wardmote.detect").joinpath("data", "languages.json").read_text())
    return found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok",
        "lol",
        "no cap fr fr",
        "LMFAO bruh",
        "ain't nobody got time for dat",
        "she finna be late smh",
        "\U0001f602\U0001f602\U0001f602 \U0001f64f",
        "1234 56:78 2024-05-01",
        "https://example.org/un/deux/trois/quatre @karl_heinz #sch\u00f6nesWetter",
        "Wolfgang Amadeus Mozart, Johann Sebastian Bach, Ludwig van Beethoven",
        "Dinner with Przemys\u0142aw and Nguy\u1ec5n in Reykjav\u00edk",
        "I w1ll k!ll y0u",
        "\u041a\u0456ll \u0443\u043eu, I w\u0456ll f\u0456nd y\u043eu",
        "\U0001d408 \U0001d430\U0001d422\U0001d425\U0001d425 \U0001d41f\U0001d422\U0001d427\U0001d41d you",
        "I said \u4f60\u597d to my neighbour",
        "ciao bella",
    ],
)
def test_english_and_what_says_nothing_are_covered(text: str) -> None:
    """Short posts, slang, names, links, numbers, emoji, disguised English, a foreign word or two."""
    assert SCREENER.covered(text)
    assert SCREENER.covered(text).reason is None


def test_few_english_posts_are_not_covered() -> None:
    """None of the hand-written English texts is taken for another language."""
    assert [each["text"] for each in quality() if not SCREENER.covered(each["text"])] == []


def test_sentences_of_forty_languages_are_seldom_taken_for_english() -> None:
    """Every sentence in another script is told, and nearly all of those in Latin letters."""
    taken = {code: [text for text in texts if SCREENER.covered(text)] for code, texts in languages().items()}

    assert len(taken) == 40
    assert {code: texts for code, texts in taken.items() if texts and code in OTHER_SCRIPTS} == {}
    assert sum(map(len, taken.values())) <= 2
    assert max(map(len, taken.values())) <= 2


def test_short_texts_of_other_languages_are_mostly_told() -> None:
    """Of 112 remarks of two to five words in sixteen languages that Latin letters write, none of them a lesson."""
    texts = [text for texts in json.loads(SHORT.read_text("utf-8")).values() for text in texts]

    assert len(texts) == 112
    assert sum(bool(SCREENER.covered(text)) for text in texts) <= 18


@pytest.mark.parametrize(
    "text", ["Chloé is here", "José Martínez", "Özlem", "my fiancé loves this café", "Beyoncé!", "Zoë and Renée called"]
)
def test_names_and_loans_with_accents_are_covered(text: str) -> None:
    """An accent alone makes no text foreign."""
    assert SCREENER.covered(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "\u042f \u0442\u0435\u0431\u044f \u043d\u0430\u0439\u0434\u0443 \u0438 \u0443\u0431\u044c\u044e.",
            NotRead.SCRIPT,
        ),
        ("Ich werde dich finden und umbringen.", NotRead.WORDS),
    ],
)
def test_the_reason_says_what_is_foreign(text: str, reason: NotRead) -> None:
    """A text is not covered for its script or for its words."""
    assert SCREENER.covered(text).reason is reason
    assert SCREENER.screen(text).covered == SCREENER.covered(text)


@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8"), max_size=200) | st.sampled_from([*chain(*languages().values())])
    )
)
@settings(max_examples=100, deadline=None)
def test_a_text_is_covered_alone_as_in_a_batch(texts: list[str]) -> None:
    """A batch says of each text what is said of it alone."""
    assert [SCREENER.covered(text) for text in texts] == SCREENER.covered_batch(pa.array(texts, pa.large_string()))


def test_text_that_cannot_be_read_is_refused() -> None:
    """A lone surrogate is named, as by the detectors."""
    with pytest.raises(InvalidText, match="lone surrogate at character 2"):
        SCREENER.covered("no\ud800")


def test_a_long_text_is_in_the_language_in_which_it_begins() -> None:
    """The beginning decides, even where it is cut in the middle of a letter."""
    assert not SCREENER.covered("\u044f" * 3000 + " and then some English words follow here")
    assert SCREENER.covered("some English words begin this long text. " * 40 + "\u044f" * 3000)


def test_the_table_holds_what_was_put_into_it() -> None:
    """A word goes in as two bits; the shipped table is not so full that it knows everything."""
    from wardmote.detect.text.folding import build_tables

    words = hashes_in("Seventeen lanterns", build_tables())

    assert len(words) == 2
    assert 2 <= int(np.unpackbits(table_of(words)).sum()) <= 4
    assert 0.05 < np.unpackbits(english_words()).mean() < 0.25
    assert len(table_of(words)) == len(english_words()) == 1 << BITS >> 3
    assert all(table_of(words)[word >> 3 & (1 << BITS - 3) - 1] >> (word & 7) & 1 for word in words)
