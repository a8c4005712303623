"""Who does not judge a thing: whoever wrote it, reported it, or is named in it. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from wardmote.kernel.errors import Refused
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.texts import INVISIBLE

_UNSEEN = re.compile(f"[{INVISIBLE}]")
_LEAST = 3
"""Letters of a name that counts where it is written plainly."""
_ORDINARY = frozenset(
    re.findall(
        r"\w+",
        "will mark may june april august rose grace hope joy faith art bill jack pat sue rob dick max mai sunny page "
        "chase drew frank miles hunter mason cook baker smith ernst klar moderator admin owner everybody everyone "
        "someone nobody anybody people friend guest user staff team town plaza",
    )
)
"""Names that are words as well: alone they name nobody, unless they are written with an @."""


def check_impartial(
    *,
    member_id: int,
    author_id: int | None,
    reporter_ids: Iterable[int],
    decided_by: int | None,
    addressed: Iterable[int] = (),
) -> None:
    """Nobody judges their own post, a thing they reported, one that names or answers them, or an appeal against
    themselves."""
    if author_id == member_id:
        raise Refused(_("You wrote this; somebody else must decide it."))
    if member_id in set(reporter_ids):
        raise Refused(_("You reported this; somebody else must decide it."))
    if member_id in set(addressed):
        raise Refused(_("This names you or answers you; somebody else must decide it."))
    if decided_by == member_id:
        raise Refused(_("You decided this; a different moderator must hear the appeal."))


def names(text: str, *, handle: str, display_name: str, shared: bool) -> bool:
    """Whether `text` names this member: @handle, or the handle or name as it is, whatever the case.

    `shared`: somebody else here has the same display name, so that it says nothing of either.
    """
    said = _UNSEEN.sub("", text)
    if _mention(handle).search(said):
        return True
    plain = {handle} if shared else {handle, " ".join(display_name.split())}
    return any(_plain(name).search(said) for name in plain if _says_who(name))


def _says_who(name: str) -> bool:
    return len(name) >= _LEAST and name.casefold() not in _ORDINARY


@lru_cache(maxsize=1024)
def _mention(handle: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.])@{re.escape(handle)}(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1024)
def _plain(name: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<![\w@/.]){words}(?!\w)", re.IGNORECASE)
