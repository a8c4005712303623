"""Errors as pages, in their own words."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, unquote_to_bytes, urlencode

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.edges.ui import drafts, typed
from wardmote.edges.ui.refusals import say_when, status_of
from wardmote.kernel.errors import NotAccepted, WardmoteError
from wardmote.kernel.hosts import shown_host

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_TITLES = {
    404: gettext_lazy("There is nothing here"),
    429: gettext_lazy("Not so fast"),
    403: gettext_lazy("That is not possible"),
    409: gettext_lazy("That has changed meanwhile"),
    422: gettext_lazy("Something in this form is not valid"),
}


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """The page of an error; what was typed into a form that it refuses is on it."""
    return drafts.page_with_typed(request, title, sentence, status=status)


def page_for(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The page that says `error` in its own words; None for what was not written for the person who asked."""
    if isinstance(error, NotAccepted):
        way = f"/policy/accept?{urlencode({'next': drafts.page_of(request)})}", _("Read and accept it")
        return drafts.page_with_typed(request, _("There is a new policy"), str(error), status=403, way=way, again=True)
    if isinstance(error, WardmoteError) and (status := status_of(error)) in _TITLES:
        return say_when(error, _page(request, status, str(_TITLES[status]), str(error)))
    if is_full_disk(error):
        sentence = _("The disk of this server is full. Nothing was saved; what you wrote is still in your browser.")
        return _page(request, 507, _("There is no room left"), sentence)
    return None


RETRY_SECONDS = 30
_MACHINES = ("/v1/", "/v1alpha1/", "/exchange/", "/record/checkpoint")
"""Addresses that programs ask; they read a status and a sentence, no page."""


def is_away(error: BaseException | None) -> bool:
    """Whether the database does not answer, or not in time: nothing that asking again may not mend."""
    if not isinstance(error, (OperationalError, InterfaceError)) or is_full_disk(error):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    # No state: the connection is gone, or nobody answered. 08: gone; 53, 57: short of something, ended, starting;
    # 55P03: another's lock. SQLite has its line of writers.
    words = str(error)
    if type(error.__cause__).__module__.startswith("sqlite3"):
        return "locked" in words
    return state is None or state[:2] in ("08", "53", "57") or state == "55P03"


def unavailable(request: HttpRequest) -> HttpResponse:
    """Nothing here asks the database, which may be what is away; nothing was saved, or nobody knows."""
    sentence = _("The database of this server does not answer just now. Please try again in a minute.")
    if request.path_info.startswith(_MACHINES):
        answer: HttpResponse = JsonResponse(_for_machines(request.path_info), status=503)
    else:
        page = {"title": _("Back in a moment"), "sentence": sentence, "status": 503, "typed": _typed(request)}
        answer = HttpResponse(render_to_string("ui/error.html", page), status=503)
    answer.headers["Retry-After"] = str(RETRY_SECONDS)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _typed(request: HttpRequest) -> list[typed.Field]:
    return typed.as_fields(typed.sent(request))


def _for_machines(path: str) -> dict[str, object]:
    words = "The database does not answer. Try again."
    if path.startswith("/exchange/"):
        return {"refused": words}
    if path.startswith("/v1alpha1/"):
        return {"error": {"code": 503, "message": words, "status": "UNAVAILABLE"}}
    return {"error": {"message": words, "type": "server_error", "param": None, "code": "unavailable"}}


def is_full_disk(error: BaseException | None) -> bool:
    """Whether the database had no room; SQLite says so in words, PostgreSQL by its error class."""
    cause = error.__cause__ if error is not None else None
    return isinstance(error, OperationalError) and ("disk is full" in str(error) or type(cause).__name__ == "DiskFull")


@contextmanager
def unless_full() -> Iterator[None]:
    """For what a page writes only because it was read: on a full disk it is left out, and the page is there."""
    try:
        yield
    except OperationalError as error:
        if not is_full_disk(error):
            raise


def no_such_community(request: HttpRequest, domain: str) -> HttpResponse:
    """Nobody lives under this host name."""
    sentence = _("No community answers under the name “%(name)s”. Check the address for a slip.") % {
        "name": shown_host(domain)
    }
    return _page(request, 404, _("There is no such community"), sentence)


def is_utf8(request: HttpRequest) -> bool:
    """Whether a form's text is UTF-8; of a body that is not, Django would replace the bad bytes without a word.

    Raises Django's RequestDataTooBig, TooManyFieldsSent or MultiPartParserError for a form that is not read at all.
    """
    if request.method != "POST" or request.content_type not in _FORMS:
        return True
    body = request.body if request.content_type.startswith("multipart") else unquote_to_bytes(request.body)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return request.POST is not None


def garbled(request: HttpRequest) -> HttpResponse:
    """The body is not UTF-8."""
    sentence = _("Your browser sent text that is not valid UTF-8. Nothing was saved; go back and try again.")
    return _page(request, 400, _("That text arrived broken"), sentence)


def wrong_method(request: HttpRequest, response: HttpResponseBase) -> HttpResponse:
    """The address exists and is asked in a way it does not answer."""
    page = _page(request, 405, _("That is not how this works"), _("This address does not answer that kind of request."))
    page.headers["Allow"] = response.headers.get("Allow", "")
    return page


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own refusals: a malformed host, too large a form."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        sentence = _("The form is too large. Nothing was saved. Go back: what you typed is still in your browser.")
        return _page(request, 413, _("That is too much at once"), sentence)
    return _page(request, 400, _("That request made no sense"), _("The browser sent something we cannot read."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token. What was typed is shown, and sent only by a press on this page, which has a token.

    For whoever was led here by a page of somebody else's there is neither: it would be that page's words.
    """
    context = {
        "typed": _typed(request),
        "again": bool(typed.is_ours(request)),
        "sent_to": request.get_full_path(),
    }
    request.forged = True  # type: ignore[attr-defined]  # ours, for `FindViewer`: nothing of it is kept
    return render(request, "403_csrf.html", context, status=403)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Refused by Django or by an app of others."""
    return _page(request, 403, _("That is not possible"), _("You may not do this."))


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address; where only a slash at the end is too many or too few, the way to the one there is."""
    other = _by_a_slash(request)
    if other:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponseRedirect(f"{other}?{query}" if query else other)
    return _page(request, 404, _("There is nothing here"), _("This page does not exist, or it has been taken away."))


def _by_a_slash(request: HttpRequest) -> str:
    """The address that differs from the one asked for by its last slash, where there is one."""
    path = request.path_info
    if request.method not in ("GET", "HEAD") or path.startswith("//"):
        return ""
    other = path.rstrip("/") if path.endswith("/") else f"{path}/"
    try:
        resolve(other)
    except Resolver404:
        return ""
    return quote(other, safe="/@")


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault, or the database's that is away. Drawn without the request: the database may be what broke, and
    nothing here asks it."""
    if is_away(sys.exception()):
        return unavailable(request)
    sentence = _("Something broke on our side. It has been noted; please try again in a moment.")
    page = {"title": _("That is our fault"), "sentence": sentence, "status": 500, "typed": _typed(request)}
    return HttpResponse(render_to_string("ui/error.html", page), status=500)
