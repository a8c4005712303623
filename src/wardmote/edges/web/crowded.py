"""Where more passwords are to be hashed than may be at once: the form again, with what was typed, and no hash."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.forms import Form, PasswordInput
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

NO_HASHING = "wardmote.no_hashing"
"""In the environ of a request for which the server's front found no place among those that hash."""
WAIT = 5
"""Seconds after which to try again."""
_HASHING = ("/accounts/login/", "/accounts/signup/", "/accounts/reauthenticate/", "/accounts/password/")


def hashes_password(method: str, path: str) -> bool:
    """Whether such a request may hash a password. Told by the address alone: for every account alike."""
    return method == "POST" and path.startswith(_HASHING)


class SparePasswords:
    """Draws the form of a request that may not hash as if it were opened anew, and fills in what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.META.get(NO_HASHING):
            return self.get_response(request)
        # Read while it is still a POST; as a GET no view looks at it.
        _typed = request.POST
        request.method = "GET"
        response = self.get_response(request)
        if response.status_code == 200:
            response.status_code = 503
            response.headers["Retry-After"] = str(WAIT)
        return response

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """The form with all but the passwords, and a sentence."""
        form = cast("Form | None", (response.context_data or {}).get("form"))
        if request.META.get(NO_HASHING) and form is not None:
            typed = {
                name: request.POST[name]
                for name, field in form.fields.items()
                if name in request.POST and not isinstance(field.widget, PasswordInput)
            }
            form.initial = {**form.initial, **typed}
            sentence = _(
                "Many passwords are being checked at this moment. Nothing was done; please try again in a few seconds."
            )
            messages.error(request, sentence)
        return response
