"""Signs that say who somebody is or where they are from: flags, people, faiths, genders, abilities.

Alone they are evidence of nothing. Where labelled texts use them beside hatred a model learns to take the sign for it,
and then a flag on a national day is an attack. So no model reads them: what is said of people is judged by its words.
"""

_RANGES = (
    (0x1F1E6, 0x1F1FF),  # letters of which the flags of countries are made
    (0x1F466, 0x1F478),  # children, women, men, families, couples, and people with something on their heads
    (0x1F481, 0x1F487),  # people who do something
    (0x1F48F, 0x1F48F),
    (0x1F491, 0x1F491),
    (0x1F574, 0x1F575),
    (0x1F57A, 0x1F57A),
    (0x1F645, 0x1F647),
    (0x1F64B, 0x1F64C),
    (0x1F64D, 0x1F64F),
    (0x1F6B6, 0x1F6B6),
    (0x1F6B9, 0x1F6BC),
    (0x1F926, 0x1F926),
    (0x1F930, 0x1F939),
    (0x1F93D, 0x1F93E),
    (0x1F9AF, 0x1F9B3),
    (0x1F9B8, 0x1F9B9),
    (0x1F9BB, 0x1F9BD),
    (0x1F9CD, 0x1F9DF),
    (0x1FAC3, 0x1FAC5),
    (0x26A2, 0x26A9),  # genders
    (0x26A5, 0x26A7),
)
_SIGNS = frozenset(
    map(
        ord,
        "\u2640\u2642\u2764"  # female, male, the heart between two people
        "\u2625\u2626\u2627\u2628\u2629\u262a\u262c\u262e\u262f\u2638\u2670\u2671\u26e9\u26ea\u269b"
        "\u271d\u271e\u271f\u2720\u2721"
        "\U0001f308\U0001f38c\U0001f3c1\U0001f3f3\U0001f3f4\U0001f4ff\U0001f52f\U0001f54b\U0001f54c\U0001f54d"
        "\U0001f54e\U0001f549\U0001f6a9\U0001f6d0\U0001f6d5\U0001f46f\U0001faaf\u267f",
    )
)


def is_identity(character: str) -> bool:
    """Whether a character is one of those signs."""
    point = ord(character)
    return point in _SIGNS or any(low <= point <= high for low, high in _RANGES)
