"""What somebody sent and was not taken, kept until they are back at the form: in their own browser, not with us."""

import json
from dataclasses import dataclass
from urllib.parse import urlencode
from zlib import crc32

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from wardmote.edges.ui import typed as forms

SIGN_IN = "/accounts/login/"
_KEY = "draft"
_SALT = "wardmote.draft"
_TYPIST = "typist"
_TYPIST_SALT = "wardmote.typist"
SHOW = "draft"
"""In an address, what asks to be shown a draft that nobody can say whose it is."""
_PIECE = 3_600
"""Characters of one cookie: browsers take 4,096, name and all."""
_PIECES = 2
"""Together less than a line that a proxy in front takes, which is 8 kB with nginx."""
_SECONDS = 3_600
_ANSWERS_BOTH = frozenset(
    {
        *(f"console:{name}" for name in ("correct", "reasons", "sampling", "try")),
        *(f"doors:{name}" for name in ("keys", "lists", "webhook")),
        *(f"host:{name}" for name in ("try", "elsewhere", "policy", "outages", "open", "letter")),
        "demo_enter",
        "way_back",
    }
)
"""Functions that show the form they take; every other that takes one has its form on the page above."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was not taken: the page it is on (`at`), where it was sent (`to`), its fields, whether the person
    was signed out (`out`), and the id of the person who typed it (`who`), 0 where nobody can say."""

    at: str
    to: str
    fields: QueryDict
    out: bool
    who: int

    @property
    def shown(self) -> list[forms.Field]:
        return forms.as_fields(self.fields)

    @property
    def sentence(self) -> str:
        """What the page says that has it again."""
        if self.out:
            return _("You were signed out. What you typed is here; please send it again.")
        return _("It was not taken before. What you typed is here; please send it again.")


def page_of(request: HttpRequest) -> str:
    """The page that has the form which was sent: the address itself, or the nearest above that shows a page."""
    path = request.path
    page = _page_at(path, itself=True)
    while path and not page:
        path = path.rstrip("/").rpartition("/")[0]
        page = _page_at(path) or _page_at(f"{path}/")
    return page or "/"


def _page_at(path: str, *, itself: bool = False) -> str:
    """The path, if a page is shown there; `itself`: it is where the form was sent."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    view = getattr(match.func, "view_class", None)
    if view is not None:
        return path if hasattr(view, "get") and "get" in view.http_method_names else ""
    return path if not itself or match.view_name in _ANSWERS_BOTH else ""


def sign_in_first(request: HttpRequest, *, to: str = SIGN_IN, out: bool = True) -> HttpResponse:
    """To sign in and then back to the form with everything that was typed; what is too much for that is shown here."""
    back = page_of(request)
    response = HttpResponseRedirect(f"{to}?{urlencode({'next': back})}")
    if keep(request, response, at=back, out=out):
        return response
    sentence = _("You were signed out. Nothing was saved; what you typed is here.")
    way = (f"{to}?{urlencode({'next': '/'})}", _("Sign in in another tab, then come back and send it"))
    return page_with_typed(request, _("You were signed out"), sentence, status=403, way=way, again=True)


def page_with_typed(
    request: HttpRequest,
    title: str,
    sentence: str,
    *,
    status: int,
    way: tuple[str, str] | None = None,
    again: bool = False,
    template: str = "ui/error.html",
) -> HttpResponse:
    """A page that says why a form was not taken, with all that was typed. `way`: address and words of a link on;
    `again`: with the button that sends it once more."""
    context = {
        "title": title,
        "sentence": sentence,
        "status": status,
        "way": way,
        "again": again,
        "sent_to": request.get_full_path(),
        "typed": forms.as_fields(forms.sent(request)),
    }
    return render(request, template, context, status=status)


def keep(request: HttpRequest, response: HttpResponseBase, *, at: str, out: bool = False) -> bool:
    """Keep this form for the page at the path `at`; the newest draft of that page alone.

    False where it is too much to be kept. True also where there is nothing worth keeping.
    """
    fields = forms.sent(request)
    if not forms.has_words(fields):
        return True
    # As JSON of its own: `dumps` would write every letter beyond ASCII as six.
    whole = {
        "at": at,
        "to": request.get_full_path(),
        "fields": dict(fields.lists()),
        "out": out,
        "who": _typist(request),
    }
    words = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    text = signing.TimestampSigner(salt=_SALT).sign_object(words, serializer=_Utf8, compress=True)
    if len(text) > _PIECE * _PIECES - _beside(request, at):
        return False
    for number, name in enumerate(_names(at)):
        piece = text[number * _PIECE : (number + 1) * _PIECE]
        response.set_cookie(
            name,
            piece,
            max_age=_SECONDS,
            path=at,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return True


def _names(at: str) -> list[str]:
    """The cookies of this page's draft: by its path, or the draft of a page above would be taken for it."""
    return [f"{_KEY}{number}-{crc32(at.encode()):08x}" for number in range(_PIECES)]


