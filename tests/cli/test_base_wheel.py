"""The wheel: what is in it, and what it does in an environment that holds nothing but what it asks for."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = [pytest.mark.alike_on_both, pytest.mark.requires("pip")]

ROOT = Path(__file__).parents[2]
READ_WHEN_SCREENING = {
    "common_words.json",
    "english_words.npz",
    "joint_thresholds.json",
    "names.json",
    "wordlist.json",
}
MOST_BYTES = 26_000_000
"""The largest model has 23 million."""
THREAT = "I will find you and kill you, I know where you live."


def run(*command: str | Path, folder: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command in `folder` with nothing of this environment but the system's path."""
    # For one text it takes longer to optimise the kernels than to run them as they are.
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "NUMBA_OPT": "0"}
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy: what an earlier build left in the checkout must not get into it."""
    folder = tmp_path_factory.mktemp("build")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    build = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    done = run(sys.executable, "-c", build, folder=folder)

    assert done.returncode == 0, done.stderr
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment with the wheel and what it depends on, linked from here: no index is asked."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder / "venv", folder=folder)
    (packages,) = (folder / "venv/lib").glob("python*/site-packages")
    for name in sorted(base_packages()):
        link(distribution(name), packages)
    done = run(folder / "venv/bin/pip", "install", "--no-index", wheel, folder=folder)

    assert done.returncode == 0, done.stderr
    return folder


def base_packages() -> set[str]:
    """What the wheel asks for without any extra, and what those ask for in turn."""
    found: set[str] = set()
    asked = ["wardmote"]
    while asked:
        for line in distribution(asked.pop()).requires or ():
            requirement = Requirement(line)
            wanted = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
            if wanted and requirement.name not in found:
                found.add(requirement.name)
                asked.append(requirement.name)
    return found


def link(package: Distribution, into: Path) -> None:
    """Make the folders and modules of an installed package importable from another environment."""
    for top in {path.parts[0] for path in package.files or ()} - {"..", "__pycache__"}:
        if not (into / top).exists():
            (into / top).symlink_to(str(package.locate_file(top)))


def test_the_wheel_holds_of_the_data_what_screening_reads(wheel: Path) -> None:
    """No training or test data is in it, and its size is about that of the models."""
    names = zipfile.ZipFile(wheel).namelist()
    data = {Path(name).name for name in names if name.startswith("wardmote/detect/data/")}

    assert data == READ_WHEN_SCREENING
    assert {Path(name).name for name in names if name.endswith((".csv", ".jsonl"))} == set()
    assert wheel.stat().st_size < MOST_BYTES


def test_an_installed_wheel_screens_a_text(installed: Path) -> None:
    """`pip install` of the wheel and its dependencies is all that a text needs to be screened as from the checkout."""
    given = json.dumps({"id": 1, "text": THREAT}) + "\n"
    done = run(installed / "venv/bin/wardmote", "screen", "-", folder=installed, given=given)

    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["flagged"] is True
    assert answer["scores"]["violence.threat"] > 0.5


@pytest.mark.parametrize("command", ["train", "evaluate", "card"])
def test_training_on_an_installed_wheel_is_told_where_its_data_is(installed: Path, command: str) -> None:
    """One sentence, not a traceback: the training data comes with the source checkout."""
    done = run(installed / "venv/bin/wardmote", "detect", command, folder=installed)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("wardmote: this installation has no training data")
    assert "comes with the source checkout" in done.stderr
    assert len(done.stderr.splitlines()) == 1
