"""What no file of the repository may be or hold."""

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.alike_on_both

ROOT = Path(__file__).parents[2]
LONGEST = 400
TEXT = {".py", ".md", ".html", ".css", ".js", ".txt", ".toml", ".ini", ".in", ".lock", ".json", ".jsonl", ".yml", ""}
VENDORED = ("ui/vendor/", "/golden/")
GENERATED = (".lock", ".json", ".jsonl", "LICENSE", "reference/commands.md", "models/wardmote-linear.md")

# Put together from pieces, so that this file does not hold what it looks for.
REGISTRIES = re.compile(
    r"py{0}pi\.org|python{0}hosted|registry\.{0}npm|npm{0}js\.(?:org|com)|jsdel{0}ivr|unp{0}kg\.com|cd{0}njs"
    r"|deb{0}ian\.org/debian|ubuntu\.{0}com/ubuntu|crates\.{0}io|proxy\.{0}golang|google{0}apis\.com"
    r"|--(?:extra-)?index-{0}url +\S|--find-{0}links".replace("{0}", "")
)
WORKPLACE = re.compile(
    r"(?<![\w.])/wo{0}rk/|\.\./sha{0}red|(?<![\w.])/ro{0}ot/|/ho{0}me/[a-z]+/|\biss{0}ue\s+#?[0-9]".replace("{0}", "")
)


def tracked() -> list[Path]:
    """Every file that a commit would hold."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip("not a git checkout: nothing says which files are the repository's")
    paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def offenders(pattern: re.Pattern[str]) -> list[str]:
    """`file:line` of every line that matches."""
    found = []
    for path in tracked():
        if path.suffix not in TEXT or any(part in path.as_posix() for part in VENDORED):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    return found


def test_no_file_holds_the_address_of_a_registry_or_a_download() -> None:
    """What is installed comes from wherever the machine's package clients are set to, and from nowhere else."""
    assert offenders(REGISTRIES) == []


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    """A checkout works anywhere; it names no folder outside itself."""
    assert offenders(WORKPLACE) == []


def test_no_file_is_too_long_to_be_read() -> None:
    """400 lines mean that a file should be split."""
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked()
        if path.suffix in {".py", ".html", ".css", ".js", ".md"}
        and not path.as_posix().endswith(GENERATED)
        and not any(part in path.as_posix() for part in (*VENDORED, "/migrations/"))
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_room_is_called_after_nothing() -> None:
    """A module named for what nobody could think of a name for is where walls begin to crumble."""
    nameless = {"utils", "helpers", "services", "common", "misc", "util"}

    assert [str(path) for path in tracked() if path.stem in nameless or nameless & set(path.parts)] == []


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ('"HX-Request"', "edges/ui/htmx.py"),
        ("(NotFound, 404", "edges/ui/refusals.py"),
        ("def is_public(address", "outside/guard.py"),
        ('"wardmote-student', "detect/models/files.py"),
        ('"wardmote-language', "detect/models/files.py"),
    ],
)
def test_what_is_one_fact_is_said_in_one_place(words: str, place: str) -> None:
    """What htmx sends, the status of an error, where we do not go, how the file of a stage is called."""
    source = ROOT / "src" / "wardmote"
    files = [path for path in tracked() if path.suffix == ".py" and path.is_relative_to(source)]

    assert [str(path.relative_to(source)) for path in files if words in path.read_text("utf-8")] == [place]
