"""Who may come to the desk: the one place that decides it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wardmote.communities.queries import CommunityView, Standing
from wardmote.edges.ui.drafts import sign_in_first
from wardmote.edges.ui.htmx import in_place
from wardmote.kernel import clock
from wardmote.kernel.errors import NotFound, Refused

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose desk it is: every read and write a page makes is for this community and this moderator."""

    community_id: int
    member_id: int
    is_owner: bool


def moderators_only(
    view: Callable[Concatenate[HttpRequest, Desk, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in this community's moderators and owner, before anything is looked up, so that no answer tells what exists.

    On the host's own domain there is no desk (404). Somebody signed out is sent to sign in; anybody else is refused.
    """

    return _guard(view, lambda standing: standing.moderates, _("Only this community's moderators work at this desk."))


def owners_only(
    view: Callable[Concatenate[HttpRequest, Desk, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """The same for this community's owner alone: keys and addresses by which programs come in."""
    return _guard(
        view, lambda standing: standing.is_owner, _("Only the owner of this community may give programs access.")
    )


def owner_or_nobody(
    view: Callable[Concatenate[HttpRequest, Desk, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """What is here exists for the owner alone; everybody else who is signed in gets a 404."""
    return _guard(view, lambda standing: standing.is_owner, _("There is nothing at this address."), hidden=True)


def _guard(
    view: Callable[Concatenate[HttpRequest, Desk, P], HttpResponse],
    may: Callable[[Standing], bool],
    otherwise: str | Promise,
    *,
    hidden: bool = False,
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        community: CommunityView | None = getattr(request, "community", None)
        standing: Standing | None = getattr(request, "standing", None)
        if community is None:
            raise NotFound(gettext("There is no moderators' desk at this address."))
        if not request.user.is_authenticated and request.method in {"GET", "HEAD"} and not in_place(request):
            return redirect_to_login(request.get_full_path())
        if not request.user.is_authenticated:
            # A sign-in page must not be put in the place of a piece.
            if not in_place(request):
                return sign_in_first(request)
            raise Refused(gettext("You were signed out. Sign in in another tab; what you typed is still here."))
        if standing is None or not may(standing):
            raise NotFound(str(otherwise)) if hidden else Refused(str(otherwise))
        if standing.suspended(clock.now()):
            raise Refused(gettext("Your account is suspended; until that ends, others decide."))
        return view(request, Desk(community.id, standing.member_id, standing.is_owner), *args, **kwargs)

    return guarded
