"""Sentences for people, in the language of whoever reads them.

This floor knows no language: `speak` is told once, by `config`, who translates. Without that every sentence is the
English one that the code holds, so the libraries, the command line and the API for machines need nothing else.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Protocol


class Speaker(Protocol):
    """Who translates, into the language that is active where it is called."""

    def gettext(self, message: str, /) -> str: ...
    def ngettext(self, one: str, many: str, number: int, /) -> str: ...
    def number(self, value: int, /) -> str: ...
    def moment(self, moment: datetime, /) -> str: ...
    def speaking(self, language: str, /) -> AbstractContextManager[None]: ...


class English:
    """The sentences as they are in the code."""

    def gettext(self, message: str, /) -> str:
        return message

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        return one if number == 1 else many

    def number(self, value: int, /) -> str:
        return f"{value:,}"

    def moment(self, moment: datetime, /) -> str:
        return f"{moment.day} {moment:%B %Y, %H:%M} UTC"

    def speaking(self, _language: str, /) -> AbstractContextManager[None]:
        return nullcontext()


_speaker: Speaker = English()


def speak(speaker: Speaker) -> None:
    """Let `speaker` translate from now on."""
    global _speaker  # noqa: PLW0603 - one process speaks through one translator
    _speaker = speaker


def gettext(message: str) -> str:
    """`message` in the reader's language."""
    return _speaker.gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """`one` or `many`, as the reader's language counts."""
    return _speaker.ngettext(one, many, number)


def noted(message: str) -> str:
    """`message` as it is: marks for the catalogue what is translated where it is used."""
    return message


def number(value: int) -> str:
    """`12,480`: a whole number with its thousands apart, as the reader writes them."""
    return _speaker.number(value)


LASTING = datetime(9999, 1, 1, tzinfo=UTC)
"""The end of what has none: it lasts until somebody lifts it."""


def moment(at: datetime) -> str:
    """`22 November 2026, 21:40 UTC`, as the reader writes it; of what lasts, so that "until" can go before it."""
    # Translators: stands after "until": "suspended until further notice".
    return gettext("further notice") if at >= LASTING else _speaker.moment(at)


def speaking(language: str) -> AbstractContextManager[None]:
    """While it is open, speak `language` (a code such as `de`); an empty or unknown one is English.

    For what is written now and read by somebody else: a letter speaks to its receiver.
    """
    return _speaker.speaking(language)


def listed(names: list[str]) -> str:
    """`a, b and c`."""
    if len(names) < 2:
        return "".join(names)
    return gettext("%(some)s and %(last)s") % {"some": ", ".join(names[:-1]), "last": names[-1]}


def too_long(count: int, most: int) -> str:
    """What is said of a text of `count` characters where at most `most` are taken."""
    return gettext("The text has %(count)s characters; the most is %(most)s.") % {
        "count": number(count),
        "most": number(most),
    }
