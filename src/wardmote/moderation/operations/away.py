"""Writes of what is handed on: to another community's moderators or to the host, and home again."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from wardmote.kernel.errors import Conflict
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, HandedOn
from wardmote.moderation.operations.claims import set_free
from wardmote.moderation.policy import AppealState, CaseState
from wardmote.record import operations as record

HOST = "host"
HANDED_ON = {"case": "case.handed_on", "appeal": "appeal.handed_on"}
TAKEN_HOME = {"case": "case.taken_home", "appeal": "appeal.taken_home"}


@transaction.atomic
def hand_on(
    *, community_id: int, case_id: int, appeal_id: int | None, to_id: int | None, actor: Urn, now: datetime
) -> HandedOn:
    """Give a case, or an appeal in it, to the moderators of another community, or with None to the host.

    Conflict where it is handed on already. That nobody at home may decide it is checked before.
    """
    try:
        with transaction.atomic():
            row = HandedOn.objects.create(
                community_id=community_id, case_id=case_id, appeal_id=appeal_id, to_id=to_id, handed_at=now
            )
    except IntegrityError:
        raise Conflict(_("This is handed on already.")) from None
    record.append(
        now=now,
        actor=actor,
        verb=HANDED_ON[row.subject.kind],
        subject=row.subject,
        community=Urn("community", community_id),
        facts={"handed_on": str(row.urn), "to": str(Urn("community", to_id)) if to_id else HOST},
    )
    return row


@transaction.atomic
def bring_home(row: HandedOn, *, actor: Urn, now: datetime) -> None:
    """It is not theirs any more; who holds the case there holds it no longer."""
    if row.appeal_id is None:
        case = Case.objects.select_for_update(of=("self",)).select_related("claimed_by").get(pk=row.case_id)
        if case.state == CaseState.CLAIMED and case.claimed_by and case.claimed_by.community_id == row.to_id:
            set_free(case, actor=actor, now=now)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    record.append(
        now=now,
        actor=actor,
        verb=TAKEN_HOME[row.subject.kind],
        subject=row.subject,
        community=Urn("community", row.community_id),
        facts={"handed_on": str(row.urn)},
    )


@transaction.atomic
def decided_at_home(
    *, community_id: int, case_id: int, appeal_id: int | None = None, actor: Urn, now: datetime
) -> None:
    """Somebody at home decides a case, or hears an appeal in it, that was handed on: before that it comes home."""
    there = HandedOn.objects.filter(
        Q(appeal_id=appeal_id) if appeal_id else Q(appeal__isnull=True),
        community_id=community_id,
        case_id=case_id,
        ended_at=None,
    )
    # Whoever holds the row is bringing it home at this moment, and waits for the case: waiting for them would be for
    # ever.
    for row in there.select_for_update(skip_locked=True):
        bring_home(row, actor=actor, now=now)


@transaction.atomic
def take_home(*, community_id: int, judges_id: int, actor: Urn, now: datetime) -> None:
    """Everything of this community that is undecided with the other comes home."""
    there = HandedOn.objects.select_for_update(of=("self",)).filter(
        community_id=community_id, to_id=judges_id, ended_at=None
    )
    for row in there.select_related("case", "appeal").order_by("pk"):
        done = row.appeal.state != AppealState.OPEN if row.appeal else row.case.state == CaseState.DECIDED
        if not done:
            bring_home(row, actor=actor, now=now)
