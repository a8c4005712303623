"""The three kinds of page: anybody's, a member's, and a member's with a form."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from wardmote.communities.queries import CommunityView, Standing
from wardmote.edges.ui import drafts, typed
from wardmote.edges.ui.htmx import in_place, varies
from wardmote.edges.ui.refusals import say, say_when, status_of
from wardmote.edges.web.requests import Request, send_to
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.kernel.ids import MAX_ID


class Page(View):
    """A page of a community that anybody may see; `show` fills the template."""

    template = ""
    request: Request
    community: CommunityView

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        community = cast("Request", request).community
        if community is None:
            raise NotFound(_("This page belongs to a community, and this address is the host's."))
        self.community = community
        method = (request.method or "").lower()
        if method not in ("get", "head", "post") or method not in self.http_method_names or not hasattr(self, method):
            return super().dispatch(request, *args, **kwargs)
        # The request is on self: a page's `get` and `post` take only what is in the address.
        answer: HttpResponseBase = getattr(self, method)(**kwargs)
        return answer

    def show(
        self, context: Mapping[str, object] | None = None, *, status: int = 200, template: str = ""
    ) -> HttpResponse:
        """The page with what it shows."""
        return varies(render(self.request, template or self.template, context, status=status))

    @property
    def viewer_id(self) -> int | None:
        """The member who looks; None for a stranger."""
        return self.request.standing.member_id if self.request.standing else None

    @property
    def moderates(self) -> bool:
        return self.request.standing is not None and self.request.standing.moderates

    @property
    def before(self) -> int | None:
        """Where an older part of a list begins; None for what is no id."""
        raw = self.request.GET.get("before", "")
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 20 and 0 < int(raw) <= MAX_ID else None


class MemberPage(Page):
    """A page for members; others are shown the way in. With `for_members` off: for logins without a membership."""

    standing: Standing
    person_id: int
    for_members = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = cast("Request", request)
        elsewhere = self._elsewhere(asked) if asked.community is not None else ""
        if elsewhere:
            return self._to_the_way_in(elsewhere)
        if asked.standing is not None:
            self.standing = asked.standing
        self.person_id = request.user.pk or 0
        return super().dispatch(request, *args, **kwargs)

    def _elsewhere(self, request: Request) -> str:
        if not request.user.is_authenticated:
            return "/accounts/login/"
        if self.for_members:
            return "" if request.standing else "/join"
        return "/" if request.standing else ""

    def _to_the_way_in(self, elsewhere: str) -> HttpResponse:
        """Send somebody there, with the way back; what they typed waits for them where they typed it."""
        back = self.request.get_full_path() if self.request.method in ("GET", "HEAD") else self.form_address
        if elsewhere == "/" or not back:
            return send_to(self.request, elsewhere)
        if self.request.method == "POST" and not in_place(self.request):
            return drafts.sign_in_first(self.request, to=elsewhere, out=not self.request.user.is_authenticated)
        response = send_to(self.request, f"{elsewhere}?{urlencode({'next': back})}")
        if not drafts.keep(self.request, response, at=back, out=not self.request.user.is_authenticated):
            raise Refused(_("You were signed out. Sign in in another tab, then send it again."))
        return response

    @property
    def form_address(self) -> str:
        """Where the form is that is sent here; empty where it is only a button."""
        words = typed.has_words(typed.sent(self.request))
        shows = hasattr(self, "get") and "get" in self.http_method_names
        return drafts.page_of(self.request) if words or shows else ""

    @property
    def once(self) -> str:
        """The key of the form that was sent; the journey does its deed once for each."""
        return self.request.POST.get("once", "")

    @property
    def me(self) -> dict[str, int]:
        """Who acts and where, as journeys want it."""
        return {"community_id": self.community.id, "member_id": self.standing.member_id}


class FormPage(MemberPage):
    """A form that calls one journey. What is wrong is said at the field, and what was typed stays."""

    form_class: type[forms.Form] = forms.Form

    def initial(self) -> dict[str, object]:
        """What is in the fields at first."""
        return {}

    def surroundings(self) -> dict[str, object]:
        """What the page shows besides the form."""
        return {}

    def save(self, data: dict[str, Any]) -> HttpResponse:
        """Call the journey; say where to go."""
        raise NotImplementedError

    def empty_form(self) -> forms.Form:
        return self.as_drafted(self.form_class(initial=self.initial()))

    def as_drafted(self, form: forms.Form) -> forms.Form:
        """The form with what was typed into it before and not taken; what it has no field for, the page shows."""
        draft = drafts.waiting(self.request)
        words = typed.without_carried(draft.fields) if draft is not None else {}
        if draft is not None and self.request.writes and words.keys() <= form.fields.keys():
            drafts.take(self.request)
            messages.info(self.request, draft.sentence)
            form.initial.update(words)
        return form

    def filled_form(self) -> forms.Form:
        return self.form_class(self.request.POST)

    def draw(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        """The page around the form."""
        return self.show({"form": form, **self.surroundings()}, status=status)

    def get(self, **_address: object) -> HttpResponse:
        return self.draw(self.empty_form())

    def post(self, **_address: object) -> HttpResponse:
        form = self.filled_form()
        if not form.is_valid():
            return self.draw(form, status=422)
        try:
            return self.save(form.cleaned_data)
        except (Invalid, Refused, Conflict) as error:
            say(form, error)
            response = say_when(error, self.draw(form, status=status_of(error)))
            if in_place(self.request):
                # The page puts the form in its place, though the status says that it was refused.
                response.headers["Wardmote-Form"] = "refused"
            return response
