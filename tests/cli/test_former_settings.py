"""A home and a backup in which settings have their former names are opened as before, and have the new ones then."""

from pathlib import Path

import pytest
from tests.cli.installation import Installation, one_line
from tests.cli.test_backup import backup
from tests.cli.test_init import init

from wardmote.config.catalogue import RENAMED
from wardmote.config.installation import archive
from wardmote.config.renamed import DRAFT

LLM = "WARDMOTE_LLM_URL=https://models.example/v1\nWARDMOTE_LLM_MODEL=small\nWARDMOTE_LLM_CALLS=7\n"
ASKED = "from wardmote.config import settings as s; print(s.WARDMOTE_LOG_ORIGIN, s.WARDMOTE_LLM.day.calls)"


def as_before(path: Path) -> tuple[str, str]:
    """Give a settings file, and a budget that is added to it, their former names; gives both texts."""
    today = path.read_text(encoding="utf-8") + LLM
    before = today
    for former, name in RENAMED.items():
        before = before.replace(f"{name}=", f"{former}=")
    path.write_text(before, encoding="utf-8")
    return today, before


def packed_before(file: Path, folder: Path) -> Path:
    """The backup as an earlier version would have made it."""
    about, manifest = archive.read_about(file), archive.unpack(file, folder / "unpacked")
    as_before(folder / "unpacked" / "home" / "settings.env")
    parts = [archive.Part(part["name"], folder / "unpacked" / part["name"]) for part in manifest["parts"]]
    with archive.new_file(folder / "before.backup") as (packed, _):
        archive.pack(packed, parts, about=about, manifest=manifest)
    return folder / "before.backup"


def test_a_home_with_former_names_opens_and_keeps_its_values(founded: Installation) -> None:
    """The doctor, which only looks, leaves the file; the next command rewrites it, for its owner alone as before."""
    file = founded.home / "settings.env"
    today, before = as_before(file)
    looked = founded.command("doctor", "--json")
    left = file.read_text(encoding="utf-8")
    verified = founded.command("record", "verify")

    assert left == before
    assert "former" not in looked.stderr
    assert (verified.returncode, verified.stderr.strip()) == (0, "")
    assert file.read_text(encoding="utf-8") == today
    assert file.stat().st_mode & 0o777 == 0o600
    assert founded.python(ASKED) == "example.org/record 7"


def test_a_backup_with_former_names_is_restored_with_the_new_ones(
    founded: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    """Its record goes on under the name that its settings file gives the log. A draft of that file stays behind."""
    (founded.home / f"{DRAFT}a").write_text("half", encoding="utf-8")
    backup(founded, tmp_path / "kept.backup")
    restored = elsewhere.command("restore", str(packed_before(tmp_path / "kept.backup", tmp_path)))
    text = (elsewhere.home / "settings.env").read_text(encoding="utf-8")

    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "The record is sound" in restored.stdout
    assert not (elsewhere.home / f"{DRAFT}a").exists()
    assert LLM in text
    assert "\nWARDMOTE_LOG_ORIGIN=example.org/record\n" in text
    assert not [former for former in RENAMED if former in text]
    assert (elsewhere.home / "settings.env").stat().st_mode & 0o777 == 0o600
    assert elsewhere.python(ASKED) == "example.org/record 7"


@pytest.mark.alike_on_both
def test_a_former_name_in_the_environment_is_read_with_a_warning(
    founded: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes before the file, as the new name does; with both and two values nothing starts, and one line says why."""
    monkeypatch.setenv("WARDMOTE_ORIGIN", "elsewhere.example.org/record")
    read = founded.command("record", "verify")
    monkeypatch.setenv("WARDMOTE_LOG_ORIGIN", "example.org/record")
    refused = founded.command("jobs", "list")

    assert "WARDMOTE_ORIGIN is now WARDMOTE_LOG_ORIGIN" in read.stderr.splitlines()[0]
    assert "elsewhere.example.org/record" in read.stdout + read.stderr
    assert refused.returncode == 1
    assert "WARDMOTE_ORIGIN is the former name of WARDMOTE_LOG_ORIGIN" in one_line(refused.stderr)


@pytest.mark.alike_on_both
def test_a_server_of_somebodys_own_rewrites_the_file_too(founded: Installation) -> None:
    """It may be all that ever opens the home."""
    today, _ = as_before(founded.home / "settings.env")
    founded.python("from wardmote.config import wsgi")

    assert (founded.home / "settings.env").read_text(encoding="utf-8") == today


@pytest.mark.alike_on_both
def test_an_installation_is_made_where_the_environment_has_a_former_name(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the founder asks for goes before it, and the settings file has the new name."""
    monkeypatch.setenv("WARDMOTE_ORIGIN", "elsewhere.example.org/record")
    done = init(installation, "--domain", "example.org")

    assert done.returncode == 0, done.stderr
    assert "WARDMOTE_LOG_ORIGIN=example.org/record\n" in (installation.home / "settings.env").read_text("utf-8")
