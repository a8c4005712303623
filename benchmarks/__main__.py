"""`python -m benchmarks [NAME …]`: run, write results.json, print the table. `SIZE=full` for the big ones.

`python -m benchmarks kills --help` is about something else: whether kills lose or double anything.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import cast, get_args

from rich.console import Console

from benchmarks.contract import NAMES, Size, find
from benchmarks.figures import RESULTS, Figure, store
from benchmarks.place import place, postgresql
from benchmarks.table import table
from benchmarks.texts import source

ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run those named, or all; gives the exit status: 1 where one could not be run. A missed aim is no failure."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["kills"]:
        # No benchmark: it says yes or no, and has options of its own.
        from benchmarks.kills.run import main as kill

        return kill(words[1:])
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which (default: all): {', '.join(NAMES)}")
    parser.add_argument("--size", default=os.environ.get("SIZE") or "usual", choices=get_args(Size))
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="FILE")
    options = parser.parse_args(words)
    if unknown := [name for name in options.names if name not in NAMES]:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    names = options.names or list(NAMES)
    console = Console()
    console.print(f"Texts: {source()}. Size: {options.size}.", highlight=False)
    figures, failed = run(names, cast("Size", options.size), console)
    results = store(figures, ran=[name for name in names if name not in failed], path=options.out)
    console.print(table(results))
    if failed:
        console.print(f"[red]could not be run: {', '.join(failed)}[/]")
    return int(bool(failed))


def run(names: Sequence[str], size: Size, console: Console) -> tuple[list[Figure], list[str]]:
    """The figures of each on each of its databases, and the names of those that failed."""
    figures: list[Figure] = []
    failed: list[str] = []
    for name in names:
        about = find(name).about
        for database in (*about.databases, *(about.only_full if size == "full" else ())) or ("",):
            if database == "postgresql" and postgresql() is None:
                console.print(f"{name}: no PostgreSQL answers at DATABASE_URL or 127.0.0.1:5432; left out")
                continue
            began = time.monotonic()
            label = f"{name} on {database}" if database else name
            with console.status(f"{label} …"):
                found = run_one(name, size, database)
            console.print(f"{label}: {time.monotonic() - began:.0f} s", highlight=False)
            if found is None:
                failed.append(name)
            figures += found or []
    return figures, sorted(set(failed))


def run_one(name: str, size: Size, database: str) -> list[Figure] | None:
    """One benchmark on one database, in a process and a place of its own; None where it fails."""
    with place(database) as environment, tempfile.TemporaryDirectory(prefix="wardmote-bench-") as folder:
        target = Path(folder) / "figures.json"
        paths = [str(ROOT), str(ROOT / "src"), *filter(None, [environment.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
        command = [sys.executable, "-m", "benchmarks.one", name, size, database, str(target)]
        done = subprocess.run(command, env=environment, check=False)  # noqa: S603 - our own modules
        if done.returncode:
            return None
        return [Figure(**row) for row in json.loads(target.read_text("utf-8"))]


if __name__ == "__main__":
    sys.exit(main())
