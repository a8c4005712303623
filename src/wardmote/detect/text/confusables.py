"""Compiled: letters of other scripts that look like Latin ones are read as Latin, where they stand for them.

A word that mixes scripts is read as Latin where all its letters look Latin, or most are. A word wholly of letters that
look just like Latin ones counts as Latin beside a Latin word, unless the text is mostly foreign: Russian and Greek have
ordinary words of such letters, and nearly always others beside them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wardmote.detect.jit import compiled
from wardmote.detect.text.folding import JOINER, LETTER

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]

FOREIGN = 0x370
"""The first code point at which letters of other scripts begin."""
_LATIN_AGAIN, _LATIN_ENDS = 0x1D00, 0x1F00
_LAST = 0xA500
_LOOSE = 0x80
"""Marks a letter that only resembles the Latin one: it counts inside a word with Latin letters in it."""
_EXACT = (
    # Cyrillic, small: capitals are folded already, so that `Н` and `н` both stand for H.
    ("асеуорхіјѕквмнтԁһӏԛԝѵүҽҿԍ", "aceyopxijskbmhtdhlqwvyeeg"),
    ("αεικνορτυχβζημϲϳ", "aeikvoptuxbznmcj"),
    ("ոսօհցզլյ", "nuohgqlj"),
    ("ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏂᏃᏏᏒᏔᏕᏙᏚᏞᏟᏢᏦᏧᏳᏴ", "drtiyajewmhyghzbrwsvslcpkdgb"),
    ("ᗩᗅᗷᑕᗪᗞᗴᖴᕼᒍᒪᗰᑎᑭᑫᖇᖆᔕᑌᐯᗯ᙭ᘔᑲ", "aabcddefhjlmnpqrrsuvwxzb"),
    ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ", "bpdtgkjczfmnlsrvhwxyaeiou"),
)
_RESEMBLING = (
    ("гёєиьяпшщѡґғџңқҳҫөӊћђўѳ", "reenbrnwwwrfunkxcohhhyo"),
    ("γδθλπσωφξψ", "ydoanowoet"),
    ("աեքֆտրվկգէ", "wtpfsruqqe"),
)


def _table() -> NDArray[np.uint8]:
    """By code point less `FOREIGN`: the Latin letter a character looks like, or 0; with `_LOOSE` where not just so."""
    made = np.zeros(_LAST - FOREIGN, np.uint8)
    for mark, pairs in ((_LOOSE, _RESEMBLING), (0, _EXACT)):
        for theirs, latin in pairs:
            for their, letter in zip(theirs, latin, strict=True):
                made[ord(their) - FOREIGN] = ord(letter) | mark
    return made


_TABLE = _table()
_NOTHING, _LATIN, _MIXED, _TWIN, _OTHER = range(5)


@compiled
def _is_latin(char: np.uint32) -> bool:
    return bool(char < FOREIGN or _LATIN_AGAIN <= char < _LATIN_ENDS)


@compiled
def _looks_like(char: np.uint32) -> int:
    return int(_TABLE[char - FOREIGN]) if FOREIGN <= char < _LAST else 0


@compiled
def _is_odd(char: np.uint32) -> bool:
    """Whether a letter that looks like a Latin one is of no use in Russian, Ukrainian and Greek."""
    return bool(
        char in (0x455, 0x458, 0x475, 0x4BB, 0x4BD, 0x4BF, 0x4CF, 0x501, 0x50D, 0x51B, 0x51D) or 0x13A0 <= char < _LAST
    )


@compiled
def _judge(chars: U32, kinds: U8, here: int, count: int) -> tuple[int, int]:
    """Return where the run of letters, digits and signs at `here` ends, at a space or the like, and what it is."""
    latin, twins, resembling, others = 0, 0, 0, 0
    link = chars[here] == 64 or (here + 3 < count and chars[here] == 104 and chars[here + 3] == 112)
    while here < count and (chars[here] > 32 or kinds[here] in (LETTER, JOINER)):
        if kinds[here] == LETTER:
            char = chars[here]
            if _is_latin(char):
                latin += 1
            else:
                like = _looks_like(char)
                twins += like > 0 and like < _LOOSE
                resembling += like > _LOOSE
                others += like == 0
        here += 1
    if twins + resembling + others == 0:
        # A mention or a link in Latin says nothing of the language around it.
        return here, _LATIN if latin and not link else _NOTHING
    if latin and twins + resembling and (others == 0 or latin > twins + resembling + others):
        return here, _MIXED
    return here, _TWIN if latin + resembling + others == 0 else _OTHER


@compiled
def _read_as_latin(chars: U32, begin: int, end: int) -> None:
    for here in range(begin, end):
        like = _looks_like(chars[here])
        if like:
            chars[here] = np.uint32(like & ~_LOOSE)


@compiled
def latinise(chars: U32, kinds: U8, count: int) -> None:
    """Replace, in place, the look-alikes among `count` folded characters that stand for Latin letters."""
    latin, twins, odd, others = 0, 0, 0, 0
    here = 0
    while here < count:
        end, sort = _judge(chars, kinds, here, count)
        latin += sort in (_LATIN, _MIXED)
        others += sort == _OTHER
        if sort == _TWIN:
            twins += 1
            for place in range(here, end):
                odd += _is_odd(chars[place])
        here = end + 1
    # A text wholly of twins, with letters that neither Russian nor Greek has, is hardly another language.
    alone = others == 0 and odd > 0
    beside = twins > 0 and latin >= others
    before = _NOTHING
    here = 0
    while here < count:
        end, sort = _judge(chars, kinds, here, count)
        if sort == _MIXED:
            _read_as_latin(chars, here, end)
        elif sort == _TWIN and (alone or beside):
            near = alone or before == _LATIN
            if not near and end + 1 < count:
                _, following = _judge(chars, kinds, end + 1, count)
                near = following in (_LATIN, _MIXED)
            if near:
                _read_as_latin(chars, here, end)
                sort = _LATIN
        before = _LATIN if sort == _MIXED else sort
        here = end + 1
