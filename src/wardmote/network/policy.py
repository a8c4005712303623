"""Pure rules of the network: what a text and a visibility may be, and who may see what."""

from dataclasses import dataclass
from enum import StrEnum

from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import too_long
from wardmote.kernel.texts import is_blank, isolated, one_line_end

POST_LIMIT = 1000
NAME_LIMIT = 60
BIO_LIMIT = 500
_ALLOWED_CONTROLS = {"\n", "\t"}


class Visibility(StrEnum):
    """Who sees a text. `held`: nobody but its author until a person has decided. `covered`: nobody but its author and
    the moderators reads it until then, and everybody sees that there is something."""

    PUBLIC = "public"
    HELD = "held"
    COVERED = "covered"
    HIDDEN = "hidden"
    REMOVED = "removed"

    @property
    def is_public(self) -> bool:
        return self is Visibility.PUBLIC

    @property
    def is_held(self) -> bool:
        return self is Visibility.HELD

    @property
    def is_covered(self) -> bool:
        return self is Visibility.COVERED

    @property
    def is_hidden(self) -> bool:
        return self is Visibility.HIDDEN

    @property
    def is_removed(self) -> bool:
        return self is Visibility.REMOVED

    @property
    def is_read_by_all(self) -> bool:
        """Whether every reader may read the text, be it behind a click."""
        return self in (Visibility.PUBLIC, Visibility.HIDDEN)

    @property
    def is_seen_by_all(self) -> bool:
        """Whether every reader sees that there is something: it has its place in the feeds, and is counted."""
        return self in SEEN_BY_ALL

    @property
    def is_editable(self) -> bool:
        """Whether its author may still change the text."""
        return self not in (Visibility.HIDDEN, Visibility.REMOVED)


SEEN_BY_ALL = (Visibility.PUBLIC, Visibility.HIDDEN, Visibility.COVERED)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What moderation has made of a text: who sees it, and the label on it."""

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


def may_see(visibility: Visibility, *, is_author: bool, moderates: bool) -> bool:
    """Whether the text itself may be shown (a hidden post is shown behind a click)."""
    return visibility.is_read_by_all or is_author or moderates
