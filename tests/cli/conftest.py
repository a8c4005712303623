from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.installation import Installation, fresh_database


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A home and a database that nobody has used."""
    with fresh_database() as url:
        yield Installation(tmp_path / "home", url)
