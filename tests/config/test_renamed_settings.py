"""Settings under former names: read for a version, replaced in the settings file, refused where it is unclear."""

import os
from pathlib import Path
from threading import Thread

import pytest

from wardmote.config import renamed
from wardmote.config.catalogue import RENAMED, SETTINGS
from wardmote.config.environment import BadConfiguration, parse_settings, read_settings_file
from wardmote.config.renamed import DRAFT, read_former_names, rewrite_settings_file

BEFORE = "# mine; WARDMOTE_ORIGIN=x\r\nWARDMOTE_ORIGIN = plaza.example.org/record\n\nWARDMOTE_PORT=8080\n"
AFTER = BEFORE.replace("WARDMOTE_ORIGIN =", "WARDMOTE_LOG_ORIGIN =")


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Only what a test sets; what the code sets is gone afterwards."""
    for setting in SETTINGS:
        for name in filter(None, (setting.name, setting.former)):
            monkeypatch.setenv(name, "")
            monkeypatch.delenv(name)
    return monkeypatch


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The settings file of a home that an earlier version left."""
    path = tmp_path / "settings.env"
    path.write_bytes(BEFORE.encode())
    path.chmod(0o640)
    return path


def test_a_former_name_is_read_with_one_warning_that_names_the_new_one(
    environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """However many there are; and what is read again, in this process or in one started from it, is quiet."""
    environment.setenv("WARDMOTE_CHAT_URL", "https://models.example/v1")
    environment.setenv("WARDMOTE_ORIGIN", "plaza.example.org/record")
    read_former_names()
    (said,) = capfd.readouterr().err.splitlines()
    read_former_names()

    assert os.environ["WARDMOTE_LLM_URL"] == "https://models.example/v1"
    assert os.environ["WARDMOTE_LOG_ORIGIN"] == "plaza.example.org/record"
    assert "WARDMOTE_CHAT_URL is now WARDMOTE_LLM_URL, WARDMOTE_ORIGIN is now WARDMOTE_LOG_ORIGIN" in said
    assert "models.example" not in said
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(("former", "name"), RENAMED.items())
def test_every_renamed_setting_is_read_by_its_former_name(
    environment: pytest.MonkeyPatch, tmp_path: Path, former: str, name: str
) -> None:
    """In the environment and in the file alike."""
    environment.setenv(former, "1")
    read_former_names()

    assert os.environ[name] == "1"
    assert parse_settings(f"{former}=2\n", tmp_path) == {name: "2"}


def test_both_names_with_one_value_are_fine(
    environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], file: Path
) -> None:
    """Somebody prepares a change of version: nothing is said, and the file keeps one line."""
    environment.setenv("WARDMOTE_CHAT_MODEL", "small")
    environment.setenv("WARDMOTE_LLM_MODEL", "small")
    read_former_names()
    file.write_text("WARDMOTE_CHAT_CALLS=7\n# theirs\nWARDMOTE_LLM_CALLS=7\n", encoding="utf-8")
    rewrite_settings_file(file.parent)

    assert os.environ["WARDMOTE_LLM_MODEL"] == "small"
    assert capfd.readouterr().err == ""
    assert file.read_text(encoding="utf-8") == "# theirs\nWARDMOTE_LLM_CALLS=7\n"


def test_both_names_with_two_values_are_refused(environment: pytest.MonkeyPatch, file: Path) -> None:
    """One sentence names both and neither value, which may be a secret; the file stays as it is."""
    environment.setenv("WARDMOTE_CHAT_KEY", "sk-one")
    environment.setenv("WARDMOTE_LLM_KEY", "sk-two")
    with pytest.raises(BadConfiguration, match="WARDMOTE_CHAT_KEY is the former name of WARDMOTE_LLM_KEY") as refused:
        read_former_names()
    two = "WARDMOTE_LLM_CALLS=8\nWARDMOTE_CHAT_CALLS=7\n"
    file.write_text(two, encoding="utf-8")

    assert "sk-" not in str(refused.value)
    with pytest.raises(BadConfiguration, match=r"settings\.env: WARDMOTE_CHAT_CALLS .* WARDMOTE_LLM_CALLS"):
        rewrite_settings_file(file.parent)
    with pytest.raises(BadConfiguration, match="both are set and differ"):
        read_settings_file(file.parent)
    assert file.read_text(encoding="utf-8") == two


def test_the_settings_file_is_rewritten_once_and_keeps_all_else(file: Path) -> None:
    """Comments, order, line ends and mode; where it is a link, what it leads to. Nothing is left beside it."""
    kept = file.rename(file.with_name("elsewhere.env"))
    file.symlink_to(kept)
    rewrite_settings_file(file.parent)
    first = kept.stat()
    rewrite_settings_file(file.parent)

    assert kept.read_bytes() == AFTER.encode()
    assert first.st_mode & 0o777 == 0o640
    assert kept.stat().st_ino == first.st_ino
    assert file.is_symlink()
    assert sorted(path.name for path in file.parent.iterdir()) == ["elsewhere.env", "settings.env"]


def test_whoever_reads_meanwhile_finds_the_old_file_or_the_new_one(
    file: Path, environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A disk that fills up while it is written costs nothing: the old file stays, is read, and one warning says so."""

    def full(descriptor: int) -> None:
        assert file.read_bytes() == BEFORE.encode()
        raise OSError(28, "No space left on device")

    environment.setattr(renamed.os, "fsync", full)  # type: ignore[attr-defined]
    rewrite_settings_file(file.parent)
    read_settings_file(file.parent)

    assert file.read_bytes() == BEFORE.encode()
    assert [path.name for path in file.parent.iterdir()] == ["settings.env"]
    (said,) = capfd.readouterr().err.splitlines()
    assert "cannot be rewritten (No space left on device): WARDMOTE_ORIGIN is now WARDMOTE_LOG_ORIGIN" in said
    assert os.environ["WARDMOTE_LOG_ORIGIN"] == "plaza.example.org/record"


def test_what_is_no_file_is_left_to_whoever_reads_it(file: Path) -> None:
    """A pipe gives its secrets once, and to no disk; links that lead to one another are told in one line."""
    file.unlink()
    os.mkfifo(file)
    Thread(target=file.write_text, args=("WARDMOTE_CHAT_KEY=sk-one\n",), daemon=True).start()
    rewrite_settings_file(file.parent)

    assert file.is_fifo()
    assert file.read_text(encoding="utf-8") == "WARDMOTE_CHAT_KEY=sk-one\n"
    file.unlink()
    file.symlink_to(file)
    rewrite_settings_file(file.parent)
    with pytest.raises(BadConfiguration, match=r"settings\.env cannot be read"):
        read_settings_file(file.parent)


def test_what_a_kill_left_of_the_writing_is_gone_at_the_next_start(file: Path) -> None:
    """It has the secrets of the file in it. What is being written at this moment stays, and so do copies of theirs."""
    left, written, theirs = (file.with_name(name) for name in (f"{DRAFT}a", f"{DRAFT}b", "settings.env.original"))
    for path in (left, written, theirs):
        path.write_text("WARDMOTE_ORIGIN=x\n", encoding="utf-8")
    os.utime(left, (0, 0))
    os.utime(theirs, (0, 0))
    rewrite_settings_file(file.parent)

    assert not left.exists()
    assert written.exists()
    assert theirs.read_text(encoding="utf-8") == "WARDMOTE_ORIGIN=x\n"
