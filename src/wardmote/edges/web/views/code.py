"""The page that waits for the code from the mail."""

from functools import partial
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
    EmailVerificationProcess,
)
from allauth.account.views import ConfirmEmailVerificationCodeView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from wardmote.edges.web.signup import make_login
from wardmote.kernel.errors import Conflict


class EnterCode(ConfirmEmailVerificationCodeView):  # type: ignore[misc]  # allauth has no types
    """Takes the code, or sends another: for a known address as for an unknown one a mail leaves each time."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A login that waited for its first code may have been cleared meanwhile."""
        waiting = EmailVerificationProcess.resume(request)
        if waiting is not None and "user_id" in waiting.state and waiting.user is None:
            waiting.abort()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        self._process.send = partial(_send_always, self._process.send)
        return super()._resend_form_valid(form)  # type: ignore[no-any-return]

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        """Somebody who signs up has a login from here on; everybody else has had one."""
        if "user_id" in self._process.state:
            return super()._verify_form_valid(form)  # type: ignore[no-any-return]
        email = self._process.email
        try:
            person_id = make_login(self.request, email=email)
        except Conflict as error:
            form.add_error("code", str(error))
            return self.render_to_response(self.get_context_data(form=form))  # type: ignore[no-any-return]
        if person_id is None or self.stage is None:
            self._process.abort()
            return HttpResponseRedirect(settings.LOGIN_URL)
        self.request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
        confirmed = "account/messages/email_confirmed.txt"
        get_adapter().add_message(self.request, messages.SUCCESS, confirmed, {"email": email})
        self.stage.login.user = get_user_model().objects.get(pk=person_id)
        return self.stage.exit()  # type: ignore[no-any-return]


def _send_always(send: Any, *, skip_enumeration_mails: bool) -> None:
    send(skip_enumeration_mails=False)
