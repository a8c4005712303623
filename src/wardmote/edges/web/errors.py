"""Errors as pages: the only place that knows which error has which status."""

from typing import cast
from urllib.parse import unquote_to_bytes

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused, WardmoteError


class Garbled(WardmoteError):
    """The body is not valid UTF-8 (400)."""


STATUS: dict[type[WardmoteError], int] = {NotFound: 404, Refused: 403, Conflict: 409, Invalid: 422, Garbled: 400}


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    return render(request, "web/error.html", {"title": title, "sentence": sentence, "status": status}, status=status)


def page_for(request: HttpRequest, error: WardmoteError) -> HttpResponse:
    """The page that says `error` in its own words."""
    titles: dict[type[WardmoteError], str] = {
        NotFound: _("There is nothing here"),
        Refused: _("That is not possible"),
        Conflict: _("Somebody was faster"),
        Invalid: _("That cannot be right"),
        Garbled: _("That text arrived broken"),
    }
    kind = next(k for k in (*titles, WardmoteError) if isinstance(error, k))
    return _page(request, STATUS.get(kind, 400), titles.get(kind, _("That is not possible")), str(error))


def no_such_community(request: HttpRequest, domain: str) -> HttpResponse:
    """Nobody lives under this host name."""
    sentence = _("No community answers under the name “%(name)s”. Check the address for a slip.") % {"name": domain}
    return _page(request, 404, _("There is no such community"), sentence)


def require_utf8(request: HttpRequest) -> None:
    """Raise Garbled for a form whose text is not UTF-8: Django would replace the bad bytes without a word."""
    if request.method != "POST" or request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return
    raw = request.body if request.content_type.startswith("multipart") else unquote_to_bytes(request.body)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Garbled(_("Your browser sent text that is not valid UTF-8. Nothing was saved; go back and try again.")) from None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own refusals: a malformed host, too large a form."""
    if isinstance(exception, RequestDataTooBig):
        return _page(request, 413, _("That is too much at once"), _("The form is too large. Nothing was saved."))
    return _page(request, 400, _("That request made no sense"), _("The browser sent something we cannot read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refused by Django or an app of others."""
    return _page(request, 403, _("That is not possible"), _("You may not do this."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: mostly a page that stood open too long, or cookies that are switched off."""
    sentence = _("This page stood open too long, or your browser sends no cookies. Go back, reload it and try again.")
    return _page(request, 403, _("We could not tell that it was you"), sentence)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address."""
    return _page(request, 404, _("There is nothing here"), _("This page does not exist, or it has been taken away."))


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault. Says so without asking the database anything: it may be what broke."""
    for name, value in {"community": None, "standing": None, "handle": "", "unread": 0}.items():
        setattr(cast("object", request), name, value)
    sentence = _("Something broke on our side. It has been noted; please try again in a moment.")
    return _page(request, 500, _("That is our fault"), sentence)
