"""Compiled: folded characters are split into words, and digits and signs that stand for letters are read as letters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled
from wardmote.detect.text.folding import DIGIT, JOINER, LETTER, SEPARATOR, SYMBOL

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
I32 = NDArray[np.int32]

_NOTHING = 255
_MASK = 42
"""The asterisk: inside a word it stays, as a letter of its own (`k*ll`)."""
_LONGEST_SIGNS = 3
"""So many signs in a row may stand for letters; more are not a spelling."""
_LOOKED_AT = 64
"""No more signs in a row are looked at from one place: a run of thousands takes no longer than its length."""
_APART_LEAST, _APART_MOST, _GAP_MOST = 3, 40, 3
"""Letters apart (`k i l l`) are read as one word from so many up to so many, with a gap of up to so many signs."""


_STANDS_FOR = np.zeros(256, np.uint32)
for _sign, _letter in zip("0!\u00a134@5$79*", "oiieaasstg*", strict=True):
    _STANDS_FOR[ord(_sign)] = ord(_letter)
_EURO = 0x20AC


@compiled
def _letter_for(char: np.uint32, before: np.uint32, following: np.uint32) -> np.uint32:
    """Return the letter that a digit or sign stands for between letters, or 0. `before` has been read already."""
    if char == 49:
        # `ki1l`, `kil1`, `he11`: after an i or l, or between a vowel and another 1, it is an l.
        vowel = before == 97 or before == 101 or before == 111 or before == 117
        return np.uint32(108 if before == 105 or before == 108 or (vowel and following == 49) else 105)
    if char < 256:
        return np.uint32(_STANDS_FOR[char])
    return np.uint32(101 if char == _EURO else 0)


@compiled
def _mention_end(chars: U32, kinds: U8, here: int, count: int) -> int:
    """Return where the mention that begins with the @ at `here` ends, or `here` if none does."""
    if here + 1 >= count or (kinds[here + 1] != LETTER and kinds[here + 1] != DIGIT):
        return here
    here += 1
    while here < count and (kinds[here] == LETTER or kinds[here] == DIGIT or chars[here] in (45, 46, 64, 95)):
        here += 1
    return here


@compiled
def _begins_link(chars: U32, here: int, count: int) -> bool:
    """Whether `http://`, `https://` or `www.` begins at `here`."""
    if chars[here] == 119:
        return bool(here + 3 < count and chars[here + 1] == 119 and chars[here + 2] == 119 and chars[here + 3] == 46)
    if here + 7 >= count or chars[here] != 104 or chars[here + 1] != 116 or chars[here + 2] != 116:
        return False
    colon = here + 5 if chars[here + 4] == 115 else here + 4
    return bool(chars[here + 3] == 112 and chars[colon] == 58 and chars[colon + 1] == 47 and chars[colon + 2] == 47)


@compiled
def _skip(chars: U32, kinds: U8, here: int, count: int) -> int:
    """Return where a link or a mention that begins at `here` ends, or `here` if none does: neither is evidence."""
    if chars[here] == 64:
        return _mention_end(chars, kinds, here, count)
    if _begins_link(chars, here, count):
        while here < count and chars[here] > 32 and chars[here] not in (0x22, 0x29, 0x3E):
            here += 1
    return here


@compiled
def _letters_from(kinds: U8, here: int, count: int, enough: int) -> bool:
    """Whether there are at least `enough` letters from `here` on, and no digit after them."""
    end = here
    while end < count and kinds[end] == LETTER:
        end += 1
    return end - here >= enough and (end >= count or kinds[end] != DIGIT)


@compiled
def _more_signs(chars: U32, kinds: U8, first: int, here: int, count: int) -> bool:
    """Whether a digit after the letters from `here` on, another than the `first`, is a letter: `7h3`, not `4x4`."""
    while here < count and kinds[here] == LETTER:
        here += 1
    if here >= count or kinds[here] != DIGIT or chars[here] == chars[first]:
        return False
    if here + 1 < count and kinds[here + 1] == DIGIT:
        return False
    return bool(_letter_for(chars[here], np.uint32(0), np.uint32(0)) > 0)


@compiled
def _signs_at_front(chars: U32, kinds: U8, here: int, end: int, count: int) -> int:
    """Return how many digits and signs from `here` to `end`, with which a word begins, are letters."""
    size = end - here
    if size == 1 and chars[here] == 36:
        return 1 if _letters_from(kinds, end, count, 2) else 0
    # `5hoot` and `7h3m`, but `5pm` and `2nd` are what they are.
    if kinds[here] != DIGIT or size > 2 or end >= count or kinds[end] != LETTER:
        return 0
    if size == 1 and (chars[here] == 48 or _letters_from(kinds, end, count, 4)):
        return 1
    return size if _more_signs(chars, kinds, here, end, count) else 0


@compiled
def _digit_at_end(char: np.uint32, before: np.uint32, length: int) -> int:
    """Return 1 if the digit after a word of `length` letters, the last `before`, is a letter, else 0."""
    if length > 1:
        return 0 if char == 57 else 1
    # `h3`, `m3`, `w3`, `b3`, and `d0`, `t0`, `g0`, `s0`, `n0`; not `b4`, `a1`, `g7`.
    if char == 51:
        return 1 if before in (98, 104, 109, 119) else 0
    return 1 if char == 48 and before in (100, 103, 110, 115, 116) else 0


@compiled
def _count(chars: U32, here: int, end: int, char: int) -> int:
    """Return how often a character is between `here` and `end`."""
    found = 0
    for place in range(here, end):
        found += chars[place] == char
    return found


@compiled
def _signs_at_end(chars: U32, kinds: U8, here: int, end: int, length: int, before: np.uint32) -> int:
    """Return how many digits and signs from `here` to `end`, with which a word ends, are letters."""
    size = end - here
    if _count(chars, here, end, 36) == size:
        return size
    if size == 1:
        return _digit_at_end(chars[here], before, length) if kinds[here] == DIGIT else 0
    if length < 4 and _count(chars, here, end, _MASK) == size:
        return size
    return size if size <= _LONGEST_SIGNS and _count(chars, here, end, 49) == size else 0


@compiled
def _signs(chars: U32, kinds: U8, here: int, count: int, length: int, before: np.uint32) -> int:
    """Return how many digits and signs from `here` on, after `length` letters, the last `before`, are letters."""
    end = here
    count = min(count, here + _LOOKED_AT)
    while end < count and kinds[end] != LETTER and _letter_for(chars[end], np.uint32(0), np.uint32(0)):
        end += 1
    if length == 0:
        return _signs_at_front(chars, kinds, here, end, count)
    size = end - here
    if end < count and kinds[end] == DIGIT:
        return 0
    if end >= count or kinds[end] != LETTER:
        return _signs_at_end(chars, kinds, here, end, length, before)
    fits = size <= _LONGEST_SIGNS or _count(chars, here, end, _MASK) == size
    return size if fits and (size == 1 or _count(chars, here, end, 33) == 0) else 0


@compiled
def _put(chars: U32, at: I32, upto: I32, char: np.uint32, begun: int, done: int, first: int, made: int) -> int:
    """Write a character of the word that begins at `first`; runs of one are cut to two. Return how far it wrote."""
    if made - first >= 2 and chars[made - 1] == char and chars[made - 2] == char:
        upto[made - 1] = done
        return made
    chars[made], at[made], upto[made] = char, begun, done
    return made + 1


@compiled
def _word(chars: U32, kinds: U8, at: I32, upto: I32, here: int, count: int, made: int) -> tuple[int, int]:
    """Write the word that begins at `chars[here]` to `chars[made:]`; return how far reading and writing have come."""
    first = made
    reading = 0
    while here < count:
        char = chars[here]
        if kinds[here] != LETTER:
            if char == 32 or char == 46 or char == 44:
                # So most words end: quickly.
                break
            following = chars[here + 1] if here + 1 < count else np.uint32(0)
            if kinds[here] == JOINER and made > first and here + 1 < count and kinds[here + 1] == LETTER:
                here += 1
                continue
            before = chars[made - 1] if made > first else np.uint32(0)
            if reading == 0 and before != 48:
                reading = _signs(chars, kinds, here, count, made - first, before)
            if reading:
                reading -= 1
                char = _letter_for(char, before, following)
            elif kinds[here] == DIGIT:
                char = np.uint32(48)
            else:
                break
        made = _put(chars, at, upto, char, at[here], upto[here], first, made)
        here += 1
    return here, made


@compiled
def _is_common(char: np.uint32) -> bool:
    """Whether a letter is often alone in ordinary posts: `u r a`, `I m`."""
    return char in (97, 98, 99, 105, 107, 109, 110, 114, 115, 116, 117, 120, 121)


@compiled
def _gap(chars: U32, kinds: U8, here: int, count: int) -> int:
    """Return how many signs, all the same, part the letter at `here` from the next; 0 where they part no letters."""
    if kinds[here + 1] != SEPARATOR and kinds[here + 1] != SYMBOL:
        return 0
    gap = 0
    while here + 1 + gap < count and gap <= _GAP_MOST and chars[here + 1 + gap] == chars[here + 1]:
        gap += 1
    return gap if gap <= _GAP_MOST else 0


@compiled
def _after_gap(chars: U32, place: int, count: int, gap: int, sign: np.uint32) -> int:
    """Return where the `gap` signs, or fewer, after `place` end."""
    following = place + 1
    while following < count and following - place <= gap and chars[following] == sign:
        following += 1
    return following


@compiled
def _is_apart(kinds: U8, place: int, following: int, count: int) -> bool:
    """Whether the letter at `place` is no beginning of a longer word; `following`: where the signs after it end."""
    if following != place + 1 or following >= count:
        return True
    return bool(kinds[following] != LETTER and kinds[following] != DIGIT)


@compiled
def _apart(chars: U32, kinds: U8, here: int, count: int, again: bool) -> tuple[int, int]:
    """Return where the letters apart that begin with the one at `here` end, and the size of their gap, or 0 and 0.

    They follow one another by the same sign, or the same few signs; digits among them may stand for letters. Two are
    enough where letters were apart before (`again`).
    """
    gap, sign = _gap(chars, kinds, here, count), chars[here + 1]
    if gap == 0:
        return 0, 0
    place, letters, usual, end = here, 0, 0, here
    while place < count and letters < _APART_MOST:
        following = _after_gap(chars, place, count, gap, sign)
        if kinds[place] == LETTER and _is_apart(kinds, place, following, count):
            letters += 1
            usual += _is_common(chars[place])
            end = place + 1
        elif kinds[place] != DIGIT or not _letter_for(chars[place], np.uint32(0), np.uint32(0)):
            break
        if following - place - 1 != gap:
            break
        place = following
    # Among ordinary letters that are often alone it takes one more.
    least = _APART_LEAST + (sign == 32 and gap == 1 and usual == letters)
    return (end, gap) if letters >= (2 if again else least) else (0, 0)


@compiled
def _gather(chars: U32, kinds: U8, at: I32, upto: I32, here: int, end: int, gap: int, made: int) -> int:
    """Write the letters apart from `here` to `end` as one word; return how far writing has come."""
    first = made
    for place in range(here, end, gap + 1):
        char = chars[place]
        if kinds[place] == DIGIT:
            char = _letter_for(char, chars[made - 1], np.uint32(0))
        made = _put(chars, at, upto, char, at[place], upto[place], first, made)
    return made


@compiled
def place_of(at: I32, upto: I32, first: int, last: int) -> tuple[int, int]:
    """Return where in the text the word `chars[first:last]` begins and ends, also one that was written backwards."""
    return min(at[first], at[last - 1]), max(upto[first], upto[last - 1])


@compiled
def split(chars: U32, kinds: U8, at: I32, upto: I32, count: int, starts: I32, ends: I32) -> int:
    """Split `count` folded characters into words, in place; return how many there are.

    Word k is `chars[starts[k]:ends[k]]` afterwards. In a word signs that stand for letters are read as letters, other
    digits as 0, and runs of one letter are cut to two. Letters apart are one word. An emoji is a word. Links and
    mentions are left out.
    """
    words = 0
    made = 0
    here = 0
    again = False
    while here < count:
        kind = kinds[here]
        char = chars[here]
        if char == 64 or char == 104 or char == 119:
            skipped = _skip(chars, kinds, here, count)
            if skipped > here:
                here = skipped
                continue
        if kind == LETTER or kind == DIGIT or char == 36:
            starts[words] = made
            if kind == LETTER and here + 2 < count and kinds[here + 1] != LETTER and kinds[here + 1] != DIGIT:
                end, gap = _apart(chars, kinds, here, count, again)
                if end:
                    made = _gather(chars, kinds, at, upto, here, end, gap, made)
                    again = True
                    ends[words] = made
                    words += 1
                    here = end
                    continue
            here, made = _word(chars, kinds, at, upto, here, count, made)
            if made == starts[words]:
                here += 1
                continue
        elif kind == SYMBOL:
            chars[made], at[made], upto[made] = chars[here], at[here], upto[here]
            starts[words] = made
            made += 1
            here += 1
        else:
            here += 1
            continue
        ends[words] = made
        words += 1
    return words
