"""The forms' fields. What a text may be is the domain's to say; here is only what the browser is asked for."""

from collections.abc import Sequence
from typing import Any, cast

from allauth.core import context as allauth_context
from django import forms
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wardmote.communities import queries as communities
from wardmote.communities.policy import ASK_LIMIT
from wardmote.edges.ui.fields import Text
from wardmote.edges.web import invited
from wardmote.edges.web.requests import Request
from wardmote.journeys.owners.help_lines import LIMIT as HELP_LIMIT
from wardmote.journeys.steps.screening import Locked, screen_text
from wardmote.kernel import clock
from wardmote.kernel.errors import Invalid, Refused
from wardmote.kernel.handles import TYPED_LIMIT, clean_handle
from wardmote.moderation.policy import REASON_LIMIT, ReportReason, Route
from wardmote.moderation.policy.visitors import NAME_LIMIT as VISITOR_NAME_LIMIT
from wardmote.network import queries as network
from wardmote.network.policy import BIO_LIMIT, NAME_LIMIT, POST_LIMIT
from wardmote.people.policy import ADDRESS_LIMIT
from wardmote.upstream.policy import WORDS_LIMIT, AnswerKind

REASONS = {reason: gettext_lazy(reason.words) for reason in ReportReason.offered()}


def _text(label: Any, *, limit: int, rows: int = 4, required: bool = True, help_text: Any = "") -> Text:
    """A text area that counts what is typed; its limit is checked, with a sentence, by the domain."""
    attrs: dict[str, object] = {"rows": rows, "data-limit": limit, "dir": "auto"}
    return Text(label=label, strip=False, required=required, help_text=help_text, widget=forms.Textarea(attrs=attrs))


class PostForm(forms.Form):
    """A post."""

    text = _text(gettext_lazy("Your post"), limit=POST_LIMIT, rows=3)
    text.widget.attrs["placeholder"] = gettext_lazy("What would you like to say?")


class ReplyForm(forms.Form):
    """An answer to a post."""

    text = _text(gettext_lazy("Your reply"), limit=POST_LIMIT, rows=3)


class ProfileForm(forms.Form):
    """What a member says about themselves."""

    display_name = Text(
        label=gettext_lazy("Name"),
        strip=False,
        required=False,
        help_text=format_lazy(gettext_lazy("How you are called here, up to {limit} characters."), limit=NAME_LIMIT),
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "dir": "auto"}),
    )
    bio = _text(gettext_lazy("About you"), limit=BIO_LIMIT, required=False)


class ReportForm(forms.Form):
    """Why something is reported."""

    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        choices=[(r.value, words) for r, words in REASONS.items()],
        widget=forms.RadioSelect,
    )
    comment = _text(
        gettext_lazy("What should the moderators know?"),
        limit=BIO_LIMIT,
        rows=3,
        required=False,
        help_text=gettext_lazy("You need not write anything."),
    )


