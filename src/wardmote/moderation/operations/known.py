"""Lists of known content: brought in by pieces, in force once whole, removed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from wardmote.detect.lists.known import Entry
from wardmote.kernel.errors import NotFound
from wardmote.kernel.i18n import gettext as _
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Json
from wardmote.moderation.models import KnownEntry, KnownList
from wardmote.moderation.policy import ListMatch, Purpose
from wardmote.record import operations as record


@transaction.atomic
def begin_list(
    *, community_id: int, name: str, purpose: Purpose, category: str, score: float | None, now: datetime
) -> int:
    """A list that is still empty and matches nothing; what an import of that name left unfinished goes."""
    KnownList.objects.filter(community_id=community_id, name=name, ready_at=None).delete()
    begun = KnownList.objects.create(
        community_id=community_id, name=name, purpose=purpose.value, category=category, score=score, began_at=now
    )
    return begun.pk


@transaction.atomic
def add_entries(*, community_id: int, list_id: int, entries: Sequence[Entry]) -> None:
    """Put entries on a list that is not in force yet; what it has already is passed over."""
    KnownList.objects.get(community_id=community_id, pk=list_id, ready_at=None)
    KnownEntry.objects.bulk_create(
        [
            KnownEntry(
                known_list_id=list_id,
                kind=entry.kind.value,
                value=entry.value,
                signature=entry.signature,
                name=entry.name,
                label=entry.label,
                added_on=entry.added_on,
            )
            for entry in entries
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def finish_list(*, community_id: int, list_id: int, file_hash: str, now: datetime) -> int:
    """Put a whole list in force, in place of the one of its name; gives its size. `file_hash`: SHA-256 of its file."""
    known = KnownList.objects.select_for_update().get(community_id=community_id, pk=list_id, ready_at=None)
    for former in KnownList.objects.filter(
        community_id=community_id, name=known.name, removed_at=None, ready_at__isnull=False
    ):
        _take_away(former, actor=SYSTEM, now=now, facts={"replaced_by": str(known.urn)})
    known.size, known.ready_at = known.entries.count(), now
    known.save(update_fields=["size", "ready_at"])
    record.append(
        now=now,
        actor=SYSTEM,
        verb="list.imported",
        subject=known.urn,
        community=Urn("community", community_id),
        facts={
            "name": known.name,
            "purpose": known.purpose,
            "category": known.category or None,
            "score": known.score,
            "size": known.size,
            "file_hash": file_hash,
        },
    )
    return known.size


@transaction.atomic
def remove_list(*, community_id: int, list_id: int | None = None, name: str = "", actor: Urn, now: datetime) -> str:
    """Take the list of this id, or else of this name, out of force and delete what is on it; gives its name.

    NotFound where none such is in force.
    """
    in_force = KnownList.objects.select_for_update().filter(
        community_id=community_id, removed_at=None, ready_at__isnull=False
    )
    known = (in_force.filter(name=name) if list_id is None else in_force.filter(pk=list_id)).first()
    if known is None:
        raise NotFound(_("There is no such list in force here."))
    _take_away(known, actor=actor, now=now, facts={})
    return known.name


def _take_away(known: KnownList, *, actor: Urn, now: datetime, facts: Mapping[str, Json]) -> None:
    known.removed_at = now
    known.save(update_fields=["removed_at"])
    known.entries.all().delete()
    record.append(
        now=now,
        actor=actor,
        verb="list.removed",
        subject=known.urn,
        community=Urn("community", known.community_id),
        facts={"name": known.name, "size": known.size, **facts},
    )


@transaction.atomic
def count_matches(*, community_id: int, matches: Sequence[ListMatch], now: datetime) -> None:
    """Count matches at their lists."""
    for match in matches:
        KnownList.objects.filter(community_id=community_id, pk=match.list_id).update(
            matches=F("matches") + 1, matched_at=now
        )
