"""What hosts' letters make of a community, and that the operator ends it."""

from datetime import datetime

from django.db import transaction

from wardmote.communities import operations as communities
from wardmote.communities.policy import CommunityState
from wardmote.kernel.urn import Urn
from wardmote.record import operations as record
from wardmote.upstream import queries
from wardmote.upstream.models import Notice
from wardmote.upstream.policy import STATE_AFTER, Measure, measure_in_force


def take_effect(community_id: int, *, but: Notice, decision: Urn, now: datetime) -> None:
    """Bring the community to what its letters say, where they said something else before `but`."""
    letters = queries.measures(community_id)
    before = measure_in_force((m for m in letters if m.notice_id != but.pk), now)
    after = measure_in_force(letters, now)
    if after != before:
        _set_state(community_id, after, decision=decision, now=now)


def _set_state(community_id: int, after: Measure | None, *, decision: Urn, now: datetime) -> None:
    cause = Notice.objects.get(pk=after.notice_id) if after else None
    communities.set_state(
        community_id=community_id,
        state=after.state if after else CommunityState.ACTIVE,
        until=after.until if after and after.state is CommunityState.RESTRICTED else None,
        reason=cause.reason if cause else "",
        appeal_path=f"/owner/notices/{cause.pk}" if cause else "",
        decision=decision,
        now=now,
    )


@transaction.atomic
def overrule(*, community_id: int, actor: Urn, now: datetime) -> bool:
    """End every measure that hosts' letters brought, whoever issued it; False where none is in force."""
    if queries.measure(community_id=community_id, now=now) is None:
        return False
    rows = Notice.objects.filter(community_id=community_id, kind__in=STATE_AFTER, overruled_at=None).order_by("pk")
    for notice in rows:
        record.append(
            now=now,
            actor=actor,
            verb="upstream_notice.overruled",
            subject=notice.urn,
            community=Urn("community", community_id),
            facts={"issued": notice.issued, "kind": notice.kind, "key": notice.key},
        )
    last = rows[len(rows) - 1].urn
    rows.update(overruled_at=now)
    _set_state(community_id, None, decision=last, now=now)
    return True
