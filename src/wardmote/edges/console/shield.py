"""Whether disturbing text starts blurred. Up for everybody; a moderator may lower it until the session ends."""

from django.http import HttpRequest

_LOWERED = "console_shield_lowered"


def shielded(request: HttpRequest) -> bool:
    return not request.session.get(_LOWERED, False)


def remember(request: HttpRequest, *, up: bool) -> None:
    request.session[_LOWERED] = not up
