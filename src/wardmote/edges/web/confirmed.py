"""Pages that ask who one is once more."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase

from wardmote.edges.look.confirmed import ask_again
from wardmote.edges.web.pages import MemberPage
from wardmote.edges.web.requests import Request


class Confirmed(MemberPage):
    """A page for a member who has just shown again who they are. Stands first among the bases, or after `OwnerOnly`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if cast("Request", request).standing is not None:
            ask_again(request)
        return super().dispatch(request, *args, **kwargs)
