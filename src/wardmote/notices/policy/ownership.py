"""Letters about a community that changes hands. Each is written in its receiver's language. Pure."""

from datetime import datetime

from wardmote.communities.policy import Role
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.i18n import moment
from wardmote.notices.policy.wording import Letter


def _body(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs) + "\n"


def offered(*, community: str, handle: str, ends_at: datetime) -> Letter:
    """To the member whom the owner asks to take over."""
    named = {"community": community, "handle": handle, "when": moment(ends_at)}
    return Letter(
        _("Would you take over %(community)s?") % named,
        _body(
            _("@%(handle)s owns %(community)s and would hand it over to you.") % named,
            _(
                "The owner writes the rules, names who moderates, and answers to the host. The page behind this letter "
                "shows what you would take on."
            ),
            _("You can accept or decline until %(when)s. Nothing changes until you have said yes.") % named,
        ),
    )


def withdrawn(*, community: str) -> Letter:
    """To whoever was asked."""
    named = {"community": community}
    return Letter(
        _("The offer of %(community)s is withdrawn") % named,
        _body(_("You cannot take %(community)s over any more. Nothing has changed for you.") % named),
    )


def lapsed(*, community: str) -> Letter:
    """To whoever was asked and has said nothing."""
    named = {"community": community}
    return Letter(
        _("The offer of %(community)s has run out") % named,
        _body(_("You had fourteen days to answer. Nothing has changed for you.")),
    )


def unanswered(*, community: str, handle: str) -> Letter:
    """To the owner, whose offer ran out."""
    named = {"community": community, "handle": handle}
    return Letter(
        _("@%(handle)s has not answered (%(community)s)") % named,
        _body(
            _("Your offer to take over %(community)s has run out after fourteen days. You own it as before.") % named,
            _("You can offer it again, to them or to somebody else."),
        ),
    )


def declined(*, community: str, handle: str) -> Letter:
    """To the owner."""
    named = {"community": community, "handle": handle}
    return Letter(
        _("@%(handle)s does not take over %(community)s") % named,
        _body(_("@%(handle)s has declined. You own %(community)s as before.") % named),
    )


def accepted(*, community: str, handle: str, stays: Role) -> Letter:
    """To whoever owned it until now."""
    named = {"community": community, "handle": handle}
    if stays is Role.MODERATOR:
        what = _(
            "You moderate %(community)s from now on. If you do not want that any more, step down in your settings."
        )
    else:
        what = _("You are a member of %(community)s like others from now on.")
    return Letter(
        _("@%(handle)s owns %(community)s now") % named,
        _body(_("@%(handle)s has accepted your offer.") % named, what % named),
    )


def yours(*, community: str) -> Letter:
    """To the new owner."""
    named = {"community": community}
    return Letter(
        _("You own %(community)s") % named,
        _body(
            _("You have taken %(community)s over. The owner's desk is yours from now on.") % named,
            _("You hear no appeal against what you decided yourself, as before."),
        ),
    )


def changed_hands(*, community: str, handle: str) -> Letter:
    """To those who moderate."""
    named = {"community": community, "handle": handle}
    return Letter(
        _("@%(handle)s owns %(community)s now") % named,
        _body(
            _("%(community)s has another owner: @%(handle)s.") % named,
            _("You moderate as before. The cases that you hold are yours, and what was decided stays decided."),
        ),
    )
