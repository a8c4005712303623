"""Letters about who does what in a community, and about its rules. Each is written in its receiver's language. Pure."""

from collections.abc import Sequence

from wardmote.communities.policy import Role
from wardmote.kernel.i18n import gettext as _
from wardmote.notices.policy.wording import Letter


def _body(*paragraphs: str) -> str:
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph) + "\n"


def invitation(*, community: str) -> Letter:
    """To a member whom the owner asks to moderate."""
    named = {"community": community}
    return Letter(
        _("Would you moderate %(community)s?") % named,
        _body(
            _("The owner of %(community)s asks you to moderate.") % named,
            _(
                "Moderators read what members report and what screening points out, and decide by the written policy. "
                "Each decision is on record under your name as a member; authors and reporters are not told it."
            ),
            _("You can accept or decline. Nothing changes until you have said yes, and you can step down at any time."),
        ),
    )


def invitation_answered(*, community: str, handle: str, accepted: bool) -> Letter:
    """To the owner."""
    named = {"community": community, "handle": handle}
    if accepted:
        return Letter(
            _("@%(handle)s moderates now (%(community)s)") % named,
            _body(_("@%(handle)s has accepted your invitation and can decide cases from now on.") % named),
        )
    return Letter(
        _("@%(handle)s does not want to moderate (%(community)s)") % named,
        _body(_("@%(handle)s has declined your invitation. They are a member as before.") % named),
    )


def stepped_down(*, community: str, handle: str) -> Letter:
    """To the owner."""
    named = {"community": community, "handle": handle}
    return Letter(
        _("@%(handle)s moderates no more (%(community)s)") % named,
        _body(
            _("@%(handle)s has stepped down and is a member like others.") % named,
            _("The cases that they held are back in the queue."),
        ),
    )


def dismissed(*, community: str, reason: str) -> Letter:
    """To whoever the owner relieves of moderating."""
    named = {"community": community}
    return Letter(
        _("You moderate no more (%(community)s)") % named,
        _body(
            _("The owner of %(community)s has ended your work as a moderator. You are a member as before.") % named,
            f"{_('Why')}\n{reason}",
            _("The cases that you held are back in the queue. What you decided stays decided."),
        ),
    )


def policy_changed(*, community: str, title: str, number: int, changes: Sequence[str], asks: bool) -> Letter:
    """To every member: there is a new version, and what is different in it. `asks`: they accept it first."""
    named = {"community": community, "title": title, "number": number}
    what = "\n\n".join(changes) or _(
        "No rule reads differently; only what screening or moderators usually do has changed."
    )
    return Letter(
        _("The rules have changed (%(community)s)") % named,
        _body(
            _("“%(title)s” is in force in version %(number)s from now on.") % named,
            f"{_('What is different')}\n{what}",
            _("Please read and accept it; after that you can write again. Reading and appealing work either way.")
            if asks
            else _("You need do nothing: what you agreed to reads the same."),
        ),
    )


def somebody_asks(*, community: str, handle: str) -> Letter:
    """To whoever moderates: an applicant waits."""
    named = {"community": community, "handle": handle}
    return Letter(
        _("@%(handle)s asks to join (%(community)s)") % named,
        _body(_("Somebody asks to join as @%(handle)s and says why. They wait for your answer.") % named),
    )


def request_answered(*, community: str, handle: str, approved: bool, reason: str) -> Letter:
    """To the applicant."""
    named = {"community": community, "handle": handle}
    why = f"{_('What the moderators say')}\n{reason}" if reason else ""
    if approved:
        return Letter(
            _("You are a member of %(community)s") % named,
            _body(
                _("Your request was approved: you are @%(handle)s at %(community)s now. Sign in to write.") % named,
                why,
            ),
        )
    return Letter(
        _("Your request to join %(community)s was declined") % named,
        _body(_("The moderators of %(community)s have declined your request to join.") % named, why),
    )


def reinstated(*, community: str, reason: str) -> Letter:
    """To a member who had been removed."""
    named = {"community": community}
    return Letter(
        _("You are a member again (%(community)s)") % named,
        _body(
            _("The owner of %(community)s has lifted your removal. You can write as before.") % named,
            f"{_('Why')}\n{reason}",
        ),
    )


def appointed(*, community: str, role: Role) -> Letter:
    """To a member whose role whoever runs the installation has changed."""
    named = {"community": community}
    if role is Role.OWNER:
        subject = _("You own %(community)s")
        said = _("Whoever runs this server has made you the owner of %(community)s.")
    elif role is Role.MODERATOR:
        subject = _("You moderate %(community)s")
        said = _(
            "Whoever runs this server has made you a moderator of %(community)s. "
            "If you do not want that, step down in your settings."
        )
    else:
        subject = _("You are a member of %(community)s")
        said = _("Whoever runs this server has made you a member of %(community)s like others.")
    return Letter(subject % named, _body(said % named))
