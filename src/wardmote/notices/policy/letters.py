"""What the letters say, word for word. A letter is written once, stored, shown, mailed and hashed as it stands.

The statement of reasons has the parts that Article 17 of the Digital Services Act asks for: the measure, its scope and
length, the facts and whether a notice led to it, whether a machine had a part, the clause and why, and the redress.
"""

from dataclasses import dataclass
from datetime import datetime

from wardmote.communities.policy import Action

_WHAT = {
    Action.LABEL: "Your {thing} now carries a label: “{clause}”. Everybody can still read it.",
    Action.HIDE: "Your {thing} is hidden behind a notice that names the rule. Readers can still open it.",
    Action.REMOVE: "Your {thing} was removed. Nobody but you and the moderators can read it.",
    Action.WARN: "You are warned. Your {thing} stays as it is.",
    Action.SUSPEND: "Your {thing} was removed and your account is suspended until {until}. "
    "You can still read, appeal, and take your posts with you.",
}


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


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}, {moment:%H:%M} UTC"


def _quote(text: str, limit: int = 300) -> str:
    short = text if len(text) <= limit else text[:limit].rstrip() + " …"
    return "\n".join("> " + line for line in short.splitlines() or [""])


def _origin(measure: Measure) -> str:
    if measure.from_host:
        return "The host of this community gave notice of it."
    if measure.from_reports and measure.from_screening:
        return "Members reported it, and our automatic screening had pointed it out."
    if measure.from_reports:
        return "Members reported it. No automatic means took part."
    return "Our automatic screening pointed it out."


def statement_of_reasons(measure: Measure) -> Letter:
    """To the author, about a measure against their content or account."""
    what = _WHAT[measure.action].format(
        thing=measure.thing,
        clause=measure.clause_title,
        until=_day(measure.until) if measure.until else "",
    )
    body = f"""{what}

What this is about
{_quote(measure.quote)}

The rule
{measure.clause_key} {measure.clause_title}: {measure.clause_text}

Why
{measure.reason}

How it came up
{_origin(measure)} A person made this decision.

What you can do
You can appeal until {_day(measure.appeal_until)}, free of charge. A different moderator will look at it.
You may also turn to a certified out-of-court dispute settlement body or to a court.
"""
    subject = {
        Action.LABEL: f"Your {measure.thing} was labelled",
        Action.HIDE: f"Your {measure.thing} was hidden",
        Action.REMOVE: f"Your {measure.thing} was removed",
        Action.WARN: "A warning about what you wrote",
        Action.SUSPEND: "Your account is suspended for a time",
    }[measure.action]
    return Letter(f"{subject} ({measure.community})", body)


def held(*, community: str, thing: str, quote: str, clause_key: str, clause_title: str) -> Letter:
    """To the author, when screening holds a text."""
    return Letter(
        f"Your {thing} waits for a moderator ({community})",
        f"""Your {thing} is held until a moderator has read it. Nobody but you and the moderators can see it yet.

What this is about
{_quote(quote)}

Why
Our automatic screening found it close to the rule {clause_key} {clause_title}. A machine held it; a person decides.

What you can do
You need do nothing. You are told as soon as it is decided. You can edit or delete it meanwhile.
""",
    )


def released(*, community: str, thing: str, quote: str) -> Letter:
    """To the author, when a person finds nothing wrong with what was held."""
    return Letter(
        f"Your {thing} is published ({community})",
        f"""A moderator has read your {thing} and found nothing against the rules. Everybody can see it now.

What this is about
{_quote(quote)}

We are sorry for the wait.
""",
    )


def report_answer(*, community: str, acted: bool) -> Letter:
    """To somebody who reported. Says what came of it, and nothing about who decided."""
    outcome = (
        "A moderator agreed that it breaks the rules and acted on it."
        if acted
        else "A moderator read it and found that it does not break the rules."
    )
    return Letter(
        f"Your report was decided ({community})",
        f"""Thank you for your report.

{outcome}

The author is never told who reported.
""",
    )


def appeal_answer(*, community: str, reversed_: bool, reason: str, thing: str) -> Letter:
    """To the appellant."""
    outcome = (
        f"Your appeal succeeded. The decision about your {thing} is undone."
        if reversed_
        else f"Your appeal did not succeed. The decision about your {thing} stands."
    )
    return Letter(
        f"Your appeal was {'granted' if reversed_ else 'decided'} ({community})",
        f"""{outcome}

A moderator who had no part in the first decision looked at it.

Why
{reason}
""",
    )
