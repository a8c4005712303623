"""Allauth's forms about a login, with our words beside the fields."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordKeyForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: dict[str, str | Promise] = {
    "remember": _("Stay signed in on this device"),
    "oldpassword": _("Password now"),
    "password1": _("New password"),
    "password2": _("New password once more"),
    "passwordless": _("Passkey that signs in without a password"),
}


class _OurWords:
    """Beside the fields is what we call them."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in _WORDS.items():
            if name in self.fields:
                self.fields[name].label = words
                self.fields[name].widget.attrs.pop("placeholder", None)
        if "passwordless" in self.fields:
            self.fields["passwordless"].help_text = ""  # the words beside it say it


class SignInForm(_OurWords, LoginForm):  # type: ignore[misc]  # allauth has no types
    """Signing in."""


class NewPasswordForm(_OurWords, ChangePasswordForm):  # type: ignore[misc]
    """Another password, by whoever knows the one before."""


class ForgottenPasswordForm(_OurWords, ResetPasswordKeyForm):  # type: ignore[misc]
    """Another password, by the link in a letter."""


class AddPasskeyForm(_OurWords, AddWebAuthnForm):  # type: ignore[misc]
    """A passkey or security key."""
