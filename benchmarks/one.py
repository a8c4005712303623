"""One benchmark in a process of its own: `python -m benchmarks.one NAME SIZE DATABASE FILE`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import cast

from benchmarks.contract import Size, find
from wardmote.config import boot


def main(name: str, size: str, database: str, target: str) -> None:
    """Measure, and write the figures as JSON."""
    boot.setup()
    figures = find(name).measure(cast("Size", size), database)
    Path(target).write_text(json.dumps([asdict(figure) for figure in figures]), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
