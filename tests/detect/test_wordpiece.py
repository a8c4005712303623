"""Text to word pieces."""

import pytest

from wardmote.detect.models.deobfuscate import as_meant
from wardmote.detect.text.folding import build_tables
from wardmote.detect.text.wordpiece import WordPiece, plain, windows

KNOWN = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]", "kill", "##ing", "##s", "knife", "the", "fire", "!", "'", "t", "don"),
    *("k", "x"),
)
VOCABULARY = {piece: number for number, piece in enumerate(KNOWN)}
PIECES = WordPiece(VOCABULARY)


def names(text: str) -> list[str]:
    known = list(VOCABULARY)
    return [known[number] for number in PIECES(text)]


def test_a_word_is_cut_into_the_longest_pieces_that_are_known() -> None:
    """A known word stays whole, an unknown one is cut, and one that cannot be cut is unknown."""
    assert names("Killing the KNIFE!") == ["kill", "##ing", "the", "knife", "!"]
    assert names("kills") == ["kill", "##s"]
    assert names("killer") == ["[UNK]"]
    assert names("don't") == ["don", "'", "t"]


def test_an_emoji_is_read_by_its_name() -> None:
    """The model knows the word knife, not the sign; what is not shown is not read."""
    assert names("\U0001f52a\ufe0f the \U0001f525") == ["knife", "the", "fire"]
    assert plain("Kíll\u200b") == "kill"


def test_a_word_without_end_is_unknown_and_is_read_at_once() -> None:
    """A word of a million letters costs no time."""
    assert names("x" * 1_000_000) == ["[UNK]"]


def test_a_long_text_is_read_in_windows_that_overlap() -> None:
    """Every piece stands in some window, no window is wider than asked, and each has its two marks."""
    for count in (0, 1, 5, 6, 7, 8, 9, 10, 11, 12, 13, 50):
        pieces = list(range(100, 100 + count))
        found = windows(pieces, 2, 3, 8)
        assert all(len(each) <= 8 and each[0] == 2 and each[-1] == 3 for each in found)
        assert {piece for each in found for piece in each[1:-1]} == set(pieces)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("I will k1ll you @bob http://x.co/k1ll tonight!!", "I will kill you @bob http://x.co/k1ll tonight!!"),
        ("k i l l the 2 of them", "kill the 2 of them"),
        ("\u043aill in 2016, don't", "kill in 2016, don't"),
        ("nothing to see \U0001f602", "nothing to see \U0001f602"),
        ("now \u202euoy llik\u202c then", "now kill you then"),
    ],
)
def test_a_disguised_word_is_written_plainly_and_the_rest_stays(text: str, meant: str) -> None:
    """Digits, signs, links and mentions stay as they are."""
    assert as_meant(text, build_tables()) == meant
