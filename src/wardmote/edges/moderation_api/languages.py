"""Which language a text is in, as the answers say it: the detectors' own decision, and a name for it.

Perspective refuses short English texts that its detector takes for Turkish or Romanian. Here `wardmote.detect` decides
whether a text can be judged, in doubt that it can, and only what it cannot judge is called by another language's name.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from wardmote.detect import NotRead, Screener, TextError
from wardmote.detect.text.tongues import UNKNOWN, guesses


@dataclass(frozen=True, slots=True)
class Detected:
    """The language that a text is taken to be in first, then the one it might be in; ISO 639-1 codes, or `und`."""

    languages: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.languages[0]


def detect(text: str, screener: Screener, supported: Collection[str] = ("en",)) -> Detected:
    """The language of `text`: a supported one unless the detectors cannot judge it.

    What a text that can be judged might also be in comes second.
    """
    try:
        covered = bool(screener.covered(text))
    except TextError:
        covered = True  # whoever asks for the scores is told what is wrong with it
    others = [language for language in guesses(text) if language not in supported][:1]
    if covered:
        return Detected((next(iter(supported)), *others))
    return Detected((others[0] if others else UNKNOWN,))


def believed(named: tuple[str, ...], text: str, screener: Screener, supported: Collection[str] = ("en",)) -> bool:
    """Whether the languages that a client named may be those of `text`.

    A client knows better than a guess by words. But no language that the detectors read is written in another script.
    """
    if not any(base(tag) in supported for tag in named):
        return True
    try:
        return screener.covered(text).reason is not NotRead.SCRIPT
    except TextError:
        return True  # as above


def base(tag: str) -> str:
    """The language of a tag such as `en-GB`, in lower case."""
    return re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]
