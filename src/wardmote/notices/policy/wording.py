"""What the letters say, word for word. A letter is written once, stored, shown, mailed and hashed as it is.

The statement of reasons has the parts that Article 17 of the Digital Services Act asks for: the measure, its scope and
length, the facts and whether a notice led to it, whether a machine had a part, the clause and why, and the redress.

It speaks the language that is active where it is written: the caller sets the receiver's.
"""

from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import Action
from wardmote.kernel.i18n import LASTING, moment, noted
from wardmote.kernel.i18n import gettext as _
from wardmote.notices.policy.fates import ACTED, GONE, GRANTED, RELEASED, REPORTED, Fate

_WHAT = {
    Action.LABEL: noted("Your %(thing)s now carries a label: “%(clause)s”. Everybody can still read it."),
    Action.HIDE: noted("Your %(thing)s is hidden behind a notice that names the rule. Readers can still open it."),
    Action.REMOVE: noted("Your %(thing)s was removed. Nobody but you and the moderators can read it."),
    Action.WARN: noted("You are warned. Your %(thing)s stays as it is."),
    Action.SUSPEND: noted(
        "Your %(thing)s was removed and your account is suspended until %(until)s. "
        "You can still read, appeal, and take your posts with you."
    ),
}
_SUBJECT = {
    Action.LABEL: noted("Your %(thing)s was labelled (%(community)s)"),
    Action.HIDE: noted("Your %(thing)s was hidden (%(community)s)"),
    Action.REMOVE: noted("Your %(thing)s was removed (%(community)s)"),
    Action.WARN: noted("A warning about what you wrote (%(community)s)"),
    Action.SUSPEND: noted("Your account is suspended for a time (%(community)s)"),
}
_THINGS = {"post": noted("post"), "profile": noted("profile")}


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject line and a body, in plain text."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Measure:
    """What a statement of reasons is about. `quote` is the text that was judged, `thing` is "post" or "profile".

    `fate` is how it is once the measure is carried out; `was_held`: it waited for this decision; `edited`: it reads
    differently by now; `outside`: it is on another platform.
    """

    community: str
    thing: str
    quote: str
    action: Action
    clause_key: str
    clause_title: str
    clause_text: str
    reason: str
    until: datetime | None
    from_reports: bool
    from_screening: bool
    from_host: bool
    appeal_until: datetime
    fate: Fate = Fate.PUBLIC
    was_held: bool = False
    edited: bool = False
    outside: bool = False
    from_owner: bool = False

    @property
    def is_removal(self) -> bool:
        """Whether it shuts somebody out until it is lifted."""
        return self.until is not None and self.until >= LASTING


def _quote(text: str, limit: int = 300) -> str:
    short = text if len(text) <= limit else text[:limit].rstrip() + " …"
    return "\n".join("> " + line for line in short.splitlines() or [""])


def named_thing(thing: str) -> str:
    """What the letter is about, in words."""
    return _(_THINGS[thing])


def passage(quote: str) -> str:
    """The part of a letter that quotes the text."""
    return f"{_('What this is about')}\n{_quote(quote)}"


def _body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def origin(*, reported: bool, screened: bool, by_host: bool, outside: bool, by_owner: bool = False) -> str:
    """How something came to the moderators, as its author reads it in every place."""
    reports = _("Somebody reported it.") if outside else _("Members reported it.")
    if by_owner:
        said = [_("The owner of this community took it up."), *([reports] if reported else [])]
    elif by_host:
        said = [_("The host of this community gave notice of it."), *([reports] if reported else [])]
    elif reported:
        said = [reports]
    else:
        return _("Our automatic screening pointed it out.")
    last = _("Our automatic screening had pointed it out too.") if screened else _("No automatic means took part.")
    return " ".join([*said, last])


