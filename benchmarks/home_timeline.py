"""`home_timeline`: the newest twenty posts of the five hundred that a member follows, among a million."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from benchmarks.contract import About, Size
from benchmarks.figures import Figure, percentile
from benchmarks.load import timed, together
from benchmarks.texts import source, texts
from benchmarks.town import NOW, found, join, make_ready

ABOUT = About(
    what="Four readers at once in the threads of one process open a page of twenty posts of their home feed: seven in "
    "ten the newest, three in ten an older page. Each follows 500 of the authors; one post in five is a reply.",
    aim="Our reference for a feed that is written when a post is: 28 ms at the 99th percentile on SQLite, 7.5 ms on "
    "PostgreSQL, with a million posts.",
    limit="A page is one read of twenty rows by the feed's own key, with the number of replies to each. What is left "
    "is Python, which four readers in one process share, and the first read of what is not in memory.",
    databases=("sqlite", "postgresql"),
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How much there is, and how often it is read."""

    posts: int
    authors: int
    followed: int
    readers: int
    pages: int


SHAPES: dict[Size, Shape] = {
    "tiny": Shape(posts=400, authors=20, followed=5, readers=2, pages=10),
    "usual": Shape(posts=1_000_000, authors=10_000, followed=500, readers=20, pages=500),
    "full": Shape(posts=10_000_000, authors=10_000, followed=500, readers=20, pages=2_000),
}
READING_AT_ONCE = 4
_AIM_MS = {"sqlite": 28.0, "postgresql": 7.5}
_AT_ONCE = 20_000
_STEP = 1 << 21


def measure(size: Size, database: str) -> list[Figure]:
    """Median and 99th percentile of a page."""
    shape = SHAPES[size]
    make_ready()
    community_id = found()
    readers = [join(community_id, f"reader_{n}") for n in range(shape.readers)]
    first, step = _fill(community_id, shape, readers)
    workers = [
        partial(_read, community_id, readers[n::READING_AT_ONCE] or readers[:1], shape, first, step, n)
        for n in range(READING_AT_ONCE)
    ]
    for warm in workers[:1]:
        warm()
    measured, _ = together(workers)
    params: dict[str, str | int] = {
        "posts": shape.posts,
        "followed": shape.followed,
        "readers": READING_AT_ONCE,
        "database": database,
        "data": source(),
    }
    return [
        Figure("home_timeline", f"p{share * 100:g}", value, "ms", _AIM_MS[database], "lower", params)
        for share in (0.5, 0.99)
        for value in [percentile(measured, share) * 1000]
    ]


def _read(community_id: int, readers: Sequence[int], shape: Shape, first: int, step: int, seed: int) -> list[float]:
    from wardmote.network.queries import home_feed

    chance = Random(seed)  # noqa: S311 - the same pages every time
    measured: list[float] = []
    for page in range(shape.pages):
        before = None if chance.random() < 0.7 else first + step * chance.randrange(shape.posts // 2, shape.posts)
        reader = readers[page % len(readers)]
        measured.append(timed(partial(home_feed, community_id=community_id, member_id=reader, before=before)))
    return measured


def _fill(community_id: int, shape: Shape, readers: Sequence[int]) -> tuple[int, int]:
    """Posts, who is followed, and the feeds as publishing leaves them, written in bulk; gives the first post's id and
    the distance to the next."""
    from wardmote.kernel.ids import id_at
    from wardmote.network.models import Follow

    chance = Random(2)  # noqa: S311 - the same posts every time
    authors = _authors(community_id, shape.authors)
    followers: dict[int, list[int]] = {}
    for reader in readers:
        for author in chance.sample(authors, shape.followed):
            followers.setdefault(author, []).append(reader)
    Follow.objects.bulk_create(
        [
            Follow(community_id=community_id, follower_id=reader, followed_id=author, created_at=NOW)
            for author, each in followers.items()
            for reader in each
        ],
        batch_size=5_000,
    )
    first = id_at(NOW - timedelta(milliseconds=shape.posts)) >> 21 << 21
    said = texts(min(shape.posts, 100_000))
    written = [chance.choice(authors) for _ in range(shape.posts)]
    _insert("network_post", _POST, _posts(community_id, written, said, first, chance))
    _insert(
        "network_homeentry",
        ("member_id", "post_id"),
        ((reader, first + n * _STEP) for n, author in enumerate(written) for reader in followers.get(author, ())),
    )
    _settle()
    return first, _STEP


_POST = (
    "id", "community_id", "author_id", "text", "parent_id", "root_id", "visibility", "label", "version", "created_at",
    "fanned_out_at", "source", "source_id",
)  # fmt: skip


def _posts(
    community_id: int, written: Sequence[int], said: Sequence[str], first: int, chance: Random
) -> Iterator[tuple[Any, ...]]:
    from django.db import connection

    now = connection.ops.adapt_datetimefield_value(NOW)
    for n, author in enumerate(written):
        parent = first + chance.randrange(n) // 5 * 5 * _STEP if n % 5 and n > 5 and chance.random() < 0.25 else None
        text = said[n % len(said)]
        yield (
            first + n * _STEP, community_id, author, text, parent, parent, "public", "", 1, now, now, "", "",
        )  # fmt: skip


def _authors(community_id: int, number: int) -> list[int]:
    from wardmote.communities.models import Membership
    from wardmote.network.models import Profile
    from wardmote.people.models import Person

    people = [Person(email=f"author_{n}@example.org", password="!", created_at=NOW) for n in range(number)]  # noqa: S106 - no password at all
    Person.objects.bulk_create(people, batch_size=5_000)
    members = [Membership(community_id=community_id, person=person, role="member", joined_at=NOW) for person in people]
    Membership.objects.bulk_create(members, batch_size=5_000)
    profiles = [
        Profile(membership=member, community_id=community_id, handle=f"author_{n}", created_at=NOW)
        for n, member in enumerate(members)
    ]
    Profile.objects.bulk_create(profiles, batch_size=5_000)
    return [member.pk for member in members]


def _insert(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    from django.db import connection, transaction

    names = ", ".join(columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # type: ignore[arg-type]  # noqa: S608 - our own names; any iterable will do


def _settle() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
