"""Which language a text is in, as far as words and scripts tell; in doubt, one that can be judged.

Perspective refuses short English texts that its detector takes for Turkish or Romanian. Here a language that no model
reads must show itself plainly: by its script, or by several of its commonest words and few English ones.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

_LOOKED_AT = 2_000
"""Characters; a longer text is in the language in which it begins."""
_PLAIN_WORDS = 3
"""How many different common words of a language must stand in a text before it counts as written in it."""

_SCRIPTS: tuple[tuple[int, int, str], ...] = (
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x052F, "ru"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x06FF, "ar"),
    (0x0900, 0x097F, "hi"),
    (0x0E00, 0x0E7F, "th"),
    (0x3040, 0x30FF, "ja"),
    (0x4E00, 0x9FFF, "zh"),
    (0xAC00, 0xD7A3, "ko"),
)
"""First and last code point of a script, and the language it most often writes."""

_COMMON = {
    "en": "the of and to a in is that it was for on with as i you are this be have not but they he at by from or an "
    "your my we all what do if will can so just no there me about out who get when like how up would more his her",
    "de": "der die und das ist nicht ich zu den mit ein eine auf es sich dem von für auch sie wir aber wie nur noch "
    "war hat bei oder wenn sind habe mein dein kein einen werden über du dass doch schon mal",
    "es": "de la que el y los se del las por un una con no es lo como más pero sus le ya este sí porque muy esta "
    "cuando también hasta hay donde quien desde todo nos te eso estoy eres",
    "fr": "de la le et les des est en que une du dans qui pour pas sur ne se ce je vous nous il elle au mais avec "
    "c'est tout plus sont cette comme ou si mon être fait très aussi leur même tu suis",
    "it": "di che è la il un per non una sono mi con si ho lo ma le ha cosa gli come se più questo della ti anche "
    "bene del sei nel hai era da tutto perché quando molto ancora fare",
    "nl": "de het een en van ik je is dat niet te zijn op voor met die aan er maar om hem dan zo wat nog wel geen ook "
    "naar heb mijn bij uit deze hij was jij kan moet hebben",
    "pl": "nie to się na że jest do co jak ale za tak mnie ty od czy już dla był jestem tylko może też jego kiedy "
    "wszystko są bardzo przez będzie gdzie mam ten być",
    "pt": "de que não o a um para é com uma os eu se mas você do da em por mais como ele isso está me muito bem já "
    "foi meu então ela tem quando aqui são também nos seu",
    "sv": "och att det är jag som en på inte har för med du den till av vi om så ett men kan var min han hon dig mig "
    "här vad när från bara alla",
    "tr": "bir ve bu için ne da de ben mi çok ama sen var daha o değil gibi kadar olarak şey benim nasıl yok evet "
    "hayır her beni seni",
    "ro": "și de nu la este în că o cu pe un eu mai am să ce din se pentru dar asta sunt ai fost te ești foarte când",
    "id": "yang dan di ini itu dengan untuk tidak dari dalam akan pada saya ada kamu aku juga bisa karena apa sudah",
    "da": "og det er jeg ikke at en til på har som med for du af den vi kan min hvad mig dig så der ham hun men være",
    "fi": "ja on ei se että en hän mutta niin minä kuin olen mitä sen ole sinä nyt tämä mitään vain kun jos oli",
}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def _speakers() -> dict[str, tuple[str, ...]]:
    languages: dict[str, list[str]] = {}
    for language, words in _COMMON.items():
        for word in set(words.split()):
            languages.setdefault(word, []).append(language)
    return {word: tuple(known) for word, known in languages.items()}


_SPEAKERS = _speakers()
"""Word to the languages in which it is common."""


@dataclass(frozen=True, slots=True)
class Detected:
    """The language that a text is taken to be in first, then the one it might be in; ISO 639-1 codes."""

    languages: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.languages[0]


def detect(text: str, supported: Collection[str] = ("en",)) -> Detected:
    """The language of `text`: a supported one unless another shows itself plainly.

    Where another has only a lead too small to trust, it comes second, behind the first of `supported`.
    """
    preferred = next(iter(supported))
    beginning = text[:_LOOKED_AT]
    if not beginning.isascii():
        script = _script(beginning)
        if script is not None:
            return Detected((script,))
    found: Counter[str] = Counter()
    for word in _SPEAKERS.keys() & set(_WORD.findall(beginning.lower())):
        for language in _SPEAKERS[word]:
            found[language] += 1
    best = max(found, key=lambda language: (found[language], language in supported), default=preferred)
    if best in supported:
        return Detected((best,))
    ours = max(found[language] for language in supported)
    if found[best] >= max(_PLAIN_WORDS, 2 * ours):
        return Detected((best,))
    return Detected((preferred, best))


def base(tag: str) -> str:
    """The language of a tag such as `en-GB`, in lower case."""
    return re.split("[-_]", tag.strip().lower(), maxsplit=1)[0]


def _script(text: str) -> str | None:
    """The language of the script in which more than half of the letters are; None for Latin and for no letters."""
    letters = [ord(character) for character in text if character.isalpha()]
    counts: Counter[str] = Counter()
    for point in letters:
        if point > 0x036F:
            for first, last, language in _SCRIPTS:
                if first <= point <= last:
                    counts[language] += 1
                    break
    if counts["ja"] and counts["zh"]:
        # Japanese writes most of its nouns in Chinese characters.
        counts["ja"] += counts.pop("zh")
    best, count = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
    return best if 2 * count > len(letters) else None
