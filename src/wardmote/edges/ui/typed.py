"""What somebody typed into a form that was sent: shown back to them on the page that says why it was not taken."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_SECRET = ("password", "secret", "token", "otp", "credential", "csrf", "recovery")
_SECRET_NAMES = {"code", "pin", "login"}
_SECRET_PLACES = ("/accounts/", "/exchange/")
"""Where passwords and codes are typed, and where programs send; nothing from there is kept or shown."""
_CARRIED = {"once", "seen", "judged", "version", "in_force", "policy_hash", "next", "audited", "rows"}
"""What the page itself put into the form: sent along, and nobody's words."""
_BUTTONS = {"do", "answer", "go_on", "go_on_asked", "shield", "template", "language", "action", "outcome", "kind", "to"}
"""What is pressed or chosen. Kept beside words, and not worth keeping without any."""
_LABELS: dict[str, str | Promise] = {
    "action": _("Action"),
    "bio": _("About you"),
    "clause": _("Clause"),
    "comment": _("What should the moderators know?"),
    "days": _("For how long"),
    "display_name": _("Name"),
    "handle": _("Handle"),
    "kind": _("Answer"),
    "note": _("Note"),
    "outcome": _("Outcome"),
    "reason": _("Reason"),
    "text": _("Text"),
    "title": _("Title"),
    "to": _("To"),
    "why": _("What was wrong"),
    "words": _("In your words"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a form that was sent. `own`: the person typed or chose it; else the page carried it along."""

    name: str
    label: str
    value: str
    own: bool

    @property
    def is_long(self) -> bool:
        return "\n" in self.value or len(self.value) > 60


def is_secret(name: str) -> bool:
    """Whether a field may hold what nobody but its owner may read again: a password, a code."""
    plain = name.lower()
    return plain in _SECRET_NAMES or any(word in plain for word in _SECRET)


def is_ours(request: HttpRequest) -> bool | None:
    """Whether the browser says that the form was on a page of ours; None where it does not say."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    if not origin:
        return None
    try:
        return origin != "null" and urlsplit(origin).netloc == request.get_host()
    except (DisallowedHost, ValueError):
        return False


def sent(request: HttpRequest) -> QueryDict:
    """The fields of the form that was sent, without secrets and files; empty where there is none to be had.

    So it is for the form of another site's page: its words are not the person's, whatever the answer is.
    """
    kept = QueryDict(mutable=True)
    if request.method != "POST" or request.content_type not in _FORMS:
        return kept
    if request.path_info.startswith(_SECRET_PLACES) or is_ours(request) is False:
        return kept
    try:
        given = request.POST
    except (SuspiciousOperation, RawPostDataException, MultiPartParserError, OSError):
        return kept
    for name, values in given.lists():
        if not is_secret(name):
            kept.setlist(name, values)
    return kept


def has_words(fields: QueryDict) -> bool:
    """Whether there is something in it that would have to be typed again."""
    return any(
        name not in _CARRIED | _BUTTONS and any(value.strip() for value in values) for name, values in fields.lists()
    )


def without_carried(fields: QueryDict) -> dict[str, str]:
    """What a page may put into its fields at first: the words and choices, never what tells what its reader saw."""
    return {name: str(values[-1]) for name, values in fields.lists() if values and name not in _CARRIED}


def as_fields(fields: QueryDict) -> list[Field]:
    """Every value, as a page shows it; the person's own first. Empty where nothing was typed."""
    if not has_words(fields):
        return []
    every = list(_each(fields))
    return sorted(every, key=lambda field: not field.own)


def _each(fields: QueryDict) -> Iterable[Field]:
    for name, values in fields.lists():
        for value in values:
            if value:
                yield Field(name, str(_LABELS.get(name, name)), value, name not in _CARRIED)
