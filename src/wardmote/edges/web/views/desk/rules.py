"""The rules: written as a draft that is saved as one goes, looked at beside the version in force, and published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.communities import queries as communities
from wardmote.communities.policy import (
    CLAUSE_FIELDS,
    MOST_CLAUSES,
    Change,
    ClauseDraft,
    changes,
    read_clauses,
    typed_clause,
    words_of,
)
from wardmote.communities.queries import desk
from wardmote.detect.categories import HARASSMENT
from wardmote.edges.ui.differences import marked
from wardmote.edges.ui.refusals import status_of
from wardmote.edges.web.confirmed import Confirmed
from wardmote.edges.web.pages import FormPage
from wardmote.edges.web.requests import send_to
from wardmote.edges.web.views.desk.forms import ACTIONS, SEVERITIES, ClauseRow, PublishForm, RulesForm
from wardmote.edges.web.views.owner import OwnerOnly
from wardmote.journeys.owners import rules as journey
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, Refused
from wardmote.moderation.policy import Route
from wardmote.moderation.queries.effects import Effect, Example
from wardmote.network import queries as network
from wardmote.network.queries import PostView

EDITOR, PREVIEW = "/owner/rules", "/owner/rules/preview"
BLANK = {"severity": "2", "default_action": "hide", "category": HARASSMENT.name}
ROUTES = {
    Route.PUBLISH: gettext_lazy("published"),
    Route.QUEUE: gettext_lazy("published and queued"),
    Route.HOLD: gettext_lazy("held"),
}


class Typed:
    """What is in the editor's fields when they are sent."""

    def __init__(self, sent: QueryDict) -> None:
        self.title = sent.get("title", "")
        self.version = _number(sent.get("version"))
        rows = min(_number(sent.get("rows")), MOST_CLAUSES)
        self.clauses = [{name: sent.get(f"clause{n}-{name}", "") for name in CLAUSE_FIELDS} for n in range(rows)]

    def change(self, wish: str) -> str:
        """Add, drop or move a clause as the button says; gives the place on the page to go on at."""
        verb, _dash, place = wish.partition("-")
        n = _number(place)
        if verb == "add":
            self.clauses.append(dict(BLANK))
            return f"#clause-{len(self.clauses) - 1}"
        if verb == "drop" and n < len(self.clauses):
            del self.clauses[n]
            return f"#clause-{max(n - 1, 0)}"
        if verb == "up" and 0 < n < len(self.clauses):
            self.clauses[n - 1 : n + 1] = reversed(self.clauses[n - 1 : n + 1])
            return f"#clause-{n - 1}"
        return ""


class Editor(OwnerOnly):
    """The draft, or the version in force where none was begun. Nothing here is public, so nobody is asked again."""

    here = "rules"
    template = "web/owner/rules.html"

    def get(self) -> HttpResponse:
        draft = desk.policy_draft(community_id=self.community.id)
        policy = communities.current_policy(community_id=self.community.id)
        if draft is not None:
            title, clauses, version = draft.title, list(draft.clauses), draft.version
        else:
            title, version = policy.title if policy else "", 0
            clauses = [typed_clause(clause) for clause in policy.drafts()] if policy else [dict(BLANK)]
        error = _fault(title, clauses) if "check" in self.request.GET else None
        return self.draw(title, clauses, version, error)

    def post(self) -> HttpResponse:
        typed, wish = Typed(self.request.POST), self.request.POST.get("do", "save")
        place = typed.change(wish)
        try:
            self.keep(typed)
        except (Conflict, Refused, Invalid) as error:
            return self.draw(typed.title, typed.clauses, typed.version, error, status=status_of(error))
        if wish == "preview":
            return send_to(self.request, PREVIEW)
        if not place:
            messages.success(self.request, _("The draft is saved."), extra_tags="ok")
        return send_to(self.request, EDITOR + place)

    def keep(self, typed: Typed) -> int:
        return journey.save_draft(
            **self.me, title=typed.title, clauses=typed.clauses, version=typed.version, now=clock.now()
        )

    def draw(
        self,
        title: str,
        clauses: Sequence[Mapping[str, str]],
        version: int,
        error: Exception | None = None,
        *,
        status: int = 200,
    ) -> HttpResponse:
        head = RulesForm({"title": title})
        head.is_valid()
        rows = [_row(n, clause) for n, clause in enumerate(clauses)]
        if error is not None:
            _say(error, head, rows)
        context = {
            "form": head,
            "rows": rows,
            "version": version,
            "draft": desk.policy_draft(community_id=self.community.id),
            "policy": communities.current_policy(community_id=self.community.id),
            "full": len(rows) >= MOST_CLAUSES,
        }
        return self.show(context, status=status)


