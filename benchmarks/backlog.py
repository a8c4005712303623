"""`backlog`: 26,000 reports of another platform, from a file to a queue in order."""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

from benchmarks.contract import About, Size
from benchmarks.figures import Figure
from benchmarks.place import database_size
from benchmarks.texts import source, texts
from benchmarks.town import NOW, found, make_ready

ABOUT = About(
    what="`wardmote import posts` and then `wardmote import reports`, each as its own process from start to end: as "
    "many posts as reports, of a thousand authors, each screened, stored and put on the record as a member's is; each "
    "report screened again and put into a case. Memory is the larger of the two "
    "processes' peaks, without the pages of the database's file that are mapped into it.",
    aim="Our own: the stated backlog of one platform, 26,000 reports, within five minutes, and its posts at 300 a "
    "second (five times the peak of a million posts a day); 300 MiB of memory; 400 MiB of database, 16 KiB a report.",
    limit="Python between the statements of each case: a report is some sixteen of them, its post fewer, since posts "
    "are written many at a time. A second core is idle: one process writes.",
    databases=("sqlite",),
    only_full=("postgresql",),
)
REPORTS: dict[Size, int] = {"tiny": 30, "usual": 26_000, "full": 26_000}
_AUTHORS = 1_000
_REASONS = ("threat", "incitement", "harassment", "identity_attack", "spam", "other")
_SPREAD = timedelta(days=7)
_MIB = 2**20
_LOOK = 0.1
"""Seconds between two looks at how much memory a process has."""


def measure(size: Size, database: str) -> list[Figure]:
    """Seconds and rates of both imports, the memory they took, and the size of what they made."""
    number = REPORTS[size]
    make_ready()
    found()
    before = database_size()
    with tempfile.TemporaryDirectory(prefix="wardmote-bench-") as folder:
        posts, reports = Path(folder) / "posts.jsonl", Path(folder) / "reports.jsonl"
        _write(posts, _posts(number))
        _write(reports, _reports(number))
        first, first_peak = _run("posts", posts)
        second, second_peak = _run("reports", reports)
    grown = database_size() - before
    params: dict[str, str | int] = {"reports": number, "posts": number, "database": database, "data": source()}
    # The aims are for 26,000; a smaller run is held to its share of them.
    share = number / 26_000
    figures = [
        Figure("backlog", "posts imported", number / first, "posts/s", 300, "higher", params),
        Figure("backlog", "reports imported", number / second, "reports/s", 87, "higher", params),
        Figure("backlog", "reports imported, in all", second, "s", 300 * share, "lower", params),
        Figure("backlog", "database", grown / _MIB, "MiB", 400 * share, "lower", params),
    ]
    if peak := max(first_peak, second_peak):
        figures.append(Figure("backlog", "memory", peak / _MIB, "MiB", 300, "lower", params))
    return figures


def _posts(number: int) -> Iterable[dict[str, str]]:
    chance = Random(3)  # noqa: S311 - the same posts every time
    for n, text in enumerate(texts(number)):
        yield {
            "id": f"p{n}",
            "author": f"author_{chance.randrange(_AUTHORS)}",
            "text": text,
            "created_at": (NOW - _SPREAD * (1 - n / number)).isoformat(),
        }


def _reports(number: int) -> Iterable[dict[str, str]]:
    chance = Random(4)  # noqa: S311 - the same reports every time
    pairs: dict[tuple[int, int], None] = {}
    while len(pairs) < number:
        pairs[chance.randrange(number), chance.randrange(_AUTHORS)] = None
    for n, (post, reporter) in enumerate(pairs):
        yield {
            "item": f"p{post}",
            "reporter": f"reporter_{reporter}",
            "reason": chance.choice(_REASONS),
            "created_at": (NOW - timedelta(seconds=n % 3600)).isoformat(),
        }


def _write(path: Path, rows: Iterable[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")


def _run(kind: str, path: Path) -> tuple[float, int]:
    """Seconds and the peak of memory in bytes."""
    command = [sys.executable, "-m", "wardmote", "import", kind, str(path), "--community", "plaza", "--source", "bench"]
    began = time.perf_counter()
    with (path.with_suffix(".err")).open("w+b") as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)  # noqa: S603 - our own
        peak = _watch(process)
        seconds = time.perf_counter() - began
        said.seek(0)
        # With the texts of the data sets a row or two may be no post here, and are told as such: the status is then 1.
        if process.returncode not in (0, 1) or b"Traceback" in (words := said.read()):
            raise RuntimeError(words.decode(errors="replace"))
    return seconds, peak


def _watch(process: "subprocess.Popen[bytes]") -> int:
    """The most memory it had of its own until it ended, in bytes; 0 where the kernel does not tell."""
    status = Path(f"/proc/{process.pid}/status")
    peak = 0
    while process.poll() is None:
        with suppress(OSError):
            found = re.search(r"RssAnon:\s+(\d+) kB", status.read_text("ascii"))
            peak = max(peak, int(found[1]) * 1024 if found else 0)
        time.sleep(_LOOK)
    return peak