def _beside(request: HttpRequest, at: str) -> int:
    """Characters of the drafts that the browser will send along with this page's: those of the pages above."""
    above = [draft.at for draft in _all(request) if at.startswith(f"{draft.at.rstrip('/')}/") and draft.at != at]
    return sum(len(request.COOKIES.get(name, "")) for each in above for name in _names(each))


def _all(request: HttpRequest) -> list[Draft]:
    """Every draft that the browser sent along."""
    firsts = [name for name in request.COOKIES if name.startswith(f"{_KEY}0-")]
    found = [_read(request, [first, first.replace(f"{_KEY}0", f"{_KEY}1")]) for first in firsts]
    return [draft for draft in found if draft is not None]


def _read(request: HttpRequest, names: list[str]) -> Draft | None:
    text = "".join(request.COOKIES.get(name, "") for name in names)
    if not text:
        return None
    try:
        words = signing.TimestampSigner(salt=_SALT).unsign_object(text, serializer=_Utf8, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    found = json.loads(words)
    if "fields" not in found or "who" not in found:
        return None  # as another version kept it
    fields = QueryDict(mutable=True)
    for name, values in found["fields"].items():
        fields.setlist(name, values)
    return Draft(found["at"], found["to"], fields, found["out"], found["who"])


def waiting(request: HttpRequest) -> Draft | None:
    """The draft of this page that no form of it has taken; whoever shows it calls `take` too.

    None for everybody but the person who typed it, and, where nobody can say who did, until it is asked for.
    """
    draft = _of_page(request)
    if draft is None or (not draft.who and request.GET.get(SHOW) != "1"):
        return None
    return draft


def is_veiled(request: HttpRequest) -> bool:
    """Whether a draft of this page waits to be asked for: it was sent signed out, from a browser that says no more."""
    draft = _of_page(request)
    return draft is not None and not draft.who and request.GET.get(SHOW) != "1"


def _of_page(request: HttpRequest) -> Draft | None:
    if request.method != "GET" or getattr(request, "draft_taken", False):
        return None
    draft = _read(request, _names(request.path))
    return draft if draft is not None and draft.at == request.path and draft.who in (0, _person(request)) else None


def _person(request: HttpRequest) -> int:
    """Who is signed in; 0: nobody."""
    user = getattr(request, "user", None)
    return int(user.pk) if user is not None and user.is_authenticated else 0


def _typist(request: HttpRequest) -> int:
    """Who is signed in, or was in this browser when their session ended; 0 where nobody can say."""
    try:
        return _person(request) or int(signing.Signer(salt=_TYPIST_SALT).unsign(request.COOKIES.get(_TYPIST, "")))
    except signing.BadSignature:
        return 0


def note_typist(request: HttpRequest, response: HttpResponseBase, *, before: int) -> None:
    """Have the browser say whose the forms in it are, should the session end; nobody's once they sign out themselves.

    `before`: who was signed in when the request came.
    """
    person = _person(request)
    if not person:
        if before and _TYPIST in request.COOKIES:
            response.delete_cookie(_TYPIST, samesite="Lax")
        return
    value = signing.Signer(salt=_TYPIST_SALT).sign(str(person))
    if request.COOKIES.get(_TYPIST) != value:
        response.set_cookie(
            _TYPIST,
            value,
            max_age=settings.SESSION_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def take(request: HttpRequest, *, to: str = "", keep_it: bool = False) -> Draft | None:
    """The draft of this page, for the form that is sent `to` that address; it is let go once the page is there.

    `keep_it`: shown, and not yet in a form that could be sent; it waits for the next time.
    """
    draft = waiting(request)
    if draft is None or (to and draft.to.partition("?")[0] != to):
        return None
    request.draft_taken = True  # type: ignore[attr-defined]  # ours, for `waiting`
    request.draft_done = not keep_it  # type: ignore[attr-defined]  # ours, for `settle`
    return draft


def settle(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have the browser let go of a draft that a page has shown, that was sent again and taken, or that is another's."""
    if any(name.startswith(_KEY) for name in response.cookies):
        return
    if getattr(request, "draft_done", False) and response.status_code == 200:
        _forget(request, response, at=request.path)
    person = _person(request)
    for draft in _all(request) if person else ():
        if draft.who not in (0, person):
            _forget(request, response, at=draft.at)
    if request.method != "POST" or response.status_code >= 400:
        return
    for draft in _all(request):
        if draft.to.partition("?")[0] == request.path:
            _forget(request, response, at=draft.at)


def _forget(request: HttpRequest, response: HttpResponseBase, *, at: str) -> None:
    for name in _names(at):
        if name in request.COOKIES:
            response.delete_cookie(name, path=at, samesite="Lax")


class _Utf8:
    """A serializer of Django's signing that leaves a text as it is."""

    def dumps(self, text: str) -> bytes:
        return text.encode()

    def loads(self, raw: bytes) -> str:
        return raw.decode()
