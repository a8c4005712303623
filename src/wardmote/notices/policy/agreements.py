"""Letters about communities that judge for each other. Each is written in its receiver's language. Pure."""

from datetime import datetime

from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import moment
from wardmote.notices.policy.wording import Letter


def _body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def agreement_offered(*, community: str, other: str, ends_at: datetime) -> Letter:
    """To the owner of `community`, whom the owner of `other` asks."""
    named = {"community": community, "other": other, "when": moment(ends_at)}
    return Letter(
        _("Would %(community)s and %(other)s judge for each other?") % named,
        _body(
            _(
                "The owner of %(other)s asks. Where everybody who moderates there is named in a case, your moderators "
                "would decide it, by the rules of %(other)s; and theirs for you, by yours."
            )
            % named,
            _("You can accept or decline until %(when)s, and either of you can end it at any time.") % named,
        ),
    )


def agreement_answered(*, other: str, accepted: bool) -> Letter:
    """To the owner who had offered it."""
    named = {"other": other}
    if accepted:
        return Letter(
            _("%(other)s and you judge for each other now") % named,
            _body(_("It holds from now on. A case that nobody of yours may decide goes to the moderators there.")),
        )
    return Letter(
        _("%(other)s does not want to judge for each other") % named, _body(_("The owner has declined your offer."))
    )


def agreement_withdrawn(*, other: str) -> Letter:
    """To the owner who was asked."""
    named = {"other": other}
    return Letter(
        _("The offer of %(other)s to judge for each other is withdrawn") % named,
        _body(_("There is nothing left to answer.")),
    )


def agreement_lapsed(*, other: str) -> Letter:
    """To both owners, where nobody has answered."""
    named = {"other": other}
    return Letter(
        _("The offer to judge for each other has run out (%(other)s)") % named,
        _body(_("Nobody answered it in fourteen days. It can be offered again.")),
    )


def agreement_ended(*, other: str) -> Letter:
    """To both owners."""
    named = {"other": other}
    return Letter(
        _("%(other)s and you do not judge for each other any more") % named,
        _body(
            _("What was decided stays decided. What was handed on and is not decided yet goes back where it came from.")
        ),
    )


def case_waits(*, home: str) -> Letter:
    """To those who may decide a case of another community."""
    named = {"home": home}
    return Letter(
        _("A case of %(home)s waits for you") % named,
        _body(
            _("Nobody who moderates %(home)s may decide it. By your agreement it is for you.") % named,
            _("You decide by the rules of %(home)s, and see nothing of it but this case.") % named,
        ),
    )


def by_others(letter: Letter, *, community: str, judges: str) -> Letter:
    """A letter about what nobody of the community decided, with the sentence that says who did."""
    return Letter(letter.subject, f"{letter.body}\n{by_whom(community=community, judges=judges)}\n")


def by_whom(*, community: str, judges: str) -> str:
    """The sentence for author and reporters, in letters and on pages. `judges`: the title of another community, ""
    for the host."""
    if not judges:
        return _(
            "The host of this server decided this, by the rules of %(community)s: everybody who moderates "
            "%(community)s is named in it, reported it, wrote it, or decided about it before."
        ) % {"community": community}
    return _(
        "Moderators of %(judges)s decided this, by the rules of %(community)s: everybody who moderates %(community)s "
        "is named in it, reported it, wrote it, or decided about it before."
    ) % {"community": community, "judges": judges}