class Autosave(Editor):
    """Keeps the draft while it is typed; answers with the place that says so."""

    http_method_names = ["post"]

    def post(self) -> HttpResponse:
        version = self.keep(Typed(self.request.POST))
        return self.show({"version": version, "saved": True}, template="web/owner/_saved.html")


class Discard(OwnerOnly):
    """Throw the draft away."""

    here = "rules"

    def post(self) -> HttpResponse:
        journey.drop_draft(**self.me, version=_number(self.request.POST.get("version")), now=clock.now())
        messages.success(self.request, _("The draft is thrown away."), extra_tags="ok")
        return send_to(self.request, EDITOR)


@dataclass(frozen=True, slots=True)
class Shown:
    """A change as the preview shows it: each field that differs, before and after, or as one marked text."""

    change: Change
    fields: list[tuple[str, str, str]]
    text: str


class Preview(OwnerOnly, Confirmed, FormPage):
    """The draft beside the version in force, what it would have done of late, and the button that publishes it."""

    here = "rules"
    form_class = PublishForm
    template = "web/owner/preview.html"

    def get(self, **_address: object) -> HttpResponse:
        draft = desk.policy_draft(community_id=self.community.id)
        if draft is None:
            return HttpResponseRedirect(EDITOR)
        if _fault(draft.title, draft.clauses) is not None:
            return HttpResponseRedirect(f"{EDITOR}?check")
        return super().get()

    def surroundings(self) -> dict[str, object]:
        draft = desk.policy_draft(community_id=self.community.id)
        policy = communities.current_policy(community_id=self.community.id)
        before = policy.drafts() if policy else ()
        after = read_clauses(draft.clauses) if draft and _fault(draft.title, draft.clauses) is None else before
        effect = journey.effect(community_id=self.community.id, clauses=after, now=clock.now())
        return {
            "draft": draft,
            "policy": policy,
            "retitled": bool(draft and policy and draft.title != policy.title),
            "asks": not (draft and policy) or words_of(draft.title, after) != words_of(policy.title, before),
            "changes": [_shown(change) for change in changes(before, after)],
            "effect": effect,
            "examples": self._examples(effect),
            "in_force": policy.hash if policy else "",
        }

    def _examples(self, effect: Effect) -> list[tuple[PostView, str, str, Example]]:
        found = []
        for example in effect.examples:
            post = network.post(
                community_id=self.community.id, post_id=example.post_id, viewer_id=self.viewer_id, moderates=True
            )
            if post is not None:
                found.append((post, str(ROUTES[example.before]), str(ROUTES[example.after]), example))
        return found

    def save(self, data: dict[str, Any]) -> HttpResponse:
        number = journey.publish_draft(**self.me, version=data["version"], in_force=data["in_force"], now=clock.now())
        messages.success(
            self.request,
            _("Version %(n)d is in force. Every member is told what is different.") % {"n": number},
            extra_tags="ok",
        )
        return send_to(self.request, "/policy")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def _fault(title: str, clauses: Sequence[Mapping[str, str]]) -> Invalid | None:
    """What is wrong with a draft that is to be published."""
    if not title.strip():
        return Invalid(_("The policy needs a title."), field="title")
    try:
        read_clauses(clauses)
    except Invalid as error:
        return error
    return None


def _row(n: int, clause: Mapping[str, str]) -> ClauseRow:
    row = ClauseRow({f"clause{n}-{name}": value for name, value in clause.items()}, prefix=f"clause{n}")
    row.is_valid()
    return row


def _say(error: Exception, head: RulesForm, rows: Sequence[ClauseRow]) -> None:
    """Put what is wrong at its field, and once at the top."""
    place, _dash, field = getattr(error, "field", "").partition("-")
    if place == "title":
        head.add_error("title", str(error))
        return
    head.add_error(None, str(error))
    for row in rows:
        if row.prefix == place and field in row.fields:
            row.add_error(field, str(error))


def _shown(change: Change) -> Shown:
    before, after = change.before, change.after
    if before is None or after is None:
        return Shown(change, [], "")
    pairs = [
        (_("Title"), before.title, after.title),
        (_("Kind of harm"), before.category, after.category),
        (_("Severity"), str(SEVERITIES[before.severity]), str(SEVERITIES[after.severity])),
        (_("Usual action"), str(ACTIONS[before.default_action]), str(ACTIONS[after.default_action])),
        (_("Queued from"), _score(before, "queue_at"), _score(after, "queue_at")),
        (_("Held from"), _score(before, "hold_at"), _score(after, "hold_at")),
    ]
    text = marked(before.text, after.text) if before.text != after.text else ""
    return Shown(change, [pair for pair in pairs if pair[1] != pair[2]], text)


def _score(clause: ClauseDraft, name: str) -> str:
    value = getattr(clause, name)
    return _("never") if value is None else str(value)
