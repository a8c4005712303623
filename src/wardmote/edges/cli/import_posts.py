"""`wardmote import posts FILE.jsonl --community NAME`: real posts in, by the way a member's post takes."""

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wardmote.edges.cli.server import setup

_FIELDS = ("id", "author", "text", "created_at")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `import` to the command."""
    parser = subparsers.add_parser("import", help="bring in posts from another platform")
    kinds = parser.add_subparsers(dest="kind", required=True)
    posts = kinds.add_parser("posts", help="posts, one JSON object a line: id, author, text, created_at")
    posts.add_argument("file", type=Path, metavar="FILE.jsonl")
    posts.add_argument("--community", required=True, metavar="NAME", help="the community's short name")
    posts.add_argument(
        "--source", default="", metavar="NAME", help="where the posts come from (default: the file's name)"
    )
    posts.set_defaults(handler=import_posts)


class BadLine(ValueError):
    """A line that is not a post, in one sentence."""


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Numbered lines of a file, as bytes: a broken one must not stop the reading of the next."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, line


def parse_line(line: bytes) -> dict[str, Any]:
    """The fields of one post, checked; raises BadLine with what is wrong."""
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadLine(f"not UTF-8 at byte {error.start + 1}") from None
    except ValueError as error:
        raise BadLine(f"not JSON: {error}") from None
    if not isinstance(row, dict):
        raise BadLine("not a JSON object")
    for field in _FIELDS:
        if field not in row:
            raise BadLine(f"no {field}")
    if not isinstance(row["text"], str):
        raise BadLine("text is not a string")
    return {**row, "id": str(row["id"]), "author": str(row["author"]), "created_at": _moment(row["created_at"])}


def _moment(raw: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(raw))
    except ValueError:
        raise BadLine(f"created_at is not an ISO 8601 time: {raw!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def import_posts(arguments: argparse.Namespace) -> int:
    """Run the import; gives the exit status. Lines that cannot be brought in are named and counted."""
    setup()
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from wardmote.communities.queries import community_by_slug
    from wardmote.journeys.import_posts import ForeignPost, import_post
    from wardmote.kernel import clock
    from wardmote.kernel.errors import WardmoteError

    community = community_by_slug(arguments.community)
    if community is None:
        print(f"wardmote: there is no community called {arguments.community!r}", file=sys.stderr)
        return 2
    if not arguments.file.is_file():
        print(f"wardmote: there is no file {arguments.file}", file=sys.stderr)
        return 2
    source = arguments.source or arguments.file.name
    total = sum(1 for _ in read_lines(arguments.file))
    counts: Counter[str] = Counter()
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(f"Importing into {community.title}", total=total)
        for number, line in read_lines(arguments.file):
            try:
                row = parse_line(line)
                post = ForeignPost(row["id"], row["author"], row["text"], row["created_at"])
                done = import_post(community_id=community.id, source=source, post=post, now=clock.now())
                counts[done.route.value if done else "known"] += 1
            except (BadLine, WardmoteError) as error:
                counts["rejected"] += 1
                progress.console.print(f"line {number}: {error}", markup=False)
            progress.advance(task)
    _summarise(counts, seconds=time.monotonic() - started)
    return 0


def _summarise(counts: Counter[str], *, seconds: float) -> None:
    done = counts["publish"] + counts["queue"] + counts["hold"]
    print(
        f"{done:,} posts in {seconds:.1f} s ({done / max(seconds, 1e-9):,.0f}/s): "
        f"{counts['publish']:,} published, {counts['queue']:,} published and queued, {counts['hold']:,} held; "
        f"{counts['known']:,} were here already, {counts['rejected']:,} rejected"
    )
