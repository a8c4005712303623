"""The policy that the demo communities start with; a sound first draft for any community.

The scores are chosen from what the shipped model says of ordinary posts: a clause queues from a score that fewer than
one in a thousand reach, and holds far above it. For violence that is high, because the demonstration's posts are written
with more care than most, and the model takes careful writing for a threat too often (its card says so).
"""

from wardmote.communities.policy import Action, ClauseDraft, Severity
from wardmote.detect import categories

TITLE = "How we treat one another"

CLAUSES = (
    ClauseDraft(
        key="1.1",
        title="No threats",
        text="Do not threaten anybody with violence, in plain words or veiled ones, in earnest or “as a joke”.",
        category=categories.THREAT.name,
        severity=Severity.CRITICAL,
        default_action=Action.REMOVE,
        queue_at=0.2,
        hold_at=0.7,
    ),
    ClauseDraft(
        key="1.2",
        title="No calls for violence",
        text="Do not call for, plan or cheer on violence against people or the places where they live and work.",
        category=categories.INCITEMENT.name,
        severity=Severity.CRITICAL,
        default_action=Action.REMOVE,
        queue_at=0.2,
        hold_at=0.7,
    ),
    ClauseDraft(
        key="2.1",
        title="No harassment",
        text="Criticise what people say and do. Do not insult, hound or humiliate them.",
        category=categories.HARASSMENT.name,
        severity=Severity.MEDIUM,
        default_action=Action.HIDE,
        queue_at=0.25,
        hold_at=None,
    ),
    ClauseDraft(
        key="2.2",
        title="No attacks on who people are",
        text="Do not attack people for their origin, religion, sex, orientation, disability or any such group.",
        category=categories.IDENTITY_ATTACK.name,
        severity=Severity.HIGH,
        default_action=Action.REMOVE,
        queue_at=0.37,
        hold_at=0.85,
    ),
    ClauseDraft(
        key="3.1",
        title="No spam",
        text="Do not post the same thing again and again, or sell things to people who did not ask.",
        category=categories.SPAM.name,
        severity=Severity.LOW,
        default_action=Action.HIDE,
    ),
    ClauseDraft(
        key="3.2",
        title="Keep it fit for the square",
        text="Anything else that a reasonable neighbour would take down from a public notice board.",
        category=categories.OTHER.name,
        severity=Severity.LOW,
        default_action=Action.LABEL,
    ),
)