def _what(measure: Measure) -> str:
    if measure.is_removal:
        return noted(
            "You are removed as a member: you cannot write here until this is lifted, and your profile is not shown. "
            "You can still read, appeal, and take your posts with you."
        )
    if measure.fate.is_gone:
        return GONE[measure.action]
    if measure.action is Action.WARN and measure.was_held:
        return noted("You are warned. Your %(thing)s waited for a moderator; everybody can see it now.")
    return _WHAT[measure.action]


def _subject(measure: Measure) -> str:
    if measure.is_removal:
        return noted("You are removed as a member (%(community)s)")
    if measure.fate.is_gone and measure.action not in (Action.WARN, Action.SUSPEND):
        return noted("A decision about a %(thing)s that you deleted (%(community)s)")
    return _SUBJECT[measure.action]


def statement_of_reasons(measure: Measure, *, correction: str = "") -> Letter:
    """To the author, about a measure against their content or account. `correction`: why an earlier one was wrong."""
    named = {
        "thing": named_thing(measure.thing),
        "clause": measure.clause_title,
        "until": moment(measure.until) if measure.until else "",
        "community": measure.community,
    }
    redress = _("You can appeal until %(day)s, free of charge. A different moderator will look at it.") % {
        "day": moment(measure.appeal_until)
    }
    how = origin(
        reported=measure.from_reports,
        screened=measure.from_screening,
        by_host=measure.from_host,
        by_owner=measure.from_owner,
        outside=measure.outside,
    )
    court = _("You may also turn to a certified out-of-court dispute settlement body or to a court.")
    body = _body(
        *([_corrects(correction)] if correction else []),
        _(_what(measure)) % named,
        passage(measure.quote),
        *([_("You have changed it since. The text above is the one that was judged.")] if measure.edited else []),
        f"{_('The rule')}\n{measure.clause_key} {measure.clause_title}: {measure.clause_text}",
        f"{_('Why')}\n{measure.reason}",
        f"{_('How it came up')}\n{how} {_('A person made this decision.')}",
        f"{_('What you can do')}\n{redress}\n{court}",
    )
    return Letter(_(_subject(measure)) % named, body)


def held(*, community: str, thing: str, quote: str, clause_key: str, clause_title: str) -> Letter:
    """To the author, when screening holds a text. Without a clause it was a list of the community's that held it."""
    named = {"thing": named_thing(thing), "community": community, "key": clause_key, "title": clause_title}
    waits = _("Your %(thing)s is held until a moderator has read it. Nobody but you and the moderators can see it yet.")
    why = _(
        "Our automatic screening found it close to the rule %(key)s %(title)s. A machine held it; a person decides."
    )
    if not clause_key:
        why = _("It is on a list that this community keeps, or close to it. A machine held it; a person decides.")
    do = _("You need do nothing. You are told as soon as it is decided. You can edit or delete it meanwhile.")
    return Letter(
        _("Your %(thing)s waits for a moderator (%(community)s)") % named,
        _body(waits % named, passage(quote), f"{_('Why')}\n{why % named}", f"{_('What you can do')}\n{do}"),
    )


def released(*, community: str, thing: str, quote: str, fate: Fate) -> Letter:
    """To the author, when a person finds nothing wrong with what was held."""
    named = {"thing": named_thing(thing), "community": community}
    seen = fate in (Fate.PUBLIC, Fate.HIDDEN)
    subject = (
        _("Your %(thing)s is published (%(community)s)")
        if seen
        else _("Nothing was found against your %(thing)s (%(community)s)")
    )
    return Letter(subject % named, _body(_(RELEASED[fate]) % named, passage(quote), _("We are sorry for the wait.")))


def withdrawn(*, community: str, thing: str, quote: str, fate: Fate, correction: str) -> Letter:
    """To the author, when a moderator corrects a measure to none."""
    named = {"thing": named_thing(thing), "community": community}
    undone = [_("A moderator has corrected the decision about your %(thing)s: it is undone.") % named]
    also = [_(GRANTED[fate])] if GRANTED[fate] else []
    return Letter(
        _("The decision about your %(thing)s is undone (%(community)s)") % named,
        _body(" ".join([*undone, *also]), f"{_('What was wrong')}\n{correction}", passage(quote)),
    )


