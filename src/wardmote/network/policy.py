"""Pure rules of the network: what a text, a handle and a visibility may be, and who may see what."""

import re
from dataclasses import dataclass
from enum import StrEnum

from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long
from wardmote.kernel.texts import is_blank, isolated, one_line_end

POST_LIMIT = 1000
NAME_LIMIT = 60
BIO_LIMIT = 500
HANDLE = re.compile(r"[a-z0-9_]{1,30}")
_ALLOWED_CONTROLS = {"\n", "\t"}


class Visibility(StrEnum):
    """Who sees a text. `held`: nobody but its author until a person has decided. `covered`: nobody but its author and
    the moderators reads it until then, and everybody sees that there is something."""

    PUBLIC = "public"
    HELD = "held"
    COVERED = "covered"
    HIDDEN = "hidden"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What moderation has made of a text: who sees it, and the label that stands on it."""

    visibility: Visibility
    label: str = ""


def clean_text(raw: str, *, limit: int, field: str, required: bool) -> str:
    """`raw` with line ends made one and outer blanks dropped; refuses what cannot be stored or is too long.

    What shows nothing is as good as empty. Lone surrogates (broken UTF-8) and control characters are refused rather
    than repaired: what was screened must be what is stored.
    """
    text = one_line_end(raw).strip()
    if not required and is_blank(text):
        return ""
    if is_blank(text):
        raise Invalid(_("There is nothing here yet: the text is empty."), field=field)
    for position, character in enumerate(text):
        if "\ud800" <= character <= "\udfff":
            raise Invalid(
                _("The text is not valid Unicode at character %(place)d.") % {"place": position + 1}, field=field
            )
        if (character < " " or character == "\x7f") and character not in _ALLOWED_CONTROLS:
            raise Invalid(
                _("The text has a control character at %(place)d; please remove it.") % {"place": position + 1},
                field=field,
            )
    if len(text) > limit:
        raise Invalid(
            too_long(len(text), limit),
            field=field,
        )
    return text


def profile_text(display_name: str, bio: str) -> str:
    """A profile's texts as one, as they are screened and judged: a threat may begin in the name and end in the bio."""
    return f"{display_name}\n{bio}".strip()


def shown_name(display_name: str, handle: str) -> str:
    """How a member is called: by their name, kept from turning the words beside it, or by the handle."""
    return handle if is_blank(display_name) else isolated(display_name)


def clean_handle(raw: str) -> str:
    """A handle as stored: lower case, 1 to 30 of `a-z 0-9 _`."""
    handle = raw.strip().removeprefix("@").lower()
    if not HANDLE.fullmatch(handle):
        raise Invalid(_("A handle has 1 to 30 letters a to z, digits or underscores."), field="handle")
    return handle


def may_see(visibility: Visibility, *, is_author: bool, moderates: bool) -> bool:
    """Whether the text itself may be shown (a hidden post is shown behind a click)."""
    return visibility in (Visibility.PUBLIC, Visibility.HIDDEN) or is_author or moderates
