"""What was handed on to another community or to the host, and what came home undecided."""

from collections.abc import Iterable, Sequence

from wardmote.config.tables.kinds import Kind, Row, Values, named_in, urn
from wardmote.moderation.models import HandedOn
from wardmote.record.queries import Recorded

VERBS = ("case.handed_on", "appeal.handed_on")


def _rows(ids: Iterable[int]) -> list[Row]:
    return [
        Row(
            row.pk,
            str(row.subject),
            {
                "handed_on": str(row.urn),
                "to": urn("community", row.to_id) or "host",
                "community": urn("community", row.community_id),
                "home": row.ended_at is not None,
            },
        )
        for row in HandedOn.objects.filter(pk__in=list(ids))
    ]


def _told(row: Row, entries: Sequence[Recorded]) -> Values | None:
    told: Values = {}
    for entry in entries:
        if entry.values.get("handed_on") != row.shown["handed_on"]:
            continue
        if entry.verb in VERBS:
            told = {**entry.values, "community": str(entry.community), "home": False}
        else:
            told["home"] = True
    return told if "to" in told else None


KINDS = (Kind("what was handed on", HandedOn, _rows, _told, dict.fromkeys(VERBS, named_in("handed_on"))),)
