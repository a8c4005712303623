"""What a moderator fills in. The forms only parse; what may be decided is a rule of moderation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wardmote.communities.policy import Action
from wardmote.communities.queries import ClauseView
from wardmote.edges.ui.fields import Text
from wardmote.moderation.policy import REASON_LIMIT, SUSPENSIONS
from wardmote.moderation.queries import Colleague


class DecisionForm(forms.Form):
    """Clause, action, how long, and why."""

    action = forms.TypedChoiceField(
        label=_("Action"),
        widget=forms.RadioSelect,
        coerce=Action,
        choices=[(action.value, action.value) for action in Action],
        error_messages={"required": _("Choose what should happen."), "invalid_choice": _("There is no such action.")},
    )
    reason = Text(label=_("Reason"), required=False, max_length=REASON_LIMIT)
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    judged = Text(required=False, max_length=64)

    def __init__(self, *args: Any, clauses: Sequence[ClauseView], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
        self.fields["clause"] = forms.TypedChoiceField(
            label=_("Clause"),
            choices=[("", ""), *((c.id, c.key) for c in clauses)],
            coerce=int,
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": _("That clause is not in the policy in force.")},
        )
        self.fields["days"] = forms.TypedChoiceField(
            label=_("For how long"),
            choices=[("", ""), *((d, d) for d in SUSPENSIONS)],
            coerce=int,
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": _("A suspension has one of the lengths on offer.")},
        )

    def clean(self) -> dict[str, Any]:
        """A length or a clause chosen before another action was chosen means nothing."""
        if self.cleaned_data.get("action") is not Action.SUSPEND:
            self.cleaned_data["days"] = None
        if self.cleaned_data.get("action") is Action.NONE:
            self.cleaned_data["clause"], self.cleaned_data["judged"] = None, ""
        return self.cleaned_data


class CorrectionForm(DecisionForm):
    """The same, and what was wrong with the decision before."""

    why = Text(
        label=_("What was wrong"),
        max_length=REASON_LIMIT,
        error_messages={"required": _("Say what was wrong with the decision.")},
    )


class NoteForm(forms.Form):
    """What the other moderators should know."""

    note = Text(
        label=_("Note"),
        max_length=REASON_LIMIT,
        error_messages={"required": _("Write what the other moderators should know.")},
    )


class HandOverForm(NoteForm):
    """To whom a case goes, and why."""

    to = forms.TypedChoiceField(
        label=_("To"), coerce=int, error_messages={"required": _("Choose a moderator who may decide this case.")}
    )

    def __init__(self, *args: Any, colleagues: Sequence[Colleague], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "hand-%s", **kwargs})
        field = self.fields["to"]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 - for the types; it is set above
        field.choices = [(c.member_id, f"@{c.handle}") for c in colleagues]


class HearingForm(forms.Form):
    """How an appeal ends, and why."""

    outcome = forms.ChoiceField(
        label=_("Does the decision stand?"),
        widget=forms.RadioSelect,
        choices=[("uphold", _("Uphold")), ("reverse", _("Reverse"))],
        error_messages={"required": _("Choose whether the decision stands.")},
    )
    reason = Text(
        label=_("Reason"),
        max_length=REASON_LIMIT,
        error_messages={"required": _("Say in a sentence why; the author reads it.")},
    )
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", **kwargs})
