"""Two communities agree to judge for each other where nobody of theirs may."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from wardmote.communities.operations import agreements
from wardmote.communities.policy import AgreementState
from wardmote.communities.queries import community, community_by_slug
from wardmote.communities.queries.agreements import AgreementView, agreement, agreement_seen, open_offers
from wardmote.communities.queries.desk import owner_member
from wardmote.jobs import operations as jobs
from wardmote.journeys.steps.office import tell
from wardmote.journeys.steps.permission import owner
from wardmote.kernel.errors import Conflict, Invalid, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.moderation import operations as moderation
from wardmote.notices.policy import Kind, Letter
from wardmote.notices.policy import agreements as letters

END = "journeys.end_agreement_offer"
LOOK = "journeys.find_judges"


def offer(*, community_id: int, member_id: int, slug: str, now: datetime) -> int:
    """The owner offers it to the community of that short name, whose owner is told; gives the agreement's id."""
    other = community_by_slug(slug.strip().lower())
    if other is None or other.id == community_id:
        raise Invalid(_("There is no other community of that name on this server."), field="slug")
    if owner_member(community_id=other.id) is None:
        raise Invalid(_("That community has no owner yet who could answer."), field="slug")
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        made = agreements.offer_agreement(
            community_id=community_id, other_id=other.id, actor=Urn("member", member_id), now=now
        )
        jobs.put(END, community_id, made.pk, now=now, run_at=made.ends_at)
        ours = community(community_id).title
        _tell(
            other.id,
            made.pk,
            write=lambda: letters.agreement_offered(community=other.title, other=ours, ends_at=made.ends_at),
            kind=Kind.INVITATION,
            now=now,
        )
    return made.pk


def answer(
    *, community_id: int, member_id: int, agreement_id: int, accepts: bool, seen: str = "", now: datetime
) -> None:
    """The other owner says yes to what their page showed, or no. `seen`: Conflict where the rules that would be judged
    by are others by now."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        view = _view(community_id, agreement_id)
        agreements.change_agreement(
            community_id=community_id,
            agreement_id=agreement_id,
            state=AgreementState.ACCEPTED if accepts else AgreementState.DECLINED,
            actor=Urn("member", member_id),
            now=now,
        )
        if accepts and agreement_seen(view) != seen:
            raise Conflict(
                _("The rules there were changed after you opened this page. Nothing is agreed yet; read them again.")
            )
        ours = community(community_id).title
        _tell(
            view.other.id,
            agreement_id,
            write=lambda: letters.agreement_answered(other=ours, accepted=accepts),
            now=now,
        )
        if accepts:
            for each in (community_id, view.other.id):
                jobs.put(LOOK, each, now=now)


def withdraw(*, community_id: int, member_id: int, agreement_id: int, now: datetime) -> None:
    """The owner takes an offer back that nobody has answered."""
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        _withdraw(community_id, agreement_id, actor=Urn("member", member_id), now=now)


def withdraw_all(community_id: int, *, actor: Urn, now: datetime) -> None:
    """Withdraw what this community has offered and nobody has answered. Inside the transaction in which it changes
    hands; Conflict where one is answered at this moment."""
    for agreement_id in open_offers(community_id=community_id):
        _withdraw(community_id, agreement_id, actor=actor, now=now)


def end(*, community_id: int, member_id: int, agreement_id: int, now: datetime) -> None:
    """Either owner ends it. What is handed on and undecided comes home, and is looked after from there."""
    actor = Urn("member", member_id)
    with transaction.atomic(durable=True):
        owner(community_id=community_id, member_id=member_id, now=now, lock=True)
        view = _view(community_id, agreement_id)
        agreements.change_agreement(
            community_id=community_id,
            agreement_id=agreement_id,
            state=AgreementState.ENDED,
            actor=actor,
            now=now,
        )
        for home, judges in ((community_id, view.other.id), (view.other.id, community_id)):
            moderation.take_home(community_id=home, judges_id=judges, actor=actor, now=now)
            jobs.put(LOOK, home, now=now)
        _tell_both(community_id, view, write=lambda other: letters.agreement_ended(other=other), now=now)


def end_offer(community_id: int, agreement_id: int, *, now: datetime) -> None:
    """The time of an offer is over; both owners are told. Harmless to repeat."""
    with transaction.atomic(durable=True):
        view = agreement(community_id=community_id, agreement_id=agreement_id)
        if view is None or view.state is not AgreementState.OPEN or now < view.ends_at:
            return
        agreements.change_agreement(
            community_id=community_id,
            agreement_id=agreement_id,
            state=AgreementState.LAPSED,
            actor=SYSTEM,
            now=now,
        )
        _tell_both(community_id, view, write=lambda other: letters.agreement_lapsed(other=other), now=now)


def _withdraw(community_id: int, agreement_id: int, *, actor: Urn, now: datetime) -> None:
    view = _view(community_id, agreement_id)
    agreements.change_agreement(
        community_id=community_id, agreement_id=agreement_id, state=AgreementState.WITHDRAWN, actor=actor, now=now
    )
    ours = community(community_id).title
    _tell(view.other.id, agreement_id, write=lambda: letters.agreement_withdrawn(other=ours), now=now)


def _view(community_id: int, agreement_id: int) -> AgreementView:
    view = agreement(community_id=community_id, agreement_id=agreement_id)
    if view is None:
        raise NotFound(_("There is no such agreement here."))
    return view


def _tell_both(community_id: int, view: AgreementView, *, write: Callable[[str], Letter], now: datetime) -> None:
    ours = community(community_id).title
    for told, other in ((community_id, view.other.title), (view.other.id, ours)):
        _tell(told, view.id, write=lambda other=other: write(other), now=now)  # type: ignore[misc]


def _tell(
    community_id: int, agreement_id: int, *, write: Callable[[], Letter], kind: Kind = Kind.OFFICE, now: datetime
) -> None:
    owner_id = owner_member(community_id=community_id)
    if owner_id is None:
        return
    tell(
        community_id,
        owner_id,
        kind=kind,
        about=Urn("judging_agreement", agreement_id),
        write=write,
        path=f"/owner/agreements/{agreement_id}",
        now=now,
    )
