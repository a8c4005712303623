"""`post`: a member's post from the text to the commit: screened, stored, spread to feeds, put on the record."""

from functools import partial
from itertools import count

from benchmarks.contract import About, Size
from benchmarks.figures import Figure, percentile
from benchmarks.load import timed, together
from benchmarks.texts import source, texts
from benchmarks.town import found, join, make_ready

ABOUT = About(
    what="The publish journey with screening, at a durable commit for each post, by one writer and by eight at once in "
    "the threads of one process; every writer is followed by the others.",
    aim="A million posts a day are 60 a second at the peak: the rate, and 17 ms as the middle for one writer, eight "
    "times that for eight. The 99th percentile must not be felt: 100 ms.",
    limit="One writer waits for the disk (a commit is synced) and for Python between some twenty statements. Eight "
    "writers in one process share its interpreter; on SQLite they also stand in one line to write.",
    databases=("sqlite", "postgresql"),
)
POSTS: dict[Size, int] = {"tiny": 8, "usual": 800, "full": 8_000}
WRITERS = (1, 8)


def measure(size: Size, database: str) -> list[Figure]:
    """Rate, median and 99th percentile for each number of writers."""
    from wardmote.journeys.members.follow import follow
    from wardmote.kernel import clock

    make_ready()
    community_id = found()
    handles = [f"writer_{n}" for n in range(max(WRITERS))]
    members = [join(community_id, handle) for handle in handles]
    for member in members:
        for handle, followed in zip(handles, members, strict=True):
            if member != followed:
                follow(community_id=community_id, member_id=member, handle=handle, now=clock.now())
    said = texts(2 * POSTS[size] + 8)
    _write(community_id, members[0], said[-8:])
    figures: list[Figure] = []
    for run, writers in zip(count(), WRITERS):
        mine = said[run * POSTS[size] : (run + 1) * POSTS[size]]
        each = [partial(_write, community_id, members[n], mine[n::writers]) for n in range(writers)]
        figures += _figures(*together(each), writers, database)
    return figures


def _write(community_id: int, member_id: int, said: list[str]) -> list[float]:
    from wardmote.journeys.members.publish import publish
    from wardmote.kernel import clock

    return [
        timed(lambda text=text: publish(community_id=community_id, member_id=member_id, text=text, now=clock.now()))  # type: ignore[misc]
        for text in said
    ]


def _figures(measured: list[float], seconds: float, writers: int, database: str) -> list[Figure]:
    params: dict[str, str | int] = {
        "posts": len(measured),
        "writers": writers,
        "database": database,
        "data": source(),
    }
    middle, slow = percentile(measured, 0.5) * 1000, percentile(measured, 0.99) * 1000
    return [
        Figure("post", "rate", len(measured) / seconds, "posts/s", 60, "higher", params),
        Figure("post", "p50", middle, "ms", 17 * writers, "lower", params),
        Figure("post", "p99", slow, "ms", 100, "lower", params),
    ]
