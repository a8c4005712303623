"""What the pages say is so."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from wardmote.config.jobs import HANDLERS

ROOT = Path(__file__).parents[2]


def direct_dependencies() -> set[str]:
    """Every distribution that the project asks for itself."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        asked += extra
    for name in ("requirements-dev.in", "requirements-build.in"):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        asked += [line for line in lines if line.strip() and not line.startswith("#")]
    return {re.split(r"[\[<>=~! ]", line)[0] for line in asked}


def documented_dependencies() -> set[str]:
    """The first cells of the tables in the page that gives the reasons."""
    page = (ROOT / "docs/decisions/dependencies.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([a-z0-9, -]+) \|", page, re.MULTILINE)
    return {name for cell in cells for name in cell.split(", ")}


def test_every_direct_dependency_has_its_reason() -> None:
    """Nothing is depended on without a sentence, and no sentence outlives its dependency."""
    assert direct_dependencies() == documented_dependencies()


def test_every_direct_dependency_is_pinned() -> None:
    """The locks hold each of them, so an installation is the same everywhere."""
    locked = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    locked += (ROOT / "requirements.lock").read_text(encoding="utf-8")

    assert {
        name for name in direct_dependencies() if not re.search(rf"^{name}(\[.*\])?==", locked, re.MULTILINE)
    } == set()


def test_every_job_leads_to_its_domain() -> None:
    """`domain.verb` is done in `wardmote.domain.tasks`, by a function that is there; a stored name is never renamed."""
    for name, path in HANDLERS.items():
        module, function = path.rsplit(".", 1)

        assert module == f"wardmote.{name.partition('.')[0]}.tasks"
        assert callable(getattr(import_module(module), function))


def test_every_promise_of_the_threat_model_names_a_test_that_is_there() -> None:
    """No promise outlives its test."""
    page = (ROOT / "docs/reference/threat-model.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", page))

    assert len(named) > 20
    assert {name for name in named if not (ROOT / name).is_file()} == set()


def pages() -> list[Path]:
    """Every page that people read."""
    return [*sorted((ROOT / "docs").rglob("*.md")), ROOT / "README.md", ROOT / "CONTRIBUTING.md"]


def is_there(name: str) -> bool:
    """Whether the repository has the path; of one that the reader is to name (`YOURS.py`, `….py`) the folder."""
    known, to_be_named, _ = re.sub(r"[A-Z]{2,}|<\w+>|…", "\0", name).partition("\0")
    if to_be_named:
        return (ROOT / known.rpartition("/")[0]).is_dir()
    return any(ROOT.glob(name))


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_files_that_are_there(page: Path) -> None:
    """No page sends its reader to a file that was moved or renamed, by its whole path or by its end."""
    words = page.read_text(encoding="utf-8")
    whole = set(re.findall(r"(?<![\w./-])((?:src|tests|docs)/[\w./*…<>-]*[\w/*>])", words))
    ends = set(re.findall(r"`([\w/]+\.py)`", words)) - whole

    assert {name for name in whole if not is_there(name)} == set()
    assert {name for name in ends if not re.search("[A-Z]{2,}", name) and not ends_a_path(name)} == set()


def ends_a_path(name: str) -> bool:
    """Whether a file of the code is called so, from some folder on."""
    return any(path.match(name) for folder in ("src", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py"))


def test_the_readme_draws_the_house_as_it_is() -> None:
    """Every folder of the package is in the drawing, and every edge in its line."""
    drawing = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Where things are")[2].split("```")[1]
    rows = [line for line in drawing.splitlines() if line]
    named = [name for row in rows for name in re.findall(r"^[a-z]+|(?<= {4})[a-z]+(?= {3})", row)]
    package = ROOT / "src" / "wardmote"
    data = {"locale"}
    folders = {path.name for path in package.iterdir() if path.is_dir() and any(path.glob("*.py"))} - data
    (edges,) = (row for row in rows if row.startswith("edges "))

    assert set(named) == folders
    assert set(re.findall(r"[a-z_]+(?=[,:])", edges)) == {
        path.parent.name for path in package.glob("edges/*/__init__.py")
    }
