"""Which texts the detectors can judge at all: those in English. A guess at another language is worth nothing.

A text is not covered where most of its letters belong to a script that English is not written in, where several of its
words are no English words and few are, or where common words of other languages outnumber the English ones. In doubt
it is covered: a few words, names, slang, links, signs and emoji are, and so is a text in which four English words
follow each other among others. Disguised English is read through first, so that it does not hide behind another script.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.contract import COVERED, Coverage, NotRead
from wardmote.detect.jit import compiled
from wardmote.detect.lists.naming import NAME
from wardmote.detect.lists.wordlist_features import class_of, list_key, mix
from wardmote.detect.models.linear import LinearDetector
from wardmote.detect.scoring import I32, U8, U32, U64, fold, room_for
from wardmote.detect.text.confusables import FOREIGN
from wardmote.detect.text.folding import DIGIT, JOINER, LETTER, LONGEST, FoldTables
from wardmote.detect.text.tongues import foreign_words, shared_words

WORDS_FILE = "english_words.npz"
BITS = 18
"""The table of words is a Bloom filter of 2 to this power bits, asked at two places for each word."""
_SEED = np.uint64(0x5851F42D4C957F2D)
_LOOKED_AT = 1_200
"""Bytes; a longer text is in the language in which it begins."""
_LETTERS_LEAST = 3
_WORDS_LEAST = 3
"""So many letters or words another script or language must show, before a text counts as written in it."""
_OTHERS_LEAST = 2
"""So many words of other languages tell more than one, which may be a name or a loan."""
_TELLING_LEAST = 4
"""Letters of a word of another language that is no abbreviation or sound."""
_WORD_LEAST = 2
_PAIR_LEAST = 9
"""Letters of two words of which English knows none; shorter ones may be slang."""
_ENOUGH = 10
"""Of so many words all but one known is English; no need to read on."""
_KNOWN_LEAST = 0.6
"""The share of a text's words that English knows, below which it is not English."""
_RUN = 4
"""So many English words one after the other are English, whatever is around them, if they are a third of it."""
_COVERED, _SCRIPT, _WORDS = range(3)


_BY_CODE = (COVERED, Coverage(NotRead.SCRIPT), Coverage(NotRead.WORDS))


@cache
def english_words() -> NDArray[np.uint8]:
    """Return the table of English words that ships with Wardmote: 2 to the power `BITS` bits as bytes."""
    with files("wardmote.detect").joinpath("data", WORDS_FILE).open("rb") as stored, np.load(stored) as arrays:
        return np.ascontiguousarray(arrays["bits"], np.uint8)


def hashes_in(text: str, tables: FoldTables) -> set[int]:
    """Return the hashes of the words of `text` that speak of its language."""
    data = np.frombuffer(text.encode("utf-8", "ignore") or b"\0", np.uint8)
    room, _ = room_for(np.array([0, len(data)], np.int64))
    chars, kinds = np.empty(room, np.uint32), np.empty(room, np.uint8)
    at, upto = np.empty(room, np.int32), np.empty(room, np.int32)
    count = fold(data, 0, len(data), tables, chars, kinds, at, upto)
    found = set()
    here = 0
    while here < count:
        here, letters, word = next_word(chars, kinds, here, count)
        if letters > 1:
            found.add(int(word))
    return found


def table_of(words: Iterable[int]) -> NDArray[np.uint8]:
    """Return the Bloom filter that `is_known` reads, with the hashes in it."""
    bits = np.zeros(1 << BITS, np.uint8)
    for word in words:
        bits[word & ((1 << BITS) - 1)] = 1
        bits[word >> BITS & ((1 << BITS) - 1)] = 1
    return np.packbits(bits, bitorder="little")


@cache
def foreign_table() -> NDArray[np.uint8]:
    """Return the table of other languages' common words, without those that English texts have too."""
    tables = LinearDetector.shipped().weights.tables
    return table_of(hashes_in(foreign_words(), tables) - hashes_in(shared_words(), tables))


@compiled
def is_known(word: np.uint64, table: U8) -> bool:
    """Whether a word's hash is in the table; one other word in a hundred or so is taken for known."""
    mask = np.uint64((1 << BITS) - 1)
    one, two = word & mask, (word >> np.uint64(BITS)) & mask
    first = table[one >> np.uint64(3)] >> np.uint8(one & np.uint64(7))
    second = table[two >> np.uint64(3)] >> np.uint8(two & np.uint64(7))
    return bool((first & second & 1) == 1)


@compiled
def next_word(chars: U32, kinds: U8, here: int, count: int) -> tuple[int, int, np.uint64]:
    """Return where the next word of Latin letters ends, how many it has, and its hash.

    Words with digits, mentions, hashtags, links and the words of other scripts have 0 letters.
    """
    while here < count and kinds[here] != LETTER and kinds[here] != DIGIT:
        here += 1
    marked = here > 0 and chars[here - 1] in (35, 64)
    letters, plain, word = 0, not marked, _SEED
    while here < count:
        char = chars[here]
        if kinds[here] == LETTER:
            plain = plain and char < FOREIGN
            letters += 1
            word = mix(word, np.uint64(char))
        elif kinds[here] == DIGIT or (char in (46, 47, 58, 64, 95) and here + 1 < count and kinds[here + 1] == LETTER):
            plain = False
        elif char == 58 and here + 1 < count and chars[here + 1] == 47:
            # A link runs to the next space.
            plain = False
            while here < count and chars[here] > 32:
                here += 1
            break
        elif kinds[here] != JOINER:
            break
        here += 1
    return here, letters if plain else 0, word


