"""docs/reference/performance.md, from the results that are kept beside it: `python -m benchmarks.page [RESULTS]`."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.contract import NAMES, find
from benchmarks.table import Results, markdown

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
KEPT = REFERENCE / "performance.json"
PAGE = REFERENCE / "performance.md"

_HEAD = """# How fast it is

These are the figures of one run of `make bench`, on {cores} cores with {memory} GiB of memory, Python {python}, {os}.
This page is written by `python -m benchmarks.page` from [performance.json](performance.json); a test fails when the two
differ. A figure that misses its aim stays in the table. Trust the ratios more than the figures: they move with the
machine and with whatever else it is doing.

`make bench` runs all of it in some ten minutes and writes `benchmarks/results.json`; `make bench B=claim` runs one;
`SIZE=full` takes the large sizes. Texts are those of the data sets in `WARDMOTE_DATA`, else seeded ones of our own; the
tables say which.
"""


def render(results: Results) -> str:
    """The page."""
    parts = [_HEAD.format(**results["machine"])]
    if note := results.get("note"):
        parts.append(f"**{note}**")
    for name in NAMES:
        rows = list(markdown(results, name))
        if len(rows) == 2:
            continue
        about = find(name).about
        told = [f"## {name}", about.what, f"*Aims.* {about.aim}", "\n".join(rows), f"*What limits it.* {about.limit}"]
        parts += told
    return "\n\n".join(part.strip() for part in parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Keep the results that are given, if any, and write the page from those that are kept."""
    parser = argparse.ArgumentParser(prog="benchmarks.page", description=__doc__)
    parser.add_argument("results", nargs="?", type=Path, help="a results.json to keep beside the page")
    parser.add_argument("--note", help="what readers must know of this run, at the head of the page")
    options = parser.parse_args(arguments)
    if options.results:
        results = json.loads(options.results.read_text("utf-8"))
        noted = {"note": options.note} if options.note else {}
        KEPT.write_text(json.dumps(noted | results, indent=1) + "\n", "utf-8")
    PAGE.write_text(render(json.loads(KEPT.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    main()
