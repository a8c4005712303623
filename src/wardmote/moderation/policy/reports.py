"""What opens a case, and what something is reported as: the one list of each. Pure.

The pages, the forms, the API and its description, the imports and the constraints derive from these.
"""

from enum import StrEnum
from typing import Self

from wardmote.communities.policy import Severity
from wardmote.detect import categories
from wardmote.detect.categories import Category
from wardmote.kernel.i18n import noted


class Source(StrEnum):
    """What opened a case. Stored."""

    REPORT = "report"
    SCREENING = "screening"
    HOST = "host"
    OWNER = "owner"


class ReportReason(StrEnum):
    """What a member or a visitor may report something as. Stored, and sent by programs: never rename one.

    `category`: what the case that it opens is about. `words`: how whoever reports says it. `unsaid`: how severe it is
    where a policy has no clause about that. `nameless`: a visitor's report of it needs neither a name nor an address.
    """

    _value_: str
    category: str
    words: str
    unsaid: Severity
    nameless: bool

    # All but the value have a default, so that the types allow to look one up by its value.
    def __new__(
        cls,
        value: str,
        category: Category = categories.OTHER,
        words: str = "",
        unsaid: Severity = Severity.LOW,
        nameless: bool = False,
    ) -> Self:
        reason = str.__new__(cls, value)
        reason._value_ = value
        reason.category = category.name
        reason.words = words
        reason.unsaid = unsaid
        reason.nameless = nameless
        return reason

    THREAT = "threat", categories.THREAT, noted("It threatens somebody")
    INCITEMENT = "incitement", categories.INCITEMENT, noted("It calls for violence")
    HARASSMENT = "harassment", categories.HARASSMENT, noted("It harasses somebody")
    IDENTITY_ATTACK = "identity_attack", categories.IDENTITY_ATTACK, noted("It attacks people for who they are")
    SPAM = "spam", categories.SPAM, noted("It is spam")
    OTHER = "other", categories.OTHER, noted("Something else")
    CHILD_ABUSE = (
        "child_abuse", categories.CHILD_ABUSE, noted("It is sexual abuse of children"), Severity.CRITICAL, True,
    )  # fmt: skip

    @classmethod
    def offered(cls) -> list["ReportReason"]:
        """All of them as people are offered them: what is none of the others comes last."""
        return sorted(cls, key=lambda reason: reason is cls.OTHER)
