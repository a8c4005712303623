"""Pages that ask who one is once more."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase

from wardmote.edges.ui.confirmed import ask_again, ask_before_a_file
from wardmote.edges.web.pages import MemberPage
from wardmote.edges.web.requests import Request


class Confirmed(MemberPage):
    """A page for a member who has just shown again who they are. Stands first among the bases, or after `OwnerOnly`."""

    offered_on = ""
    """For what is no page but a file: the page that offers it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if cast("Request", request).standing is not None:
            if self.offered_on:
                if (question := ask_before_a_file(request, page=self.offered_on)) is not None:
                    return question
            else:
                ask_again(request)
        return super().dispatch(request, *args, **kwargs)
