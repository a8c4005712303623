"""Those who ask to join, for moderators; and the link that lets somebody in."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from wardmote.communities.queries import desk
from wardmote.edges.ui.refusals import status_of
from wardmote.edges.web import invited
from wardmote.edges.web.pages import MemberPage, Page
from wardmote.edges.web.requests import Request, send_to
from wardmote.journeys.members import entering
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused


class Waiting(MemberPage):
    """Who waits, what they say, and the two buttons."""

    template = "web/requests.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        standing = cast("Request", request).standing
        if standing is not None and not standing.moderates:
            raise Refused(_("Only this community’s moderators answer those who ask to join."))
        return super().dispatch(request, *args, **kwargs)

    def get(self) -> HttpResponse:
        return self.draw()

    def draw(self, *, about: int = 0, trouble: str = "", typed: str = "", status: int = 200) -> HttpResponse:
        context = {
            "rows": desk.join_requests(community_id=self.community.id),
            "waiting": desk.requests_waiting(community_id=self.community.id),
            "about": about,
            "trouble": trouble,
            "typed": typed,
        }
        return self.show(context, status=status)


class Answer(Waiting):
    """A yes, or a no with its reason."""

    http_method_names = ["post"]

    def post(self, request_id: int) -> HttpResponse:
        said, approve = self.request.POST.get("reason", ""), self.request.POST.get("answer") == "approve"
        try:
            entering.answer(**self.me, request_id=request_id, approve=approve, reason=said, now=clock.now())
        except (Invalid, Conflict) as error:
            return self.draw(about=request_id, trouble=str(error), typed=said, status=status_of(error))
        words = _("They are a member now, and are told so.") if approve else _("They are told so, with your reason.")
        messages.success(self.request, words, extra_tags="ok")
        return send_to(self.request, "/requests")


class Come(Page):
    """An invitation link: it is kept for this browser, which is led to where one joins."""

    def get(self, token: str) -> HttpResponse:
        if not invited.keep(self.request, token, now=clock.now()):
            raise NotFound(_("This invitation link lets nobody in any more. Ask whoever sent it for another."))
        if self.request.standing is not None:
            return send_to(self.request, "/")
        return send_to(self.request, "/join" if self.request.user.is_authenticated else "/accounts/signup/")
