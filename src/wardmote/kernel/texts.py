"""What of a text can be seen: whether it is blank, whether two names look the same, what a name may hold. Pure.

Some characters show nothing: joiners, direction marks, fillers, variation selectors. Persian, Malayalam and many emoji
cannot be written without them, so a name may hold them; they alone are no text, and they make no two names different.
"""

import re

from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long

_IGNORED = (
    *((0x00AD, 0x00AD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F)),
    *((0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF)),
    *((0xFFA0, 0xFFA0), (0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
)
"""Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties): drawn as nothing."""
_BLANK = ((0x2800, 0x2800), (0x1D159, 0x1D159), (0xFFF9, 0xFFFC), (0x13430, 0x1345F), (0x16FE4, 0x16FE4))
"""Not among them, and blank all the same: the empty braille cell, a musical filler, annotations, format controls."""

INVISIBLE = "".join(f"{chr(low)}-{chr(high)}" for low, high in (*_IGNORED, *_BLANK))
"""The inside of a character class of `re`: every character that shows nothing and is no space."""
_INVISIBLE = re.compile(f"[{INVISIBLE}]+")
_UNSEEN = re.compile(rf"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff{INVISIBLE}]*")
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_SPACE = re.compile(r"\s")

_OPENS = {**dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c"), **dict.fromkeys("\u2066\u2067\u2068", "\u2069")}
"""A direction control -> what ends it."""
_ENDS = frozenset(_OPENS.values())
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def is_blank(text: str) -> bool:
    """Whether nothing of `text` can be seen."""
    return _UNSEEN.fullmatch(text) is not None


def one_line_end(text: str) -> str:
    r"""`text` with LF alone: a browser sends CR LF for each line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def identity(name: str) -> str:
    """What makes a name this name: without what shows nothing, every space a plain one, none outside."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", name)).strip()


def is_name(text: str, *, limit: int) -> bool:
    """Whether `text` can be a name: something to see, no control character, at most `limit` characters."""
    return len(text) <= limit and not is_blank(text) and _REFUSED.search(text) is None


def clean_name(raw: str, *, limit: int, field: str, required: bool = True) -> str:
    """A name as it is kept: one line, in any script. Raises Invalid for control characters, and for what is too long.

    A blank one is empty, and refused where one is `required`. What turns the direction of writing is ended inside the
    name, so that it never turns the words beside it.
    """
    name = raw.strip()
    if is_blank(name):
        if required:
            raise Invalid(_("There is nothing here yet: the name is empty."), field=field)
        return ""
    found = _REFUSED.search(name)
    if found is not None:
        raise Invalid(
            _("The text has a control character at %(place)d; please remove it.") % {"place": found.start() + 1},
            field=field,
        )
    name = isolated(name)
    if len(name) > limit:
        raise Invalid(too_long(len(name), limit), field=field)
    return name


def isolated(name: str) -> str:
    """`name` with every direction control ended inside it, and without ends of what it did not begin."""
    if _TURNS.search(name) is None:
        return name
    kept: list[str] = []
    open_: list[str] = []
    for character in name:
        if character in _OPENS:
            open_.append(_OPENS[character])
        elif character in _ENDS:
            if not open_ or open_[-1] != character:
                continue
            open_.pop()
        kept.append(character)
    return "".join(kept) + "".join(reversed(open_))
