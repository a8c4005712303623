"""The page that waits for the code from the mail."""

from functools import partial
from typing import Any

from allauth.account.views import ConfirmEmailVerificationCodeView
from django.http import HttpResponse


class EnterCode(ConfirmEmailVerificationCodeView):  # type: ignore[misc]  # allauth has no types
    """Takes the code, or sends another: for a known address as for an unknown one a mail leaves each time."""

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        self._process.send = partial(_send_always, self._process.send)
        return super()._resend_form_valid(form)  # type: ignore[no-any-return]


def _send_always(send: Any, *, skip_enumeration_mails: bool) -> None:
    send(skip_enumeration_mails=False)
