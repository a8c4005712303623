"""Django's translations for the sentences of every room: what `kernel.words` speaks through on the server."""

from contextlib import AbstractContextManager
from datetime import datetime

from django.conf import settings
from django.utils import formats, translation

from wardmote.kernel import i18n


class Catalogue:
    """The language that Django has active: the reader's on a page, the receiver's in a letter, else English."""

    def gettext(self, message: str, /) -> str:
        return translation.gettext(message)

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        return translation.ngettext(one, many, number)

    def number(self, value: int, /) -> str:
        return formats.number_format(value, decimal_pos=0, use_l10n=True, force_grouping=True)

    def moment(self, moment: datetime, /) -> str:
        # Translators: how a day and a minute are written, in the letters of Django's `date` filter.
        written = formats.date_format(moment, translation.gettext("j F Y, H:i"))
        return f"{written} UTC"

    def speaking(self, language: str, /) -> AbstractContextManager[None]:
        known = language in dict(settings.LANGUAGES)
        return translation.override(language if known else settings.LANGUAGE_CODE)


def install() -> None:
    """Speak through Django from now on."""
    i18n.speak(Catalogue())
