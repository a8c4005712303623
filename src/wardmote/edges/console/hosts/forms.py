"""What the host's staff fill in. The forms only parse; what may be done is a rule of hosting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wardmote.communities.policy import Severity
from wardmote.edges.console.hosts.labels import NOTICES, PARTS, SEVERITIES, STAGES, STATUSES, TERMS
from wardmote.edges.ui.fields import Text
from wardmote.edges.ui.tags import CATEGORIES
from wardmote.hosting.policy import ItemStatus, NoticeKind, Precondition, Stage
from wardmote.hosting.policy.items import SETTLED_BY_HAND
from wardmote.hosting.policy.notices import LIMIT
from wardmote.journeys.hosts.notices import BY_STAFF

MOST_CLAUSES = 60
"""Rows that the page of a policy takes."""
REASON = _("Reason; it stands on the record")


def _text(label: Any, *, rows: int = 3, required: bool = True, needed: bool = False, help_text: Any = "") -> Text:
    """A text area; `needed`: it must be filled in, and it is the domain that says so."""
    attributes = {"rows": rows} | ({"aria-required": "true"} if needed or required else {})
    return Text(
        label=label, required=required, help_text=help_text, max_length=LIMIT, widget=forms.Textarea(attributes)
    )


class Sheet(forms.Form):
    """A form whose complaints come from the domain, beside the field they are about."""

    use_required_attribute = False


class ReasonForm(Sheet):
    """Nothing but why."""

    reason = _text(REASON, rows=2, required=False, needed=True)


class MoveForm(ReasonForm):
    """A step that no letter brings about."""

    to = forms.TypedChoiceField(coerce=Stage, choices=list(STAGES.items()), widget=forms.HiddenInput)


class LookForm(Sheet):
    """Once, or as a series of three over an hour."""

    series = forms.BooleanField(required=False)


class ExtendForm(ReasonForm):
    """More time, once a case."""

    hours = forms.IntegerField(label=_("Hours more"), min_value=1, max_value=720)
    field_order = ("hours", "reason")


class ItemForm(ReasonForm):
    """About one post."""

    item_id = forms.IntegerField(widget=forms.HiddenInput)


class SettleForm(ItemForm):
    """What a person reads from the checks."""

    status = forms.TypedChoiceField(
        label=_("What it is"),
        coerce=ItemStatus,
        choices=[(s, STATUSES[s][0]) for s in ItemStatus if s in SETTLED_BY_HAND],
    )


class DisputeForm(ItemForm):
    """Who is right about a post."""

    upheld = forms.TypedChoiceField(
        label=_("Is the customer right?"),
        coerce=lambda value: value == "yes",
        choices=[("no", _("No: the post breaks the clause")), ("yes", _("Yes: we withdraw it"))],
        empty_value=None,
        widget=forms.RadioSelect,
    )


class EvidenceForm(Sheet):
    """A staff record towards one precondition: each of its parts, and where the evidence lies."""

    precondition = forms.TypedChoiceField(
        coerce=Precondition, choices=[(p, p) for p in Precondition if p.parts], widget=forms.HiddenInput
    )
    reference = Text(
        label=_("Where the evidence lies"), required=False, help_text=_("A document, a URN, a file with its hash.")
    )

    def __init__(self, *args: Any, about: Precondition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        for part in about.parts:
            self.fields[part] = _text(PARTS.get(part, part), rows=2, required=False, needed=True)
        self.order_fields(["precondition", *about.parts, "reference"])

    @property
    def parts(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.about.parts}


class ProposalForm(Sheet):
    """A suspension or a termination, put before two others."""

    reasons = _text(_("Reasons"), required=False, needed=True)
    effect = _text(_("Effect"), rows=2, required=False, needed=True)
    return_conditions = _text(_("Conditions for return"), rows=2, required=False, needed=True)
    data_plan = _text(_("What happens to the data"), rows=2, required=False, needed=True)


class ReinstateForm(ReasonForm):
    """The conditions for return are met, and what shows it."""

    evidence = Text(label=_("What shows that the conditions are met"), required=False)


class NoticeForm(Sheet):
    """A letter as it is being written; the linter says what it lacks."""

    kind = forms.TypedChoiceField(
        label=_("Kind"), coerce=NoticeKind, choices=[(kind, NOTICES[kind]) for kind in BY_STAFF]
    )
    words = _text(_("In your own words"), required=False, help_text=_("May stay empty: the letter names the rest."))
    effect = _text(_("Effect"), rows=2, required=False, needed=True, help_text=_("What happens if nothing is done."))
    return_conditions = _text(
        _("Conditions for return"),
        rows=2,
        required=False,
        needed=True,
        help_text=_("What the customer must do to be rid of it."),
    )
    hours = forms.IntegerField(
        label=_("Deadline in hours"),
        required=False,
        help_text=_("Counted from delivery; empty takes the policy’s own."),
    )


class ReportedForm(Sheet):
    """One post of a new case."""

    url = Text(label=_("Address of the post"), max_length=500)
    clause = forms.ChoiceField(label=_("Clause"))
    capture = _text(_("What stood there, word for word"))

    def __init__(self, *args: Any, clauses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"] = forms.ChoiceField(label=_("Clause"), choices=clauses)


class OpenForm(Sheet):
    """A new case, without its posts."""

    summary = Text(label=_("What the case is about, in a sentence"), max_length=300)
    life_threat = forms.BooleanField(label=_("A life may be in danger: triage within the hour"), required=False)


class ElsewhereForm(Sheet):
    """A customer that runs elsewhere."""

    name = Text(label=_("Name"), max_length=100)
    slug = Text(label=_("Short name there"), max_length=50, help_text=_("Such as “plaza”; its owner’s desk names it."))
    base_url = Text(
        label=_("Address of its installation"), max_length=200, help_text=_("Such as https://plaza.example")
    )
    key = Text(
        label=_("Public key of its log"),
        max_length=300,
        help_text=_("It stands on its page “The record”. Ask for it by a way that you trust."),
    )


class OutageForm(Sheet):
    """A time in which customers could not reach us."""

    started_at = forms.DateTimeField(label=_("From"), help_text=_("In UTC, such as 2026-05-04 21:30"))
    ended_at = forms.DateTimeField(label=_("Until"), help_text=_("In UTC"))
    reason = _text(_("What happened; it stands on the record"), rows=2)


class PolicyForm(Sheet):
    """The head of a policy version, and how many clauses the page had."""

    title = Text(label=_("Title"), max_length=200)
    rows = forms.IntegerField(min_value=1, max_value=MOST_CLAUSES, widget=forms.HiddenInput)


class ClauseForm(Sheet):
    """One clause; a row without id, title and text counts for nothing."""

    key = Text(label=_("Id"), max_length=16, help_text=_("Such as 2.1; notices cite it."))
    title = Text(label=_("Title"), max_length=200)
    text = _text(_("What is not allowed"), rows=3)
    category = forms.ChoiceField(label=_("Kind of harm"), choices=list(CATEGORIES.items()))
    severity = forms.TypedChoiceField(
        label=_("Severity"),
        coerce=lambda value: Severity(int(value)),
        choices=[(int(s), SEVERITIES[s]) for s in Severity],
    )

    @property
    def is_blank(self) -> bool:
        return not any(self[name].value() for name in ("key", "title", "text"))


class TermsForm(Sheet):
    """How long each clock runs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in TERMS.items():
            self.fields[name] = forms.IntegerField(label=label, min_value=1, max_value=365 * 24)
