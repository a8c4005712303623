"""The language of the pages: the browser's own wish, until somebody chooses one at the foot of a page."""

from typing import Literal, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from wardmote.edges.web.requests import Request, send_to
from wardmote.journeys.members.choose_language import choose_language
from wardmote.people.queries import language_of


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the choice in this browser and, for a login, for their letters and their other browsers."""
    language = request.POST.get("language", "")
    choose_language(person_id=request.user.pk, language=language)
    back = request.POST.get("back", "")
    inside = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = send_to(request, back if inside else "/")
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite=cast("Literal['Lax']", settings.LANGUAGE_COOKIE_SAMESITE),
    )
    return response


def speak_to(request: Request) -> None:
    """What this browser was told goes first, then what its login chose elsewhere, then what it asks for itself."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or not request.user.is_authenticated:
        return
    language = language_of(request.user.pk)
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language
