from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.cli.installation import Installation, copy_installation, fresh_database
from tests.cli.test_init import init

Found = Callable[..., Installation]


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A home and a database that nobody has used."""
    with fresh_database() as url:
        yield Installation(tmp_path / "home", url)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Installation]:
    """Another one that nobody has used."""
    with fresh_database() as url:
        yield Installation(tmp_path / "elsewhere", url)


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Installation]]:
    """What `wardmote init` makes with these arguments, made when it is first asked for; nobody may change it."""
    made: dict[tuple[str, ...], Installation] = {}
    with ExitStack() as stack:

        def make(*arguments: str) -> Installation:
            if arguments not in made:
                url = stack.enter_context(fresh_database())
                fresh = Installation(tmp_path_factory.mktemp("made") / "home", url)
                done = init(fresh, *arguments)
                assert done.returncode == 0, done.stderr
                made[arguments] = fresh
            return made[arguments]

        yield make


@pytest.fixture
def found(installation: Installation, made_once: Callable[..., Installation]) -> Found:
    """Makes the test's own installation what `wardmote init` with these arguments makes."""

    def founded(*arguments: str) -> Installation:
        copy_installation(made_once(*arguments), installation)
        return installation

    return founded


@pytest.fixture
def founded(found: Found) -> Installation:
    """Alice's installation at example.org, just made."""
    return found("--domain", "example.org")