class VisitorReportForm(forms.Form):
    """A report by somebody without an account: what the law asks of a notice."""

    use_required_attribute = False
    reason = forms.ChoiceField(
        label=gettext_lazy("What is wrong with it?"),
        choices=[(r.value, words) for r, words in REASONS.items()],
        widget=forms.RadioSelect,
    )
    comment = _text(
        gettext_lazy("Explain what is wrong, and why"),
        limit=REASON_LIMIT,
        rows=5,
        help_text=gettext_lazy("The moderators read this. If you think that it is against the law, say which."),
    )
    name = Text(
        label=gettext_lazy("Your name"),
        required=False,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto", "maxlength": VISITOR_NAME_LIMIT}),
    )
    address = Text(
        label=gettext_lazy("Your e-mail address"),
        required=False,
        help_text=gettext_lazy(
            "We mail a link there; the report counts once you have opened it and confirmed. Neither the moderators nor"
            " the author learn your name or address. Leave both empty only if you report sexual abuse of children."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr", "maxlength": ADDRESS_LIMIT}),
    )
    good_faith = forms.BooleanField(
        label=gettext_lazy("I believe in good faith that what I say here is accurate and complete."),
        error_messages={"required": gettext_lazy("Tick this if it is so; without it no report can be taken.")},
    )
    comment.widget.attrs["aria-required"] = "true"

    def clean(self) -> dict[str, Any]:
        """Say with all else where name or address is missing; for which reasons it may be is the domain's."""
        data = super().clean() or {}
        reason = data.get("reason")
        if reason and not ReportReason(reason).nameless:
            for name in ("name", "address"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return data


class AppealForm(forms.Form):
    """The author's word against a measure."""

    text = _text(gettext_lazy("Why should this be looked at again?"), limit=REASON_LIMIT, rows=5)


class HelpForm(forms.Form):
    """Where members are led who may be thinking of harming themselves."""

    lines = _text(
        gettext_lazy("Numbers and addresses, one a line"),
        limit=HELP_LIMIT,
        rows=5,
        required=False,
        help_text=gettext_lazy("Choose what answers where your members live, at any hour and free of charge."),
    )


class AcceptForm(forms.Form):
    """Accepting the version of the policy that was shown, by its hash."""

    policy_hash = Text(widget=forms.HiddenInput)


class EraseForm(forms.Form):
    """The own handle, typed out: nothing here can be undone."""

    handle = Text(label=gettext_lazy("Type your handle to confirm"), max_length=TYPED_LIMIT)


class MembershipForm(forms.Form):
    """What it takes to join: a handle, and accepting the policy that was shown."""

    handle = Text(
        label=gettext_lazy("Handle"),
        max_length=TYPED_LIMIT,
        help_text=gettext_lazy("Letters a to z, digits and underscores. Others find you as @handle; it cannot change."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    policy_hash = Text(widget=forms.HiddenInput, required=False)
    reason = _text(
        gettext_lazy("Why would you like to join?"),
        limit=ASK_LIMIT,
        rows=3,
        help_text=gettext_lazy("A moderator reads this and answers by mail. It is not kept after that."),
    )
    accept = forms.BooleanField(label=gettext_lazy("I have read the policy and accept it."))

    def __init__(self, *args: Any, community_id: int, asks: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["reason"]
        self.community_id = community_id
        self.policy = communities.current_policy(community_id=community_id)
        if self.policy is not None:
            self.fields["policy_hash"].initial = self.policy.hash

    def clean_handle(self) -> str:
        """A handle that is free and can be used, so that joining a moment later works."""
        try:
            handle = clean_handle(self.cleaned_data["handle"])
        except Invalid as error:
            raise forms.ValidationError(str(error)) from None
        if network.profile_by_handle(community_id=self.community_id, handle=handle) is not None:
            raise forms.ValidationError(_("This handle is taken; please choose another."))
        try:
            screened = screen_text(community_id=self.community_id, text=handle.replace("_", " "))
        except Locked:
            screened = None
        if screened is None or screened.routing.route is Route.HOLD:
            raise forms.ValidationError(_("This handle cannot be used here; please choose another."))
        return handle

    def clean(self) -> dict[str, Any]:
        """Refuse the acceptance of a policy that is no longer in force, and show the one that is."""
        data = super().clean() or self.cleaned_data
        current = self.policy.hash if self.policy else ""
        if data.get("policy_hash") != current:
            again = {name: value for name, value in self.data.items() if name != self.add_prefix("accept")}
            self.data = {**again, self.add_prefix("policy_hash"): current}
            raise forms.ValidationError(_("The policy has changed since this page was shown; please read it again."))
        return data


class MembershipFields(MembershipForm):
    """The membership's part of the sign-up form; allauth adds the login's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        request = cast("Request", allauth_context.request)
        if request.community is None:
            raise Refused(_("Sign up at a community: logins are made there."))
        asks = invited.must_ask(request, now=clock.now())
        super().__init__(*args, community_id=request.community.id, asks=asks, **kwargs)

    def signup(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Nothing yet: one joins once the e-mail address is verified."""


class HostForm(forms.Form):
    """Who hosts the community, elsewhere: where it answers, and the public key of its log."""

    use_required_attribute = False
    base_url = Text(
        label=gettext_lazy("Address of the host"),
        max_length=200,
        help_text=gettext_lazy("Such as https://host.example"),
    )
    key = Text(
        label=gettext_lazy("Public key of the host’s log"),
        max_length=300,
        help_text=gettext_lazy("It stands on the host’s page “The record”. Ask for it by a way that you trust."),
    )


class AnswerForm(forms.Form):
    """What the owner answers the host: one of the kinds on offer, and words."""

    use_required_attribute = False
    words = _text(gettext_lazy("In your words"), limit=WORDS_LIMIT, rows=2, required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[AnswerKind, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.TypedChoiceField(
            coerce=AnswerKind,
            choices=[(kind.value, words) for kind, words in choices],
            error_messages={"required": _("Choose an answer."), "invalid_choice": _("There is no such answer.")},
        )
