"""Lists of known content for tests: what stands on them, and how they are brought in."""

import csv
from collections.abc import Sequence
from pathlib import Path

from tests.scenario import Town

from wardmote.detect.lists.known import read_entry
from wardmote.journeys.owners import known_lists
from wardmote.moderation.policy import Purpose

ILLEGAL = "The parcel that nobody may have is under the third lantern by the river, come for it after the bells."
NEARLY = ILLEGAL.replace("third", "fourth")
LISTED = "Sign the paper against the bakery or your name will be read aloud from the steps on market day."
PDQ = "f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22"


def write_list(path: Path, rows: Sequence[Sequence[str]], header: Sequence[str] = ("id", "type", "value")) -> Path:
    """A list's file in CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def bring_in(
    town: Town,
    *texts: str,
    purpose: Purpose = Purpose.ILLEGAL,
    name: str = "the list",
    category: str = "",
    score: float | None = None,
    pdq: Sequence[str] = (),
    community: int | None = None,
) -> int:
    """Put a list in force at the Plaza, or at another community; gives its id."""
    rows = [{"type": "text", "value": text} for text in texts] + [{"type": "pdq", "value": value} for value in pdq]
    where = community or town.plaza
    list_id = known_lists.begin_import(
        community_id=where, name=name, purpose=purpose, category=category, score=score, now=town.now
    )
    known_lists.add_entries(community_id=where, list_id=list_id, entries=map(read_entry, rows))
    known_lists.finish_import(community_id=where, list_id=list_id, file_hash="0" * 64, now=town.now)
    return list_id