def _corrects(correction: str) -> str:
    said = _("This takes the place of an earlier decision, which was wrong and is undone.")
    return f"{said}\n\n{_('What was wrong')}\n{correction}"


@dataclass(frozen=True, slots=True)
class Reported:
    """What somebody reported, and what was done: `thing` is "post" or "profile", `handle` its author's, "" where it
    has none; `filed_at` says when they reported it. Never its text: a letter is its receiver's, and what an author
    erases must not stay in it. The action and clause are those of the decision, None and "" for no action."""

    thing: str
    handle: str
    filed_at: datetime
    action: Action | None = None
    clause_key: str = ""
    clause_title: str = ""


def report_answer(
    *,
    community: str,
    acted: bool,
    fate: Fate,
    edited: bool,
    reported: Reported | None = None,
    corrects: bool = False,
) -> Letter:
    """To somebody who reported. Says what came of it, and nothing about who decided.

    `edited`: what was judged is another text than the one reported. `corrects`: they have read another answer, which
    this one takes the place of.
    """
    if fate.is_gone:
        outcome = (
            _("A moderator agreed that it broke the rules.")
            if acted
            else _("A moderator read it and found that it did not break the rules.")
        )
    elif acted:
        outcome = _("A moderator agreed that it breaks the rules and acted on it.")
    else:
        outcome = _("A moderator read it and found that it does not break the rules.")
    if acted and reported and reported.action and not fate.is_gone:
        also = ACTED[reported.action]
    else:
        also = REPORTED[fate] if fate.is_gone or not acted else ""
    said = [outcome, *([_(also)] if also else [])]
    if edited:
        said.append(_("Its author had changed it after your report. The moderator read what you reported, too."))
    subject = _("Your report was decided (%(community)s)")
    opening = _("Thank you for your report.")
    if corrects:
        subject = _("Our answer to your report is corrected (%(community)s)")
        opening = _(
            "This takes the place of our earlier answer to your report. The decision that it told you of was corrected."
        )
    return Letter(
        subject % {"community": community},
        _body(
            opening,
            " ".join(said),
            *_what_was_reported(reported),
            _("The author is never told who reported."),
        ),
    )


def _what_was_reported(reported: Reported | None) -> list[str]:
    if reported is None:
        return []
    named = {"thing": named_thing(reported.thing), "handle": reported.handle, "when": moment(reported.filed_at)}
    if reported.handle:
        said = [_("You reported a %(thing)s by @%(handle)s on %(when)s.") % named]
    else:
        said = [_("You reported a %(thing)s on %(when)s.") % named]
    if reported.clause_key:
        said.append(f"{_('The rule')}\n{reported.clause_key} {reported.clause_title}")
    return said


def appeal_answer(
    *, community: str, reversed_: bool, reason: str, thing: str, fate: Fate, suspended_until: datetime | None
) -> Letter:
    """To the appellant. `suspended_until`: the account is suspended by another decision, until then."""
    named = {"thing": named_thing(thing), "community": community}
    if reversed_:
        subject = _("Your appeal was granted (%(community)s)")
        outcome = _("Your appeal succeeded. The decision about your %(thing)s is undone.") % named
        also = [_(GRANTED[fate])] if GRANTED[fate] else []
        if suspended_until is not None:
            until = {"until": moment(suspended_until)}
            also.append(_("By another decision your account is suspended until %(until)s.") % until)
        outcome = " ".join([outcome, *also])
    else:
        subject = _("Your appeal was decided (%(community)s)")
        outcome = _("Your appeal did not succeed. The decision about your %(thing)s stands.") % named
    other = _("A moderator who had no part in the first decision looked at it.")
    return Letter(subject % named, _body(outcome, other, f"{_('Why')}\n{reason}"))
