"""What the host's letters say, word for word; and what a letter must say before it is sent. Pure.

After a quarrel in which a suspension was called a termination, no clause was named and no breach notice was sent, a
letter without its clause, items, deadline, effect and way back is not written here. The words that tell one end from
the other are known in the languages that letters are written in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wardmote.hosting.policy.kinds import NoticeKind, Stage
from wardmote.kernel import i18n as words
from wardmote.kernel.errors import Invalid
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import listed, ngettext, noted, too_long
from wardmote.kernel.texts import is_blank

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
    """What the case itself brings to a letter. `hours` is the deadline as it will be set, `language` the reader's."""

    customer: str
    policy_number: int
    policy_hash: str
    clauses: tuple[Cited, ...]
    items: tuple[CitedItem, ...]
    hours: int | None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject line and a body, in plain text."""

    subject: str
    body: str


_SUBJECT: Mapping[NoticeKind, str] = {
    NoticeKind.NOTICE: noted("Notice about %(n)s on %(customer)s"),
    NoticeKind.REMINDER: noted("Reminder: %(n)s on %(customer)s await your answer"),
    NoticeKind.WARNING: noted("Warning: breach of clause %(clause)s by %(customer)s"),
    NoticeKind.RESTRICTION: noted("Restriction of %(customer)s"),
    NoticeKind.PROPOSAL: noted("Suspension of %(customer)s is proposed"),
    NoticeKind.SUSPENSION: noted("%(customer)s is suspended"),
    NoticeKind.REINSTATEMENT: noted("%(customer)s is reinstated"),
    NoticeKind.TERMINATION: noted("The agreement about %(customer)s is terminated"),
}
_OPENING: Mapping[NoticeKind, str] = {
    NoticeKind.NOTICE: noted("We were told of the posts below and find that they break our acceptable-use policy."),
    NoticeKind.REMINDER: noted("We have had no answer to our notice about the posts below."),
    NoticeKind.WARNING: noted(
        "This is a notice of breach. After the time we set to cure it, the posts below still stand."
    ),
    NoticeKind.RESTRICTION: noted("The time our warning set is over. For a time we restrict your service."),
    NoticeKind.PROPOSAL: noted("We propose to suspend your service. Nothing is decided; we ask for your reply first."),
    NoticeKind.SUSPENSION: noted(
        "Your service is suspended. Nothing is deleted; it comes back when the conditions are met."
    ),
    NoticeKind.REINSTATEMENT: noted("Your service is reinstated. Everything is as it was."),
    NoticeKind.TERMINATION: noted("We terminate the agreement. Nothing is deleted while you can take your data along."),
}
_DEADLINE: Mapping[NoticeKind, str] = {
    NoticeKind.NOTICE: noted("Cure this within %(time)s of the delivery of this letter."),
    NoticeKind.REMINDER: noted("Answer within %(time)s of the delivery of this letter."),
    NoticeKind.WARNING: noted("Cure this, or send us a plan, within %(time)s of the delivery of this letter."),
    NoticeKind.RESTRICTION: noted("The restriction ends %(time)s after the delivery of this letter unless renewed."),
    NoticeKind.PROPOSAL: noted("Reply within %(time)s of the delivery of this letter. We hear you before we decide."),
    NoticeKind.SUSPENSION: noted("We look at the suspension again within %(time)s."),
    NoticeKind.REINSTATEMENT: noted("A probation of %(time)s begins; the history of the case is kept."),
    NoticeKind.TERMINATION: noted("You can take your data along for %(time)s from the delivery of this letter."),
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
    r"\b(?:terminat\w*|permanent\w*|indefinite\w*|for good(?! reason)|forever|for ever|no return"
    r"|(?:ge)?kündig\w*|beendet|beendigt|endgültig\w*|dauerhaft\w*|unbefristet\w*|für immer|ohne rückkehr)\b",
    re.IGNORECASE,
)
_FOR_A_TIME = re.compile(r"\b(?:suspen\w*|aus(?:ge|zu)?setz\w*|(?:ge)?sperr\w*)", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:terminat|(?:ge)?kündig|beendet|beendigt)", re.IGNORECASE)
_LEADS_TO_AN_END = frozenset({NoticeKind.PROPOSAL, NoticeKind.SUSPENSION})


def lint(draft: NoticeDraft, particulars: Particulars) -> None:
    """Refuse a letter that lacks its clause, items, deadline, effect or conditions, or that confuses the two ends.

    All that is lacking is named at once; `field` is that of the first.
    """
    lacking = [
        (field, name)
        for field, name, there in (
            ("clauses", _("the clause"), bool(particulars.clauses)),
            ("items", _("the items"), bool(particulars.items)),
            ("hours", _("the deadline"), particulars.hours is not None and particulars.hours > 0),
            ("effect", _("the effect"), not is_blank(draft.effect)),
            ("return_conditions", _("the conditions for return"), not is_blank(draft.return_conditions)),
        )
        if not there
    ]
    if lacking:
        wrong = _("A letter is not sent without %(names)s.")
        raise Invalid(wrong % {"names": listed([name for _field, name in lacking])}, field=lacking[0][0])
    for field, text in (
        ("words", draft.words),
        ("effect", draft.effect),
        ("return_conditions", draft.return_conditions),
    ):
        if len(text) > LIMIT:
            raise Invalid(
                too_long(len(text), LIMIT),
                field=field,
            )
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
    if draft.kind is NoticeKind.TERMINATION and not _ENDS.search(draft.effect):
        raise Invalid(_("The effect of a termination must say that the agreement is terminated."), field="effect")
    if draft.kind in _LEADS_TO_AN_END and not _FOR_A_TIME.search(draft.effect):
        raise Invalid(_("The effect of a suspension must say what is suspended."), field="effect")


def _check_part(kind: NoticeKind, text: str, field: str) -> None:
    lasting, for_a_time = _LASTING.search(text), _FOR_A_TIME.search(text)
    if kind is NoticeKind.TERMINATION:
        if for_a_time and field != "words":
            raise Invalid(
                _("A termination is not called “%(word)s”: name what it is.") % {"word": for_a_time[0]}, field=field
            )
    elif lasting and (for_a_time or (kind in _LEADS_TO_AN_END and field != "words")):
        raise Invalid(
            _("“%(word)s” says suspend and means terminate: a suspension ends when its conditions are met.")
            % {"word": lasting[0]},
            field=field,
        )


def check_hours(kind: NoticeKind, hours: int | None) -> int:
    """Refuse a deadline that is shorter than the ladder allows, or longer than anybody would wait."""
    least = _LEAST_HOURS.get(kind, 1)
    if hours is None or not least <= hours <= 365 * 24:
        raise Invalid(
            ngettext(
                "The deadline of this letter is at least %(least)d hour and at most a year.",
                "The deadline of this letter is at least %(least)d hours and at most a year.",
                least,
            )
            % {"least": least},
            field="hours",
        )
    return hours


def names_breach(kind: NoticeKind) -> bool:
    """Whether a letter of this kind says that the agreement is broken; its clause it always names."""
    return kind is NoticeKind.WARNING


def write(draft: NoticeDraft, particulars: Particulars) -> Letter:
    """The letter, once it passes the linter, in the language of its reader; the linter speaks that of its writer."""
    lint(draft, particulars)
    check_hours(draft.kind, particulars.hours)
    with words.speaking(particulars.language):
        return _written(draft, particulars)


def _written(draft: NoticeDraft, particulars: Particulars) -> Letter:
    count, hours = len(particulars.items), particulars.hours or 0
    # Translators: "within %(hours)d hours": in German the dative.
    time = ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    subject = _(_SUBJECT[draft.kind]) % {
        "n": ngettext("%(count)d post", "%(count)d posts", count) % {"count": count},
        "customer": particulars.customer,
        "clause": listed([c.key for c in particulars.clauses]),
    }
    clauses = "\n".join(f"{c.key} {c.title}: {c.text}" for c in particulars.clauses)
    items = "\n\n".join(_item(number, item) for number, item in enumerate(particulars.items, 1))
    way = _("How you take your data along") if draft.kind is NoticeKind.TERMINATION else _("What ends this")
    version = _("It stands in version %(number)d of the policy, which you accepted.")
    answer = _(
        "Answer for each post: removed, disputed, referred to somebody else, or that you need time. While a post is in"
        " dispute\nits clock stands still, and somebody who did not open the case decides. You can appeal against a"
        " measure at any time."
    )
    paragraphs = [
        f"{_('The clause')}\n{clauses}\n{version % {'number': particulars.policy_number}}",
        f"{_('The posts')}\n{items}",
        f"{_('The deadline')}\n{_(_DEADLINE[draft.kind]) % {'time': time}}",
        f"{_('The effect')}\n{draft.effect.strip()}",
        f"{way}\n{draft.return_conditions.strip()}",
        f"{_('How you answer')}\n{answer}",
    ]
    story = [draft.words.strip()] if not is_blank(draft.words) else []
    return Letter(subject, "\n\n".join([_(_OPENING[draft.kind]), *story, *paragraphs]) + "\n")


def _item(number: int, item: CitedItem) -> str:
    quote = "\n".join("   > " + line for line in item.capture[:500].splitlines() or [""])
    seen = f"{item.seen_at:%Y-%m-%d %H:%M} UTC"
    what = _("clause %(clause)s, seen %(seen)s, SHA-256 of the text %(hash)s") % {
        "clause": item.clause_key,
        "seen": seen,
        "hash": item.capture_hash,
    }
    return f"{number}. {item.url}\n   {what}\n{quote}"
