"""How an error of the house is answered by every edge: its HTTP status, and the field of a form where it is said."""

from django.forms import Form
from django.http import HttpResponse

from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused, TooOften, WardmoteError

_STATUS = ((NotFound, 404), (TooOften, 429), (Refused, 403), (Conflict, 409), (Invalid, 422), (WardmoteError, 400))


def status_of(error: WardmoteError) -> int:
    """The HTTP status of an error of the house."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def say(form: Form, error: WardmoteError, *, otherwise: str | None = None) -> None:
    """Put the error at the field that it names; at `otherwise`, or above the form, where it names none of these."""
    field = getattr(error, "field", "")
    form.add_error(field if field in form.fields else otherwise, str(error))


def say_when(error: Exception, page: HttpResponse) -> HttpResponse:
    """The page, with `Retry-After` where the error says when it goes on."""
    if isinstance(error, TooOften):
        page.headers["Retry-After"] = str(error.seconds)
    return page
