from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.cli.installation import Installation, copy_installation, fresh_database
from tests.cli.made import made

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


@pytest.fixture
def found(installation: Installation) -> Found:
    """Makes the test's own installation what `wardmote init` with these arguments makes."""

    def founded(*arguments: str) -> Installation:
        copy_installation(made(*arguments), installation)
        return installation

    return founded


@pytest.fixture
def founded(found: Found) -> Installation:
    """Alice's installation at example.org, just made."""
    return found("--domain", "example.org")


@pytest.fixture
def migrated(found: Found) -> Installation:
    """A home and a database with all its tables and nothing in them."""
    return found()
