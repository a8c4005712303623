"""The page of a case, or of an appeal, for those to whom it was handed: moderators next door, or the host's staff."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from wardmote.communities.queries import current_policy
from wardmote.edges.console import labels
from wardmote.edges.console.forms import DecisionForm, HearingForm
from wardmote.edges.console.moderators.casefile import claimed_at, what_changed
from wardmote.edges.console.shield import shielded
from wardmote.kernel import clock
from wardmote.moderation.policy import REASON_LIMIT, SUSPENSIONS
from wardmote.moderation.queries.away import AwayAppeal, AwayCase


@dataclass(frozen=True, slots=True)
class Readers:
    """Whose pages they are: where their templates lie, the tab they are under, and the names of their addresses."""

    templates: str
    tab: str
    decide: str
    decide_appeal: str
    at_host: bool = False


NEXT_DOOR = Readers("console", "others", "console:other-decide", "console:other-appeal-decide")
HOST = Readers("console/host", "cases", "host:other-decide", "host:other-appeal-decide", at_host=True)


def sheet(found: AwayCase, typed: Any = None) -> DecisionForm:
    """The sheet as typed, or with the clause that brought the case here, of the rules of the case's own community."""
    policy = current_policy(community_id=found.home.id)
    initial = {"clause": found.case.suggested_clause_id or ""}
    return DecisionForm(typed, clauses=policy.clauses if policy else (), initial=initial)


def render_case(
    request: HttpRequest, readers: Readers, found: AwayCase, form: DecisionForm, *, status: int = 200, error: str = ""
) -> HttpResponse:
    """One case, its sheet, and nothing around it."""
    policy = current_policy(community_id=found.home.id)
    may_write = readers.at_host or found.case.claimed_by_me
    changed = what_changed(found.case, form) if may_write else None
    context = {
        "home": found.home,
        "case": found.case,
        "item": found.case.item,
        "spans": found.case.spans,
        "behind": labels.behind_case(found.case),
        "texts": labels.named_texts(found.case.texts) if len(found.case.texts) > 1 else (),
        "judged": str(form["judged"].value() or found.case.newest_hash),
        "reports": labels.named_reports(found.case),
        "decisions": labels.named_decisions(found.case.decisions),
        "claimed_at": claimed_at(found.case),
        # Nobody at home may be there to bring back a claim that ran out: whoever comes next takes it.
        "ran_out": found.case.claim_expires_at is not None and found.case.claim_expires_at <= clock.now(),
        "may_write": may_write,
        "form": form,
        "policy": policy,
        "clauses": labels.named_clauses(policy.clauses if policy else ()),
        "actions": labels.ACTIONS,
        "suspensions": SUSPENSIONS,
        "reason_limit": REASON_LIMIT,
        "changed": changed,
        "error": error if changed is None else "",
        **_around(request, readers, decide=reverse(readers.decide, args=[found.case.case_id])),
    }
    return render(request, f"{readers.templates}/other_case.html", context, status=status)


def render_appeal(
    request: HttpRequest, readers: Readers, found: AwayAppeal, form: HearingForm, *, status: int = 200, error: str = ""
) -> HttpResponse:
    """The same of an appeal."""
    context = {
        "home": found.home,
        "appeal": found.appeal,
        "item": found.appeal.item,
        "spans": found.appeal.spans,
        "behind": labels.behind_appeal(found.appeal),
        "decision": found.appeal.decision,
        "name": labels.action_name(found.appeal.decision.action),
        "form": form,
        "error": error,
        "reason_limit": REASON_LIMIT,
        **_around(request, readers, decide=reverse(readers.decide_appeal, args=[found.appeal.appeal_id])),
    }
    return render(request, f"{readers.templates}/other_appeal.html", context, status=status)


def _around(request: HttpRequest, readers: Readers, *, decide: str) -> dict[str, object]:
    return {
        "decide": decide,
        "at_host": readers.at_host,
        # The list of appeals is their own community's, or nobody's.
        "elsewhere": True,
        "shielded": shielded(request),
        "here": readers.tab,
    }
