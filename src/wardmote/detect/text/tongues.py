"""Names the language of a text that the detectors cannot judge, by its script or by its commonest words.

The words are our own lists, of some fifty words a language: enough to name it, and to tell a short text in it from
English. Whether a text can be judged at all is decided in `coverage.py` alone.
"""

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from importlib.resources import files

UNKNOWN = "und"
"""What ISO 639 writes for a language that cannot be told."""
_LOOKED_AT = 2_000
"""Characters; a longer text is in the language in which it begins."""
_SCRIPTS = {
    "ARABIC": "ar", "ARMENIAN": "hy", "BENGALI": "bn", "CJK": "zh", "CYRILLIC": "ru", "DEVANAGARI": "hi",
    "ETHIOPIC": "am", "GEORGIAN": "ka", "GREEK": "el", "GUJARATI": "gu", "GURMUKHI": "pa", "HANGUL": "ko",
    "HEBREW": "he", "HIRAGANA": "ja", "KANNADA": "kn", "KATAKANA": "ja", "KHMER": "km", "LAO": "lo",
    "MALAYALAM": "ml", "MONGOLIAN": "mn", "MYANMAR": "my", "ORIYA": "or", "SINHALA": "si", "SYRIAC": "syr",
    "TAMIL": "ta", "TELUGU": "te", "THAANA": "dv", "THAI": "th", "TIBETAN": "bo", "CHEROKEE": "chr", "NKO": "nqo",
    "TIFINAGH": "zgh", "YI": "ii",
}  # fmt: skip
"""The first word of a letter's name in Unicode, and the language that its script most often writes."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@cache
def _stored() -> tuple[dict[str, list[str]], frozenset[str]]:
    content = json.loads(files("wardmote.detect").joinpath("data", "common_words.json").read_text("utf-8"))
    languages = {language: words.split() for language, words in content["languages"].items()}
    return languages, frozenset(content["english_too"].split())


def foreign_words() -> str:
    """Every common word of another language, separated by spaces."""
    languages, _ = _stored()
    return " ".join(word for language, words in languages.items() if language != "en" for word in words)


def shared_words() -> str:
    """The words among them that English texts have too, without accents, separated by spaces."""
    return " ".join(_stored()[1])


@cache
def _speakers() -> dict[str, tuple[str, ...]]:
    languages: dict[str, list[str]] = {}
    for language, words in _stored()[0].items():
        for word in words:
            languages.setdefault(word, []).append(language)
    return {word: tuple(known) for word, known in languages.items()}


def guesses(text: str) -> list[str]:
    """The languages that a text may be in besides English, the likeliest first; two-letter codes where there are."""
    beginning = unicodedata.normalize("NFC", text[:_LOOKED_AT])
    script = _script(beginning)
    if script:
        return [script]
    found: Counter[str] = Counter()
    for word in dict.fromkeys(_WORD.findall(beginning.lower().replace("’", "'"))):
        for language in _speakers().get(word, ()):
            found[language.partition("-")[0]] += 1
    english = found.pop("en", 0)
    return [language for language, count in found.most_common() if count > english]


def _script(text: str) -> str:
    """The language of the script in which most of the letters are; empty for Latin and for no letters."""
    letters = [letter for letter in text if letter.isalpha()]
    counts = Counter(
        _SCRIPTS[name] for letter in letters if letter > "\u036f" and (name := _script_of(letter)) in _SCRIPTS
    )
    if counts["ja"] and counts["zh"]:
        # Japanese writes most of its nouns in Chinese characters.
        counts["ja"] += counts.pop("zh")
    best, count = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
    return best if 2 * count > len(letters) else ""


@cache
def _script_of(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]
