"""What lies in a home, in a backup and in files that go from one machine to another keeps its names and its form."""

import json
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.installation import Installation
from tests.cli.test_init import init
from tests.golden.frozen import hold, hold_all
from tests.golden.test_driven import keys
from tests.scenario import NOON

from wardmote.config import environment, home, secrets_seen
from wardmote.config.installation import archive
from wardmote.config.snapshot import sqlite
from wardmote.detect.models.files import CascadeFiles
from wardmote.detect.models.plan import Plan
from wardmote.detect.statistics.recalibrate import BadCorrection, Correction
from wardmote.edges.moderation_api import keyfile
from wardmote.edges.moderation_api.labels import LabelFile
from wardmote.edges.moderation_api.perspective.request import Suggestion
from wardmote.journeys.steps.recalibrate import correction_file
from wardmote.people.policy import Scope

CORRECTION: dict[str, Any] = {
    "screener": "s",
    "decisions": "d",
    "factors": {"violence.threat": {"slope": 2.0, "shift": -1.0}},
}


@pytest.fixture
def made(tmp_path: Path) -> Installation:
    """An installation on SQLite, whatever is under test, that `wardmote init` has just made."""
    installation = Installation(tmp_path / "home", "")
    done = init(installation, "--domain", "example.org")
    assert done.returncode == 0, done.stderr
    return installation


def found_in(folder: Path) -> Iterator[str]:
    """Each file and folder with its mode."""
    for path in (folder, *sorted(folder.rglob("*"))):
        mode = stat.S_IMODE(path.stat().st_mode)
        kind = "folder" if path.is_dir() else "file"
        yield f"{kind} {path.relative_to(folder.parent)} {mode:04o}"


def packed_in(file: Path) -> Iterator[str]:
    """Each member of a backup in its order, and the places in its two JSON files."""
    yield f"backup {stat.S_IMODE(file.stat().st_mode):04o}"
    with tarfile.open(file, "r:gz") as tar:
        members = tar.getmembers()
        for place, member in enumerate(members):
            where = {0: "first", len(members) - 1: "last"}.get(place, "between")
            yield f"{where}: {member.name} {member.mode:04o}"
            source = tar.extractfile(member)
            if source is not None and member.name in (archive.ABOUT, archive.MANIFEST):
                yield from keys(json.load(source), member.name)


def refused(content: dict[str, Any]) -> bool:
    try:
        Correction.read(json.dumps(content).encode())
    except BadCorrection:
        return True
    return False


def test_a_home_and_its_backup_keep_their_form(made: Installation, tmp_path: Path) -> None:
    """What an earlier version left is found by a later one, and nobody else may read it."""
    file = tmp_path / "kept.backup"
    done = made.command("backup", str(file))
    assert done.returncode == 0, done.stderr

    hold_all({"home-sqlite": set(found_in(made.home)), "backup-sqlite": set(packed_in(file))})


def test_the_words_of_backups_and_homes_stay() -> None:
    """Names that code looks for in a folder that another version filled."""
    hold(
        "names-in-homes",
        [
            f"format of a backup: {archive.FORMAT}",
            f"settings: {environment.SETTINGS_FILE}",
            f"secrets seen: keys/{secrets_seen.NAME}",
            f"being restored: {home.RESTORING}",
            f"correction: {correction_file().name}",
            f"database: {sqlite.NAME}",
            *(f"beside the database: {suffix}" for suffix in sqlite.SUFFIXES if suffix),
        ],
    )


def test_a_correction_of_scores_is_read_by_the_same_names() -> None:
    """A file that was accepted once lies in the home and is read at every start."""
    read = Correction.read(json.dumps(CORRECTION).encode())
    needed = [name for name in CORRECTION if refused({k: v for k, v in CORRECTION.items() if k != name})]

    assert read.factors == {"violence.threat": (2.0, -1.0)}
    hold("correction", [*keys(CORRECTION, "correction.json"), *(f"needs {name}" for name in needed)])


def test_the_cascades_plan_is_read_by_the_same_names() -> None:
    """Its text goes into the version of the detector, which stands on record with every score."""
    plan = json.loads(Plan.from_json(CascadeFiles().plan.read_text("utf-8")).to_json())

    hold("cascade-plan", [f"{name}: {type(value).__name__}" for name, value in plan.items()])


def test_files_of_a_server_without_a_database_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and suggested scores in files are read again by the next version, and by people's own scripts."""
    monkeypatch.setattr(keyfile, "new_secret", lambda: "wm_" + "s" * 40)
    known, labels = tmp_path / "keys.toml", tmp_path / "labels.jsonl"
    keyfile.add_key(known, name="blog", scopes=[Scope.SCREEN], requests_per_minute=60, texts_per_day=100)
    (terms,) = keyfile.read_keys(known).values()
    LabelFile(labels, lambda: NOON)(Suggestion("A text.", {"THREAT": 0.1}, ("en",), "1", ""), terms)

    hold(
        "files-without-a-database",
        [
            *(f"keys {line!r}" for line in known.read_text("utf-8").splitlines() if line),
            *(f"labels {line!r}" for line in labels.read_text("utf-8").splitlines()),
        ],
    )
