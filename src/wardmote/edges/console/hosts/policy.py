"""Publishing the acceptable-use policy: its clauses, and how long each clock runs."""

from dataclasses import asdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from wardmote.edges.console.hosts.access import staff_only
from wardmote.edges.console.hosts.forms import MOST_CLAUSES, ClauseForm, PolicyForm, TermsForm
from wardmote.edges.ui.refusals import say, status_of
from wardmote.hosting import queries
from wardmote.hosting.policy import ClauseDraft, Terms
from wardmote.journeys.hosts import policy as host_policy
from wardmote.kernel import clock
from wardmote.kernel.errors import Invalid

SPARE = 3
"""Empty rows after the clauses in force."""


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def publish(request: HttpRequest, staff_id: int) -> HttpResponse:
    """The next version, beginning from the one in force; every customer is asked to accept it."""
    if request.method != "POST":
        return _draw(request, *_in_force())
    head, terms = PolicyForm(request.POST), TermsForm(request.POST, prefix="terms")
    clauses = _typed(request.POST, head.cleaned_data["rows"] if head.is_valid() else SPARE)
    written = [clause for clause in clauses if not clause.is_blank]
    if not all([head.is_valid(), terms.is_valid(), *(clause.is_valid() for clause in written)]):
        return _draw(request, head, clauses, terms, status=422)
    try:
        number = host_policy.publish_acceptable_use(
            staff_id=staff_id,
            title=head.cleaned_data["title"],
            clauses=[ClauseDraft(**clause.cleaned_data) for clause in written],
            terms=Terms(**terms.cleaned_data),
            now=clock.now(),
        )
    except Invalid as error:
        say(terms if getattr(error, "field", "") in terms.fields else head, error)
        return _draw(request, head, clauses, terms, status=status_of(error))
    messages.success(
        request, _("Version %(n)d is published; every customer is asked to accept it.") % {"n": number}, extra_tags="ok"
    )
    return redirect("host:customers")


def _in_force() -> tuple[PolicyForm, list[ClauseForm], TermsForm]:
    policy = queries.acceptable_use()
    present = policy.clauses if policy else ()
    rows = min(len(present) + SPARE, MOST_CLAUSES)
    head = PolicyForm(initial={"title": policy.title if policy else _("Acceptable use"), "rows": rows})
    clauses = [
        ClauseForm(
            initial={
                "key": c.key,
                "title": c.title,
                "text": c.text,
                "category": c.category,
                "severity": int(c.severity),
            },
            prefix=f"clause{n}",
        )
        for n, c in enumerate(present)
    ]
    spare = [ClauseForm(prefix=f"clause{n}") for n in range(len(present), rows)]
    return head, clauses + spare, TermsForm(initial=asdict(policy.terms if policy else Terms()), prefix="terms")


def _typed(typed: QueryDict, rows: int) -> list[ClauseForm]:
    return [ClauseForm(typed, prefix=f"clause{n}") for n in range(rows)]


def _draw(
    request: HttpRequest, head: PolicyForm, clauses: list[ClauseForm], terms: TermsForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": head,
        "clauses": clauses,
        "terms": terms,
        "policy": queries.acceptable_use(),
        "here": "customers",
    }
    return render(request, "console/host/policy.html", context, status=status)
