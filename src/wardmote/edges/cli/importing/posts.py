"""`wardmote import posts`: real posts in, by the way a member's post takes."""

import argparse
from collections.abc import Mapping
from functools import partial

from wardmote.edges.cli.importing import fields
from wardmote.edges.cli.importing.run import Kind, Tally, find_community, run


def import_posts(options: argparse.Namespace) -> int:
    """Run the import; gives the exit status: 1 where rows were left out."""
    community = find_community(options)
    from wardmote.journeys.platforms import import_posts as journey
    from wardmote.kernel import clock

    source = options.source or options.file.name[-fields.SOURCE_LENGTH :]

    def read(row: Mapping[str, object]) -> journey.ForeignPost:
        return journey.ForeignPost(
            id=fields.name_in(row, "id"),
            author=fields.name_in(row, "author"),
            text=fields.text_in(row, "text"),
            created_at=fields.moment_in(row, "created_at", now=clock.now()),
            reply_to=fields.optional_name_in(row, "reply_to"),
        )

    bring_in = partial(journey.import_posts, community_id=community.id, source=source)
    kind = Kind(
        noun="posts",
        needed=("id", "author", "text", "created_at"),
        optional=("reply_to",),
        read=read,
        bring_in=lambda posts: bring_in(posts=posts, now=clock.now()),
    )
    tally, status = run(options.file, kind, trusting=options.rows_in_cells, title=f"Importing into {community.title}")
    print(_summary(tally))
    return status


def _summary(tally: Tally) -> str:
    from wardmote.journeys.platforms.import_posts import Fate

    fates = tally.fates
    done = fates[Fate.PUBLISHED] + fates[Fate.QUEUED] + fates[Fate.HELD]
    seconds = tally.rows / tally.rate if tally.rows else 0.0
    alone = f"; {tally.alone:,} answer a post that is not here, and stand alone" if tally.alone else ""
    return (
        f"{done:,} posts in {seconds:.1f} s ({done / max(seconds, 1e-9):,.0f}/s): "
        f"{fates[Fate.PUBLISHED]:,} published, {fates[Fate.QUEUED]:,} published and queued, {fates[Fate.HELD]:,} held; "
        f"{fates[Fate.KNOWN]:,} were here already, {fates[Fate.REJECTED]:,} rejected{alone}"
    )
