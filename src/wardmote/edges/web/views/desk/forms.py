"""The fields of the owner's desk, and the words for what the domain has as codes."""

from collections.abc import Mapping

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from wardmote.communities.policy import CLAUSE_LIMIT, TITLE_LIMIT, Action, Severity
from wardmote.edges.ui.fields import Text
from wardmote.edges.ui.tags import CATEGORIES

SEVERITIES: Mapping[Severity, str | Promise] = {
    Severity.LOW: gettext_lazy("Low"),
    Severity.MEDIUM: gettext_lazy("Medium"),
    Severity.HIGH: gettext_lazy("High"),
    Severity.CRITICAL: gettext_lazy("Critical"),
}
ACTIONS: Mapping[Action, str | Promise] = {
    Action.NONE: gettext_lazy("No action"),
    Action.LABEL: gettext_lazy("Label"),
    Action.HIDE: gettext_lazy("Hide"),
    Action.REMOVE: gettext_lazy("Remove"),
    Action.WARN: gettext_lazy("Warn"),
    Action.SUSPEND: gettext_lazy("Suspend"),
}


class RulesForm(forms.Form):
    """What is above the clauses."""

    use_required_attribute = False
    title = Text(label=gettext_lazy("Title of the rules"), max_length=TITLE_LIMIT, required=False)


class ClauseRow(forms.Form):
    """One clause as it is typed. What it may be is said when it is looked at before publishing."""

    use_required_attribute = False
    key = Text(label=gettext_lazy("Id"), required=False, help_text=gettext_lazy("Such as 2.1; decisions cite it."))
    title = Text(label=gettext_lazy("Title"), required=False)
    text = Text(
        label=gettext_lazy("What is not allowed"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-limit": CLAUSE_LIMIT, "dir": "auto"}),
    )
    category = Text(label=gettext_lazy("Kind of harm"), required=False)
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"), choices=[(str(int(s)), words) for s, words in SEVERITIES.items()]
    )
    default_action = forms.ChoiceField(
        label=gettext_lazy("Usual action"), choices=[(a.value, words) for a, words in ACTIONS.items()]
    )
    queue_at = Text(
        label=gettext_lazy("Queued from"),
        required=False,
        help_text=gettext_lazy("A score above 0 and at most 1: from it on a post is published and a moderator looks."),
    )
    hold_at = Text(
        label=gettext_lazy("Held from"),
        required=False,
        help_text=gettext_lazy("From this score on a post waits for a moderator. Empty: screening never holds one."),
    )

    def __init__(self, data: Mapping[str, str], *, prefix: str) -> None:
        super().__init__(data, prefix=prefix)
        known = dict(CATEGORIES)
        present = data.get(f"{prefix}-category", "")
        if present:
            known.setdefault(present, present)
        self.fields["category"].widget = forms.Select(choices=list(known.items()))
        for name in ("queue_at", "hold_at"):
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}


class PublishForm(forms.Form):
    """Which draft was looked at, beside which version."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    in_force = Text(widget=forms.HiddenInput, required=False)
