"""The categories in which texts are judged: the one list. What people read, forms, checks and documents derive from it.

Another module that needs one of them by name takes it from here (`SELF_HARM.name`) and writes none of the words again.
What OpenAI and Perspective call them is the API's to say: `edges/moderation_api/coverage.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wardmote.kernel.i18n import noted

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Category:
    """One category. `name` is stored and on the record: never rename it.

    `words` are how people say it, in the middle of a sentence. Of what readers judge, `means` completes "the writer …"
    on the page about labelling, `code` is the letter that readers write, and `column` is its place among the answers of
    the models; those are as they were trained, so a new one goes last. `headline`: it counts for the figure that is
    first. `rare`: a few dozen posts taught it, so no program of others is told its score. `urgent`: a life may be at
    stake, so its cases go before all others.
    """

    name: str
    words: str
    means: str = ""
    code: str = ""
    column: int | None = None
    headline: bool = False
    rare: bool = False
    urgent: bool = False

    @property
    def family(self) -> str:
        """What it is a kind of: `violence` of `violence.threat`; empty where it is alone."""
        return self.name.partition(".")[0] if "." in self.name else ""


THREAT = Category(
    "violence.threat",
    noted("threat"),
    means="says or implies that they, or people with them, will or want to do bodily harm to somebody, or destroy what "
    'is somebody\'s. Veiled, conditional and wished ("I want to hit him") count',
    code="t",
    column=0,
    headline=True,
    urgent=True,
)
INCITEMENT = Category(
    "violence.incitement",
    noted("incitement"),
    means='calls for, wishes for, urges or approves beforehand that violence be done, by anyone. Irony, "somebody '
    'should", "they deserve to be" and the wish for a violent death count',
    code="i",
    column=1,
    headline=True,
    urgent=True,
)
GLORIFICATION = Category(
    "violence.glorification",
    noted("glorification of violence"),
    means="praises or celebrates violence that was done, or those who did it, or says the victims had it coming",
    code="g",
    column=2,
    urgent=True,
)
HARASSMENT = Category(
    "harassment",
    noted("harassment"),
    means="goes at one person or a few (present or named) to hurt, humiliate, frighten or follow them",
    code="h",
    column=3,
)
IDENTITY_ATTACK = Category(
    "identity_attack",
    noted("attack on identity"),
    means="attacks or demeans people for race, origin, nationality, religion, sex, gender, orientation, disability, "
    "caste or migration",
    code="a",
    column=4,
)
INSULT = Category(
    "insult",
    noted("insult"),
    means="calls a person or a group something demeaning",
    code="u",
    column=5,
)
PROFANITY = Category(
    "profanity",
    noted("coarse language"),
    means="uses swear words or slurs, at whomever",
    code="p",
    column=6,
)
SEXUAL = Category(
    "sexual",
    noted("sexual content"),
    means="describes sex or bodies for sex, or makes a sexual demand",
    code="x",
    column=7,
)
DOXXING = Category(
    "doxxing",
    noted("somebody’s private details"),
    means="gives or asks for where a private person lives, works or can be reached, against their will",
    code="d",
    column=9,
)
SPAM = Category(
    "spam",
    noted("spam"),
    means="sells, lures or repeats to many",
    code="m",
    column=10,
    rare=True,
)
SELF_HARM = Category(
    "self_harm",
    noted("somebody may harm themselves"),
    means="speaks in earnest of hurting or killing themselves, or tells somebody to",
    code="s",
    column=8,
    rare=True,
    urgent=True,
)
NOT_COVERED = Category("not_covered", noted("language not covered"))
"""Stands among the scores, with 1, where no detector reads the text's language."""
CHILD_ABUSE = Category("child_abuse", noted("sexual abuse of children"))
OTHER = Category("other", noted("other"))

CATEGORIES = (
    THREAT, INCITEMENT, GLORIFICATION, HARASSMENT, IDENTITY_ATTACK, INSULT, PROFANITY, SEXUAL, DOXXING, SPAM, SELF_HARM,
    NOT_COVERED, CHILD_ABUSE, OTHER,
)  # fmt: skip
"""All of them, in the order in which people are offered them."""
BY_NAME: Mapping[str, Category] = {category.name: category for category in CATEGORIES}

_READ = (category for category in CATEGORIES if category.column is not None)
JUDGED = tuple(category.name for category in sorted(_READ, key=lambda category: category.column or 0))
"""The names of what a reader judges, all of it each time, in the order of the models' columns."""
VIOLENT = tuple(name for name in JUDGED if BY_NAME[name].family == THREAT.family)
VIOLENCE = tuple(name for name in JUDGED if BY_NAME[name].headline)
"""Threats and calls: one of the two is what the first figure of every card counts."""


def is_urgent(name: str) -> bool:
    """Whether a life may be at stake. One that a clause names and nobody here knows goes by its family."""
    known = BY_NAME.get(name)
    if known is not None:
        return known.urgent
    family, dot, _ = name.partition(".")
    return bool(dot) and any(category.urgent and category.family == family for category in CATEGORIES)
