"""What weighs much asks who one is once more: a browser left open, or a stolen session, is not enough for it."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
    raise_if_reauthentication_required,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

P = ParamSpec("P")
_APP = "allauth.account"


def ask_again(request: HttpRequest) -> None:
    """Send whoever has not just given their password or second proof to do so; what was sent goes on after that."""
    if request.user.is_authenticated:
        raise_if_reauthentication_required(request, app=_APP)


def ask_before_a_file(request: HttpRequest, *, page: str) -> HttpResponse | None:
    """The same where a file is to be sent: it would come while the question stays on the screen. So after the answer
    comes `page`, which offers the file; None for whoever is not asked."""
    if not is_reauthentication_required(request, app=_APP):
        return None
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': page})}")


def confirmed(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The same for a function: every POST. Stands below the check of who may come."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST":
            ask_again(request)
        return view(request, *args, **kwargs)

    return guarded
