"""Somebody chooses the language of their pages and letters."""

from django.conf import settings

from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.people import operations as people


def choose_language(*, person_id: int | None, language: str) -> None:
    """Check that it is one on offer and keep it for a login; a visitor's is kept by the browser alone."""
    if language not in dict(settings.LANGUAGES):
        raise Invalid(_("This installation does not speak that language."), field="language")
    if person_id is not None:
        people.set_language(person_id=person_id, language=language)
