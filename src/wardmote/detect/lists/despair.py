"""Words in which somebody says of themselves that they think of ending their life, in English and German.

A list of our own wordings, not a model: the model has seen too few such posts to know the quiet ones. What it finds
leads to help and to a person who looks, never to a measure; so it may be wrong in favour of asking.
"""

import re

_ENGLISH = (
    r"\b(?:kill|hang|shoot|drown|hurt|harm|cut) (?:myself|my self)\b",
    r"\b(?:end|ending|take|taking|ended) my (?:own )?life\b",
    (
        r"\b(?:think|thinking|thought|thoughts|going|want|wanted|plan|planning|ready|tempted)\b.{0,24}"
        r"\b(?:end|ending) it(?: all)?(?: tonight| today| tomorrow| now| soon)?(?=[.!?…,;]|$)"
    ),
    (
        r"\bi (?:just |really )?(?:do not|don't|dont|can't|cannot|no longer) (?:want to )?"
        r"(?:live|be alive|wake up|go on living|live any ?more)\b"
    ),
    r"\bi (?:just |really )?(?:want|wish|would like) to (?:die|be dead)\b",
    r"\bi wish i (?:was|were) (?:dead|never born)\b",
    r"\bbetter off without me\b",
    r"\bi(?:'m| am| feel| have been)\b.{0,12}\bsuicidal\b",
    r"\bi\b.{0,30}\bcommit(?:ting)? suicide\b",
)
_GERMAN = (
    r"\bich (?:will|möchte|mag|kann)\b.{0,12}\bnicht mehr (?:leben|weiterleben|weiter leben|aufwachen|da sein)\b",
    (
        r"\bich\b.{0,40}\b(?:mich (?:selbst )?(?:umbringen|umzubringen|aufhängen|erschießen|ritzen)|mir (?:selbst )?"
        r"(?:das leben (?:nehmen|zu nehmen)|etwas antun))\b"
    ),
    r"\b(?:bring|bringe) mich (?:heute |bald |selbst )?um\b",
    r"\bmein(?:em)? leben (?:beenden|zu beenden|ein ende (?:setzen|zu setzen|machen|zu machen))\b",
    r"\bich (?:will|möchte|würde)\b.{0,20}\b(?:sterben|tot sein)\b",
    r"\b(?:ich wäre|wäre ich)\b.{0,16}\b(?:tot|nie geboren)\b",
    r"\bohne mich\b.{0,12}\bbesser dran\b",
)
_SAID = re.compile("|".join((*_ENGLISH, *_GERMAN)))
_FIGURE = re.compile(r"\b(?:laugh|laughing|lach|lachen|of boredom|vor langeweile|from embarrassment)\b")


def speaks_of_ending_it(text: str) -> bool:
    """Whether somebody says so of themselves in this text; not where they die of laughter."""
    plain = " ".join(text.lower().replace("’", "'").split())
    return _SAID.search(plain) is not None and _FIGURE.search(plain) is None
