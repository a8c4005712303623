"""`wardmote import reports`: what members of another platform reported, into the queue."""

import argparse
from collections.abc import Mapping
from functools import partial

from wardmote.edges.cli.importing import fields
from wardmote.edges.cli.importing.run import Kind, Tally, find_community, run


def import_reports(options: argparse.Namespace) -> int:
    """Run the import; gives the exit status: 1 where rows were left out."""
    community = find_community(options)
    from wardmote.journeys.platforms import import_reports as journey
    from wardmote.kernel import clock
    from wardmote.moderation.policy import ReportReason

    def read(row: Mapping[str, object]) -> journey.ForeignReport:
        return journey.ForeignReport(
            item=fields.name_in(row, "item"),
            reporter=fields.name_in(row, "reporter"),
            reason=_reason(row, [reason.value for reason in ReportReason]),
            created_at=fields.moment_in(row, "created_at", now=clock.now()),
            comment=fields.text_in(row, "comment") if row.get("comment") else "",
        )

    def _reason(row: Mapping[str, object], known: list[str]) -> ReportReason:
        word = fields.name_in(row, "reason").lower()
        if word not in known:
            raise fields.BadField(f"reason is none of {', '.join(known)}: {word!r}")
        return ReportReason(word)

    bring_in = partial(journey.import_reports, community_id=community.id, source=options.source)
    kind = Kind(
        noun="reports",
        needed=("item", "reporter", "reason", "created_at"),
        optional=("comment",),
        read=read,
        bring_in=lambda reports: bring_in(reports=reports, now=clock.now()),
    )
    tally, status = run(
        options.file, kind, trusting=options.rows_in_cells, title=f"Importing reports into {community.title}"
    )
    print(_summary(tally))
    return status


def _summary(tally: Tally) -> str:
    from wardmote.journeys.platforms.import_posts import Fate

    done, seconds = tally.fates[Fate.QUEUED], tally.rows / tally.rate if tally.rows else 0.0
    return (
        f"{done:,} reports in {seconds:.1f} s ({done / max(seconds, 1e-9):,.0f}/s), all queued; "
        f"{tally.fates[Fate.KNOWN]:,} were here already, {tally.fates[Fate.REJECTED]:,} rejected"
    )
