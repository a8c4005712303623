"""What the letters say, word for word. A letter is written once, stored, shown, mailed and hashed as it stands.

The statement of reasons has the parts that Article 17 of the Digital Services Act asks for: the measure, its scope and
length, the facts and whether a notice led to it, whether a machine had a part, the clause and why, and the redress.

It speaks the language that is active where it is written: the caller sets the receiver's.
"""

from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import Action
from wardmote.kernel.words import gettext as _
from wardmote.kernel.words import moment, noted

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
    """What a statement of reasons is about. `quote` is the author's own text, `thing` is "post" or "profile"."""

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


def _quote(text: str, limit: int = 300) -> str:
    short = text if len(text) <= limit else text[:limit].rstrip() + " …"
    return "\n".join("> " + line for line in short.splitlines() or [""])


def _thing(thing: str) -> str:
    return _(_THINGS[thing])


def _about(quote: str) -> str:
    return f"{_('What this is about')}\n{_quote(quote)}"


def _body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def _origin(measure: Measure) -> str:
    if measure.from_host:
        return _("The host of this community gave notice of it.")
    if measure.from_reports and measure.from_screening:
        return _("Members reported it, and our automatic screening had pointed it out.")
    if measure.from_reports:
        return _("Members reported it. No automatic means took part.")
    return _("Our automatic screening pointed it out.")


def statement_of_reasons(measure: Measure) -> Letter:
    """To the author, about a measure against their content or account."""
    named = {
        "thing": _thing(measure.thing),
        "clause": measure.clause_title,
        "until": moment(measure.until) if measure.until else "",
        "community": measure.community,
    }
    redress = _("You can appeal until %(day)s, free of charge. A different moderator will look at it.") % {
        "day": moment(measure.appeal_until)
    }
    court = _("You may also turn to a certified out-of-court dispute settlement body or to a court.")
    body = _body(
        _(_WHAT[measure.action]) % named,
        _about(measure.quote),
        f"{_('The rule')}\n{measure.clause_key} {measure.clause_title}: {measure.clause_text}",
        f"{_('Why')}\n{measure.reason}",
        f"{_('How it came up')}\n{_origin(measure)} {_('A person made this decision.')}",
        f"{_('What you can do')}\n{redress}\n{court}",
    )
    return Letter(_(_SUBJECT[measure.action]) % named, body)


def held(*, community: str, thing: str, quote: str, clause_key: str, clause_title: str) -> Letter:
    """To the author, when screening holds a text. Without a clause it was a list of the community's that held it."""
    named = {"thing": _thing(thing), "community": community, "key": clause_key, "title": clause_title}
    waits = _("Your %(thing)s is held until a moderator has read it. Nobody but you and the moderators can see it yet.")
    why = _(
        "Our automatic screening found it close to the rule %(key)s %(title)s. A machine held it; a person decides."
    )
    if not clause_key:
        why = _("It is on a list that this community keeps, or close to it. A machine held it; a person decides.")
    do = _("You need do nothing. You are told as soon as it is decided. You can edit or delete it meanwhile.")
    return Letter(
        _("Your %(thing)s waits for a moderator (%(community)s)") % named,
        _body(waits % named, _about(quote), f"{_('Why')}\n{why % named}", f"{_('What you can do')}\n{do}"),
    )


def released(*, community: str, thing: str, quote: str) -> Letter:
    """To the author, when a person finds nothing wrong with what was held."""
    named = {"thing": _thing(thing), "community": community}
    found = _("A moderator has read your %(thing)s and found nothing against the rules. Everybody can see it now.")
    return Letter(
        _("Your %(thing)s is published (%(community)s)") % named,
        _body(found % named, _about(quote), _("We are sorry for the wait.")),
    )


def report_answer(*, community: str, acted: bool) -> Letter:
    """To somebody who reported. Says what came of it, and nothing about who decided."""
    outcome = (
        _("A moderator agreed that it breaks the rules and acted on it.")
        if acted
        else _("A moderator read it and found that it does not break the rules.")
    )
    return Letter(
        _("Your report was decided (%(community)s)") % {"community": community},
        _body(_("Thank you for your report."), outcome, _("The author is never told who reported.")),
    )


def appeal_answer(*, community: str, reversed_: bool, reason: str, thing: str) -> Letter:
    """To the appellant."""
    named = {"thing": _thing(thing), "community": community}
    if reversed_:
        subject = _("Your appeal was granted (%(community)s)")
        outcome = _("Your appeal succeeded. The decision about your %(thing)s is undone.")
    else:
        subject = _("Your appeal was decided (%(community)s)")
        outcome = _("Your appeal did not succeed. The decision about your %(thing)s stands.")
    other = _("A moderator who had no part in the first decision looked at it.")
    return Letter(subject % named, _body(outcome % named, other, f"{_('Why')}\n{reason}"))
