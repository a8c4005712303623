"""Disguised words: what is read through, what is left as it is, and where the words lie in the text as written."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardmote.detect import scoring
from wardmote.detect.text.folding import build_tables
from wardmote.detect.text.tokenize import place_of, split


def read(text: str) -> tuple[list[str], list[str]]:
    """The words that the kernel reads, and the stretches of `text` they came from."""
    data = np.frombuffer(text.encode() or b"\0", np.uint8)
    room, _ = scoring.room_for(np.array([0, len(data)], np.int64))
    chars, kinds = np.empty(room, np.uint32), np.empty(room, np.uint8)
    at, upto, starts, ends = (np.empty(room, np.int32) for _ in range(4))
    count = scoring.fold(data, 0, len(data), build_tables(), chars, kinds, at, upto)
    places = [(starts[word], ends[word]) for word in range(split(chars, kinds, at, upto, count, starts, ends))]
    words = ["".join(map(chr, chars[first:last])) for first, last in places]
    return words, [text[slice(*place_of(at, upto, first, last))] for first, last in places]


@pytest.mark.parametrize(
    ("text", "words", "written"),
    [
        ("\u041a\u0456ll \u0443\u043eu", "kill you", ["\u041a\u0456ll", "\u0443\u043eu"]),
        ("will \u03baill", "will kill", ["will", "\u03baill"]),
        ("\u0455\u04bb\u043e\u043ft", "shont", ["\u0455\u04bb\u043e\u043ft"]),
        ("\u13e6\u13a5\u13de\u13de you", "kill you", ["\u13e6\u13a5\u13de\u13de", "you"]),
        ("\u15ea\u144cck \u15eaIE", "duck die", ["\u15ea\u144cck", "\u15eaIE"]),
        ("\u1d0b\u026a\u029f\u029f", "kill", ["\u1d0b\u026a\u029f\u029f"]),
        ("\U0001f17a\U0001f178ll", "kill", ["\U0001f17a\U0001f178ll"]),
        ("k\u0142l k\u00f8l", "kll kol", ["k\u0142l", "k\u00f8l"]),
        ("\u0455\u0441\u0430\u0440", "scap", ["\u0455\u0441\u0430\u0440"]),
        ("sh00t h1m", "shoot him", ["sh00t", "h1m"]),
        ("5hoot $hoot", "shoot shoot", ["5hoot", "$hoot"]),
        ("he11 ki1l di3 p@$$word", "hell kill die password", ["he11", "ki1l", "di3", "p@$$word"]),
        ("sh*t f**k f*****", "sh*t f**k f**", ["sh*t", "f**k", "f*****"]),
        ("will k i l l you", "will kill you", ["will", "k i l l", "you"]),
        ("k.i.l.l k-i-l-l k_i_l_l", "kill kill kill", ["k.i.l.l", "k-i-l-l", "k_i_l_l"]),
        ("k 1 l l u", "killu", ["k 1 l l u"]),
        ("I   w i l l   h i t   y o u", "i will hit you", ["I", "w i l l", "h i t", "y o u"]),
        ("d\U0001f52ai\U0001f52ae now", "die now", ["d\U0001f52ai\U0001f52ae", "now"]),
        ("k\u00adi\u200bl\u200fl kill_you", "kill kill you", ["k\u00adi\u200bl\u200fl", "kill", "you"]),
        ("I \u202euoy llik\u202c now", "i kill you now", ["I", "llik\u202c", "uoy", "now"]),
        ("\u202ellik\nuoy", "kill uoy", ["llik", "uoy"]),
        ("7h3m 411 k111 sh1t", "them 00 kill shit", ["7h3m", "411", "k111", "sh1t"]),
        ("w i l l h i d e, m a n", "willhide man", ["w i l l h i d e", "m a n"]),
        ("k\u3164il\u0489l", "kill", ["k\u3164il\u0489l"]),
    ],
)
def test_a_disguised_word_is_read_as_what_it_stands_for(text: str, words: str, written: list[str]) -> None:
    """Look-alike letters, digits and signs for letters, masks, letters apart and invisible signs; spans stay true."""
    assert (words.split(), written) == read(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\u043a\u0430\u043a \u043e\u043d \u0442\u0430\u043c \u0436\u0438\u0432\u0451\u0442", None),
        ("\u0432\u043e\u0442 \u0442\u0430\u043a \u0432\u043e\u0442", None),
        ("c\u043a\u0430\u0437\u0430\u043b \u043e\u043d", None),
        (
            "\u043e\u043d \u043a\u0443\u043f\u0438\u043b iPhone \u0442\u0430\u043c \u0443 \u0434\u0435\u0434\u0430",
            "\u043e\u043d \u043a\u0443\u043f\u0438\u043b iphone \u0442\u0430\u043c \u0443 \u0434\u0435\u0434\u0430",
        ),
        ("\u03bf \u03c0\u03b1\u03c4\u03ad\u03c1\u03b1\u03c2", "\u03bf \u03c0\u03b1\u03c4\u03b5\u03c1\u03b1\u03c3"),
        ("I a m", "i a m"),
        ("u r a star, I c u", "u r a star i c u"),
        ("A B C", "a b c"),
        ("2nd 5pm 4th 3d 10k 100s covid19", "0nd 0pm 0th 0d 00k 00s covid00"),
        ("it pays $5 or US$100", "it pays 0 or us 00"),
        ("wow!!!great *bold* **italic**", "wow great bold italic"),
        ("p. 1 2 3 4", "p 0 0 0 0"),
    ],
)
def test_ordinary_writing_is_left_as_it_is(text: str, words: str | None) -> None:
    """Real Russian and Greek, letters that stand alone, times, ranks, sums, shouts and emphasis are not respelled."""
    expected = (words or text.replace("\u0451", "\u0435")).split()

    assert expected == read(text)[0]


@given(text=st.text(st.sampled_from("aik .-_*$!01579\u0430\u043a\u0434\u03bf\u200b\u0301\U0001f52a'@h"), max_size=40))
@settings(max_examples=400, deadline=None)
def test_words_lie_in_order_within_the_text(text: str) -> None:
    """However signs, scripts and gaps are mixed, no word is empty, none overlaps the one before, all lie in order."""
    data = np.frombuffer(text.encode() or b"\0", np.uint8)
    room, _ = scoring.room_for(np.array([0, len(data)], np.int64))
    chars, kinds = np.empty(room, np.uint32), np.empty(room, np.uint8)
    at, upto, starts, ends = (np.empty(room, np.int32) for _ in range(4))
    count = scoring.fold(data, 0, len(data), build_tables(), chars, kinds, at, upto)
    words = split(chars, kinds, at, upto, count, starts, ends)
    edges = [place_of(at, upto, starts[word], ends[word]) for word in range(words)]

    assert all(starts[word] < ends[word] for word in range(words))
    assert all(0 <= begin < end <= len(text) for begin, end in edges)
    assert all(before[1] <= after[0] for before, after in pairwise(edges))
