"""What the host's letters say, word for word; and what a letter must say before it is sent. Pure.

After a quarrel in which a suspension was called a termination, no clause was named and no breach notice was sent, a
letter without its clause, items, deadline, effect and way back is not written here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wardmote.hosting.policy.kinds import NoticeKind, Stage
from wardmote.kernel.errors import Invalid

LIMIT = 4000


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What staff write. `hours` is the deadline, counted from delivery; None takes the terms' own.

    `return_conditions`: what the customer must do to be rid of the measure; in a termination, how its data are taken
    along.
    """

    kind: NoticeKind
    words: str
    effect: str
    return_conditions: str
    hours: int | None = None


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause of the policy that was accepted."""

    key: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class CitedItem:
    """A reported post as the letter names it; `urn` is how an answer refers to it."""

    urn: str
    url: str
    clause_key: str
    category: str
    capture: str
    capture_hash: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the case itself brings to a letter. `hours` is the deadline as it will be set."""

    customer: str
    policy_number: int
    policy_hash: str
    clauses: tuple[Cited, ...]
    items: tuple[CitedItem, ...]
    hours: int | None


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject line and a body, in plain text."""

    subject: str
    body: str


_SUBJECT: Mapping[NoticeKind, str] = {
    NoticeKind.NOTICE: "Notice about {n} on {customer}",
    NoticeKind.REMINDER: "Reminder: {n} on {customer} await your answer",
    NoticeKind.WARNING: "Warning: breach of clause {clause} by {customer}",
    NoticeKind.RESTRICTION: "Restriction of {customer}",
    NoticeKind.PROPOSAL: "Suspension of {customer} is proposed",
    NoticeKind.SUSPENSION: "{customer} is suspended",
    NoticeKind.REINSTATEMENT: "{customer} is reinstated",
    NoticeKind.TERMINATION: "The agreement about {customer} is terminated",
}
_OPENING: Mapping[NoticeKind, str] = {
    NoticeKind.NOTICE: "We were told of the posts below and find that they break our acceptable-use policy.",
    NoticeKind.REMINDER: "We have had no answer to our notice about the posts below.",
    NoticeKind.WARNING: "This is a notice of breach. After the time we set to cure it, the posts below still stand.",
    NoticeKind.RESTRICTION: "The time our warning set is over. For a time we restrict your service.",
    NoticeKind.PROPOSAL: "We propose to suspend your service. Nothing is decided; we ask for your reply first.",
    NoticeKind.SUSPENSION: "Your service is suspended. Nothing is deleted; it comes back when the conditions are met.",
    NoticeKind.REINSTATEMENT: "Your service is reinstated. Everything is as it was.",
    NoticeKind.TERMINATION: "We terminate the agreement. Nothing is deleted while you can take your data along.",
}
_DEADLINE: Mapping[NoticeKind, str] = {
    NoticeKind.NOTICE: "Cure this within {hours} hours of the delivery of this letter.",
    NoticeKind.REMINDER: "Answer within {hours} hours of the delivery of this letter.",
    NoticeKind.WARNING: "Cure this, or send us a plan, within {hours} hours of the delivery of this letter.",
    NoticeKind.RESTRICTION: "The restriction ends {hours} hours after the delivery of this letter unless renewed.",
    NoticeKind.PROPOSAL: "Reply within {hours} hours of the delivery of this letter. We hear you before we decide.",
    NoticeKind.SUSPENSION: "We look at the suspension again within {hours} hours.",
    NoticeKind.REINSTATEMENT: "A probation of {hours} hours begins; the history of the case is kept.",
    NoticeKind.TERMINATION: "You can take your data along for {hours} hours from the delivery of this letter.",
}
_LEAST_HOURS: Mapping[NoticeKind, int] = {NoticeKind.NOTICE: 4, NoticeKind.WARNING: 24, NoticeKind.PROPOSAL: 24}
BRINGS: Mapping[NoticeKind, Stage] = {
    NoticeKind.NOTICE: Stage.NOTIFIED,
    NoticeKind.WARNING: Stage.WARNED,
    NoticeKind.RESTRICTION: Stage.RESTRICTED,
    NoticeKind.PROPOSAL: Stage.SUSPENSION_PROPOSED,
}
"""The stage that a letter brings about when it is delivered. The other kinds tell of what is done already."""
_LASTING = re.compile(
    r"\b(?:terminat\w*|permanent\w*|indefinite\w*|for good(?! reason)|forever|for ever|no return)\b", re.IGNORECASE
)
_FOR_A_TIME = re.compile(r"\bsuspen\w*", re.IGNORECASE)
_LEADS_TO_AN_END = frozenset({NoticeKind.PROPOSAL, NoticeKind.SUSPENSION})


def lint(draft: NoticeDraft, particulars: Particulars) -> None:
    """Refuse a letter that lacks its clause, items, deadline, effect or conditions, or that confuses the two ends.

    All that is lacking is named at once; `field` is that of the first.
    """
    lacking = [
        (field, name)
        for field, name, there in (
            ("clauses", "the clause", bool(particulars.clauses)),
            ("items", "the items", bool(particulars.items)),
            ("hours", "the deadline", particulars.hours is not None and particulars.hours > 0),
            ("effect", "the effect", bool(draft.effect.strip())),
            ("return_conditions", "the conditions for return", bool(draft.return_conditions.strip())),
        )
        if not there
    ]
    if lacking:
        raise Invalid(f"A letter is not sent without {_and([name for _, name in lacking])}.", field=lacking[0][0])
    for field, text in (
        ("words", draft.words),
        ("effect", draft.effect),
        ("return_conditions", draft.return_conditions),
    ):
        if len(text) > LIMIT:
            raise Invalid(f"This has {len(text):,} characters; the most is {LIMIT:,}.", field=field)
    _check_which_end(draft)


def _check_which_end(draft: NoticeDraft) -> None:
    for field, text in (
        ("words", draft.words),
        ("effect", draft.effect),
        ("return_conditions", draft.return_conditions),
    ):
        # The words tell the story, in which both may come up; what is done and how it ends must be called one thing.
        for part in re.split(r"[.!?\n]+", text) if field == "words" else [text]:
            _check_part(draft.kind, part, field)
    if draft.kind is NoticeKind.TERMINATION and not re.search(r"\bterminat", draft.effect, re.IGNORECASE):
        raise Invalid("The effect of a termination must say that the agreement is terminated.", field="effect")
    if draft.kind in _LEADS_TO_AN_END and not _FOR_A_TIME.search(draft.effect):
        raise Invalid("The effect of a suspension must say what is suspended.", field="effect")


def _check_part(kind: NoticeKind, text: str, field: str) -> None:
    lasting, for_a_time = _LASTING.search(text), _FOR_A_TIME.search(text)
    if kind is NoticeKind.TERMINATION:
        if for_a_time and field != "words":
            raise Invalid(f"A termination is not called “{for_a_time[0]}”: name what it is.", field=field)
    elif lasting and (for_a_time or (kind in _LEADS_TO_AN_END and field != "words")):
        raise Invalid(
            f"“{lasting[0]}” says suspend and means terminate: a suspension ends when its conditions are met.",
            field=field,
        )


def check_hours(kind: NoticeKind, hours: int | None) -> int:
    """Refuse a deadline that is shorter than the ladder allows, or longer than anybody would wait."""
    least = _LEAST_HOURS.get(kind, 1)
    if hours is None or not least <= hours <= 365 * 24:
        raise Invalid(f"The deadline of this letter is at least {least} hours and at most a year.", field="hours")
    return hours


def names_breach(kind: NoticeKind) -> bool:
    """Whether a letter of this kind says that the agreement is broken; its clause it always names."""
    return kind is NoticeKind.WARNING


def write(draft: NoticeDraft, particulars: Particulars) -> Letter:
    """The letter, once it passes the linter."""
    lint(draft, particulars)
    count = len(particulars.items)
    subject = _SUBJECT[draft.kind].format(
        n="1 post" if count == 1 else f"{count} posts",
        customer=particulars.customer,
        clause=_and([c.key for c in particulars.clauses]),
    )
    clauses = "\n".join(f"{c.key} {c.title}: {c.text}" for c in particulars.clauses)
    items = "\n\n".join(_item(number, item) for number, item in enumerate(particulars.items, 1))
    way = "How you take your data along" if draft.kind is NoticeKind.TERMINATION else "What ends this"
    words = f"\n{draft.words.strip()}\n" if draft.words.strip() else ""
    body = f"""{_OPENING[draft.kind]}
{words}
The clause
{clauses}
It stands in version {particulars.policy_number} of the policy, which you accepted.

The posts
{items}

The deadline
{_DEADLINE[draft.kind].format(hours=particulars.hours)}

The effect
{draft.effect.strip()}

{way}
{draft.return_conditions.strip()}

How you answer
Answer for each post: removed, disputed, referred to somebody else, or that you need time. While a post is in dispute
its clock stands still, and somebody who did not open the case decides. You can appeal against a measure at any time.
"""
    return Letter(subject, body)


def _item(number: int, item: CitedItem) -> str:
    quote = "\n".join("   > " + line for line in item.capture[:500].splitlines() or [""])
    seen = f"{item.seen_at:%Y-%m-%d %H:%M} UTC"
    what = f"clause {item.clause_key}, seen {seen}, SHA-256 of the text {item.capture_hash}"
    return f"{number}. {item.url}\n   {what}\n{quote}"


def _and(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
