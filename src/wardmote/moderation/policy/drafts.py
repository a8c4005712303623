"""What is known of a case before it is opened."""

from dataclasses import dataclass

from wardmote.communities.policy import Severity
from wardmote.kernel.urn import Urn
from wardmote.moderation.policy import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDraft:
    """A text as it was when somebody or something asked for a judgement of it, and why it was asked."""

    community_id: int
    subject: Urn | str
    """A URN of ours, or the URL of somebody else's post."""
    author_id: int | None
    text: str
    context: dict[str, str]
    category: str
    severity: Severity
    source: Source
    score: float
    held: bool = False
    screening_id: int | None
    weighs: bool = True
    """Off for a report that nobody answers for: it is not counted towards the rank."""
