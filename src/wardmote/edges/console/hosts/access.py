"""Who may come to the host's desk: the one place that decides it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from wardmote.edges.ui.drafts import sign_in_first
from wardmote.kernel.errors import NotFound, Refused
from wardmote.people.queries import is_host_staff

P = ParamSpec("P")


def staff_only(
    view: Callable[Concatenate[HttpRequest, int, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in the host's staff, on the host's own domains; the view is handed the person's id.

    On a community's domain there is no such desk (404), whoever asks. Somebody signed out is sent to sign in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if getattr(request, "community", None) is not None:
            raise NotFound(_("The host's desk is at the host's own address."))
        if not request.user.is_authenticated and request.method in {"GET", "HEAD"}:
            return redirect_to_login(request.get_full_path())
        if not request.user.is_authenticated:
            return sign_in_first(request)
        person_id = request.user.pk
        if person_id is None or not is_host_staff(person_id=person_id):
            raise Refused(_("Only the host's staff work at this desk."))
        return view(request, person_id, *args, **kwargs)

    return guarded
