"""Who somebody is, is no evidence of anything: flags, people, faiths, single letters."""

import unicodedata
from functools import cache
from itertools import product
from string import ascii_letters, ascii_uppercase

import pyarrow as pa

from wardmote.detect import CascadeDetector, LinearDetector

FLAGS = ["".join(chr(0x1F1E6 + ord(letter) - 65) for letter in pair) for pair in product(ascii_uppercase, repeat=2)]
"""Every flag of a country, and every pair of its letters that is none yet."""
REGIONS = [
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in code) + "\U000e007f"
    for code in ("gbeng", "gbsct", "gbwls")
]
TONES = [chr(point) for point in range(0x1F3FB, 0x1F400)]
JOINED = [
    *("\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f3f3\ufe0f\u200d\u26a7\ufe0f"),
    *("\U0001f469\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f468\u200d\U0001f466"),
    *("\U0001f469\u200d\u2764\ufe0f\u200d\U0001f469", "\U0001f468\u200d\u2764\ufe0f\u200d\U0001f48b\u200d\U0001f468"),
    *("\U0001f9d1\U0001f3ff\u200d\U0001f91d\u200d\U0001f9d1\U0001f3fb", "\U0001f937\U0001f3ff\u200d\u2640\ufe0f"),
]
FAMILIES = [
    "\u200d".join((*grown, *children))
    for grown in (*product("\U0001f468\U0001f469"), *product("\U0001f468\U0001f469", repeat=2))
    for children in (*product("\U0001f466\U0001f467"), *product("\U0001f466\U0001f467", repeat=2))
]
FAITHS_AND_GENDERS = (
    "\U0001f6d0\u269b\U0001f549\u2721\u2638\u262f\u271d\u2626\u262a\u262e\U0001f54e\U0001f52f\U0001faaf\u26ea\U0001f54c"
    "\U0001f6d5\U0001f54d\u26e9\U0001f54b\U0001f4ff\u26a7\u2640\u2642\U0001f6b9\U0001f6ba\U0001f6bb\U0001f6bc\u267f"
)
"""As emoji charts list them, with the places of worship; some have names that say nothing of it."""
API_THRESHOLD = 0.5


@cache
def signs() -> tuple[str, ...]:
    """Every sign of a person, a faith or a gender, by its name in Unicode, in every colour of skin."""
    words = ("MAN", "WOMAN", "BOY", "GIRL", "BABY", "PERSON", "ADULT", "CHILD", "FAMILY", "COUPLE", "BRIDE", "TURBAN")
    faiths = (
        "MOSQUE",
        "KAABA",
        "SYNAGOGUE",
        "MENORAH",
        "STAR OF DAVID",
        "LATIN CROSS",
        "CRESCENT",
        "CHURCH",
        "OM SYMBOL",
    )
    more = ("HEADSCARF", "PRAYER BEADS", "PLACE OF WORSHIP", "HINDU", "WHEEL OF DHARMA", "MALE", "FEMALE", "SIGN WITH")
    found = []
    for point in (*range(0x2600, 0x2800), *range(0x1F300, 0x1FB00)):
        name = unicodedata.name(chr(point), "")
        listed = set(name.split()) & set(words) or any(part in name for part in (*faiths, *more[:5]))
        gendered = 0x26A2 <= point <= 0x26A9 or point in (0x2640, 0x2642)
        if (listed and unicodedata.category(chr(point)) == "So") or gendered:
            found.append(chr(point))
    return tuple(found)


def flagged(texts: list[str]) -> dict[str, dict[str, float]]:
    """The texts that the shipped detector flags in a category at the level of one ordinary post in a hundred."""
    detector = CascadeDetector.shipped()
    scores = detector.examine_batch(pa.array(texts)).to_pylist()
    levels = detector.plan.levels
    above = ({head: score for head, score in each.items() if score >= levels[head]} for each in scores)
    return {text: found for text, found in zip(texts, above, strict=True) if found}


def attributes_above(texts: list[str]) -> list[str]:
    """The texts that the model of the API's attributes puts above a half."""
    scores = LinearDetector.attributes().examine_batch(pa.array(texts)).to_pylist()
    return [text for text, each in zip(texts, scores, strict=True) if max(each.values()) >= API_THRESHOLD]


def test_no_sign_of_who_somebody_is_is_flagged() -> None:
    """Alone, three times, and in a sentence that wishes well."""
    toned = [sign + tone for sign in signs() for tone in TONES]
    every = [*FLAGS, *REGIONS, *JOINED, *FAMILIES, *FAITHS_AND_GENDERS, *TONES, *signs(), *toned]
    texts = [shape.format(sign, sign * 3) for sign in every for shape in ("{0}", "{1}", "Happy national day! {1}")]

    assert len(signs()) > 60
    assert not flagged(texts)
    assert not attributes_above(texts)


def test_no_letter_is_flagged() -> None:
    """Not one by itself, small or capital."""
    assert not flagged(list(ascii_letters))
    assert not attributes_above(list(ascii_letters))


def test_words_beside_a_sign_still_count() -> None:
    """A sign hides nothing: what is said of people is judged by its words."""
    text = "\U0001f54c all of them are vermin, kill them \U0001f1f5\U0001f1f0"

    assert {"identity_attack", "violence.incitement"} <= set(flagged([text])[text])