_CAPITAL, _ACCENTED = 1, 2


@compiled
def _mark(data: U8, begin: int, end: int, marks: U8) -> None:
    """Write for each code point of the well-formed UTF-8 in `data[begin:end]` whether it is one of A to Z, or a letter
    of Latin that English does not have."""
    point = 0
    for here in range(begin, end):
        byte = data[here]
        if byte & 0xC0 != 0x80:
            marks[point] = _CAPITAL * (65 <= byte <= 90)
            if 0xC3 <= byte <= 0xC9 or (byte == 0xE1 and here + 1 < end and 0xB8 <= data[here + 1] <= 0xBB):
                marks[point] = _ACCENTED
            point += 1


@compiled
def _accented(marks: U8, first: int, last: int) -> bool:
    return bool((marks[first : last + 1] == _ACCENTED).any())


@compiled
def _is_foreign(chars: U32, kinds: U8, count: int) -> bool:
    """Whether most letters are of another script. Letters of Latin shape have been read as Latin."""
    latin, others = 0, 0
    for here in range(count):
        if kinds[here] == LETTER:
            latin += chars[here] < FOREIGN
            others += chars[here] >= FOREIGN
    return others >= _LETTERS_LEAST and others > latin


@compiled
def _verdict(words: int, known: int, english: int, others: int, telling: int, longest: int, letters: int) -> int:
    """Judge by the number of words: all, those English knows, those of English alone, those of other languages, those
    among them that are no abbreviation, the longest run of English ones, and by the letters of all."""
    if longest >= _RUN and 3 * english >= words:
        return _COVERED
    # One word alone tells only if it is long enough for no abbreviation.
    several = others >= _OTHERS_LEAST or (words == 1 and telling == 1)
    if others > english and several and (telling or english == 0):
        return _WORDS
    if words == 2 and known == 0 and letters >= _PAIR_LEAST:
        return _WORDS
    return _WORDS if words >= _WORDS_LEAST and known < _KNOWN_LEAST * words else _COVERED


@compiled
def _judge(
    data: U8,
    begin: int,
    end: int,
    chars: U32,
    kinds: U8,
    at: I32,
    count: int,
    marks: U8,
    table: U8,
    foreign: U8,
    names: U64,
) -> int:
    """Judge the text in `data[begin:end]`, whose `count` folded characters are given; `marks` is room to work in."""
    if count < end - begin and _is_foreign(chars, kinds, count):
        return _SCRIPT
    words, known, english, others, telling, run, longest, spelled = 0, 0, 0, 0, 0, 0, 0, 0
    here = 0
    _mark(data, begin, end, marks)
    while here < count:
        here, letters, word = next_word(chars, kinds, here, count)
        if letters < _WORD_LEAST:
            continue
        # What English writes without them is foreign with accents, unless it is somebody's name.
        accented = (
            count < end - begin
            and _accented(marks, at[here - letters], at[here - 1])
            and class_of(list_key(chars, here - letters, here, 0), names) != NAME
        )
        if is_known(word, foreign):
            others += 1
            telling += letters >= _TELLING_LEAST
            known += is_known(word, table)
            run = 0
        elif is_known(word, table) and not accented:
            known += 1
            english += 1
            run += 1
            longest = max(run, longest)
        else:
            run = 0
            if words and marks[at[here - letters]] == _CAPITAL and marks[at[here - 1]] != _CAPITAL:
                # A name says little of the language around it.
                continue
            if not accented and class_of(list_key(chars, here - letters, here, 0), names) == NAME:
                continue
            others += accented
            in_english = is_known(word, table)
            telling += accented and letters >= _TELLING_LEAST and not in_english
            known += in_english
        words += 1
        spelled += letters
        if words == _ENOUGH and english >= _ENOUGH - 1:
            break
    return _verdict(words, known, english, others, telling, longest, spelled)


@compiled
def judge(data: U8, offsets: NDArray[np.int64], tables: FoldTables, table: U8, foreign: U8) -> U8:
    """Return for each text 0 where it is covered, 1 where its script is not, 2 where its words are not."""
    room = LONGEST * (_LOOKED_AT + 8)
    chars, kinds = np.empty(room, np.uint32), np.empty(room, np.uint8)
    at, upto = np.empty(room, np.int32), np.empty(room, np.int32)
    marks = np.empty(_LOOKED_AT, np.uint8)
    found = np.empty(len(offsets) - 1, np.uint8)
    for row in range(len(found)):
        end = min(offsets[row + 1], offsets[row] + _LOOKED_AT)
        count = fold(data, offsets[row], end, tables, chars, kinds, at, upto)
        found[row] = _judge(data, offsets[row], end, chars, kinds, at, count, marks, table, foreign, tables.names)
    return found


def coverage_of(data: U8, offsets: NDArray[np.int64]) -> list[Coverage]:
    """Return the coverage of each text of well-formed UTF-8."""
    codes = judge(data, offsets, LinearDetector.shipped().weights.tables, english_words(), foreign_table())
    return [_BY_CODE[code] for code in codes.tolist()]
