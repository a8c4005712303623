"""Who the host answers for: the customers, the policy that they accepted, and a new case about one of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wardmote.communities.queries import communities
from wardmote.edges.console.hosts.access import staff_only
from wardmote.edges.console.hosts.forms import ElsewhereForm, OpenForm, ReportedForm
from wardmote.edges.ui.confirmed import confirmed
from wardmote.edges.ui.refusals import say
from wardmote.hosting import queries
from wardmote.hosting.policy import ItemDraft
from wardmote.journeys.hosts import cases, enrol
from wardmote.kernel import clock
from wardmote.kernel.errors import Conflict, Invalid, NotFound, Refused
from wardmote.record import queries as record

MOST_POSTS = 3
"""Rows for posts on the page of a new case; what is left empty counts for nothing."""


@require_safe
@staff_only
def listing(request: HttpRequest, staff_id: int) -> HttpResponse:
    """Every customer, the communities that are none yet, and the policy in force."""
    rows = queries.customers()
    known = {row.community_id for row in rows}
    context = {
        "rows": rows,
        "others": [c for c in communities() if c.id not in known],
        "policy": queries.acceptable_use(),
        "here": "customers",
    }
    return render(request, "console/host/customers.html", context)


@require_POST
@staff_only
@confirmed
def enrol_community(request: HttpRequest, staff_id: int, community_id: int) -> HttpResponse:
    """A community of this installation becomes a customer."""
    if community_id not in {c.id for c in communities()}:
        raise NotFound(_("There is no such community."))
    try:
        enrol.enrol_community(staff_id=staff_id, community_id=community_id, now=clock.now())
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Enrolled; the owner is asked to accept the policy."), extra_tags="ok")
    return redirect("host:customers")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
@confirmed
def enrol_elsewhere(request: HttpRequest, staff_id: int) -> HttpResponse:
    """A community of another installation becomes a customer; its owner names us on their side."""
    form = ElsewhereForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            enrol.enrol_remote(staff_id=staff_id, **form.cleaned_data, now=clock.now())
        except (Invalid, Conflict) as error:
            say(form, error)
        else:
            messages.success(request, _("Enrolled; its owner is asked to accept the policy."), extra_tags="ok")
            return redirect("host:customers")
    if form.errors:
        status = 422
    context = {"form": form, "ours": record.verifier_key(), "here": "customers"}
    return render(request, "console/host/elsewhere.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def open_case(request: HttpRequest, staff_id: int, customer_id: int) -> HttpResponse:
    """A new case about this customer; nothing reaches the customer before a notice is sent."""
    customer = queries.customer(customer_id)
    policy = queries.accepted_policy(customer_id=customer_id)
    clauses = [("", "—"), *((c.key, f"{c.key} {c.title}") for c in (policy.clauses if policy else ()))]
    typed = request.POST if request.method == "POST" else None
    form = OpenForm(typed)
    posts = [ReportedForm(typed, clauses=clauses, prefix=f"post{n}", empty_permitted=n > 0) for n in range(MOST_POSTS)]
    if typed is not None and all([form.is_valid(), *(post.is_valid() for post in posts)]):
        try:
            case_id = _open(staff_id, customer_id, form, posts)
        except (Invalid, Refused, Conflict) as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The case is open. The customer knows nothing of it yet."), extra_tags="ok")
            return redirect("host:case", case_id)
    context = {"customer": customer, "policy": policy, "form": form, "posts": posts, "here": "customers"}
    return render(request, "console/host/open.html", context, status=200 if typed is None else 422)


def _open(staff_id: int, customer_id: int, form: OpenForm, posts: list[ReportedForm]) -> int:
    now = clock.now()
    items = [
        ItemDraft(p.cleaned_data["url"], p.cleaned_data["clause"], p.cleaned_data["capture"], now)
        for p in posts
        if p.cleaned_data.get("url")
    ]
    return cases.open_host_case(
        staff_id=staff_id,
        customer_id=customer_id,
        summary=form.cleaned_data["summary"],
        life_threat=form.cleaned_data["life_threat"],
        items=items,
        now=now,
    )
