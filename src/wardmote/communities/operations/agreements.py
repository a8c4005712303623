"""Writes of agreements between communities: offered, answered, withdrawn, run out, ended."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from wardmote.communities.models import JudgingAgreement
from wardmote.communities.policy import OFFER_TIME, AgreementState
from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.errors import Conflict, NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.record import operations as record


@transaction.atomic
def offer_agreement(*, community_id: int, other_id: int, actor: Urn, now: datetime) -> JudgingAgreement:
    """Offer another community to judge for each other; Conflict where the two have one, or an offer of one."""
    try:
        with transaction.atomic():
            agreement = JudgingAgreement.objects.create(
                community_id=community_id, other_id=other_id, offered_at=now, ends_at=now + OFFER_TIME
            )
    except IntegrityError:
        raise Conflict(_("The two communities have an agreement, or an offer of one, already.")) from None
    record.append(
        now=now,
        actor=actor,
        verb="judging_agreement.made",
        subject=agreement.urn,
        community=Urn("community", community_id),
        facts={"with": str(Urn("community", other_id)), "ends": to_rfc3339(agreement.ends_at)},
    )
    return agreement


@transaction.atomic
def change_agreement(
    *, community_id: int, agreement_id: int, state: AgreementState, actor: Urn, now: datetime
) -> JudgingAgreement:
    """Answer, withdraw, let run out or end. `community_id` is whose doing it is: an offer is withdrawn by whoever made
    it and answered by the other; either ends it. Conflict where it is not in the state that this begins from."""
    ours, theirs = Q(community_id=community_id), Q(other_id=community_id)
    whose = {
        AgreementState.WITHDRAWN: ours,
        AgreementState.LAPSED: ours,
        AgreementState.ACCEPTED: theirs,
        AgreementState.DECLINED: theirs,
        AgreementState.ENDED: ours | theirs,
    }[state]
    agreement = JudgingAgreement.objects.select_for_update().filter(whose, pk=agreement_id).first()
    if agreement is None:
        raise NotFound(_("There is no such agreement here."))
    before = AgreementState.ACCEPTED if state is AgreementState.ENDED else AgreementState.OPEN
    if agreement.state != before:
        raise Conflict(_("This was answered, withdrawn or ended already."))
    if state is AgreementState.ACCEPTED and agreement.ends_at <= now:
        raise Conflict(_("The time to accept this offer is over."))
    agreement.state = state.value
    if state is AgreementState.ENDED:
        agreement.ended_at = now
    else:
        agreement.answered_at = now
    agreement.save(update_fields=["state", "answered_at", "ended_at"])
    record.append(
        now=now,
        actor=actor,
        verb=f"judging_agreement.{state.value}",
        subject=agreement.urn,
        community=Urn("community", agreement.community_id),
        facts={"by": str(Urn("community", community_id))},
    )
    return agreement
