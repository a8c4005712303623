"""Who has just signed in here has shown who they are, as if they had been asked once more."""

import time

from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest

_SHOWN = {"password", "mfa"}
"""What counts: a password, or a second proof, passkeys among them. A link in a letter does not, and neither does coming
from the host's page: that says nothing of when somebody signed in there."""


def has_just_signed_in(request: HttpRequest) -> bool:
    """Whether whoever is signed in gave their password or second proof, in this session, within the last minutes."""
    if not request.user.is_authenticated:
        return False
    shown = [one["at"] for one in get_authentication_records(request, request.user) if one.get("method") in _SHOWN]
    return bool(shown) and 0 <= time.time() - max(shown) < REAUTHENTICATION_TIMEOUT
