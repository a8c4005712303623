"""Installations that one worker of a run makes and all of them copy."""

import os
from hashlib import sha256
from pathlib import Path

from tests.cli.installation import Installation, create_database, drop_database
from tests.cli.test_init import init
from tests.schema import alone


def made(*arguments: str) -> Installation:
    """What `wardmote init` makes with these arguments, or with none what `wardmote migrate` does; nobody may change it.

    Who asks first in the run makes it; who asks meanwhile waits.
    """
    folder = _folder() / sha256("\0".join(arguments).encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    whole = folder / "database"
    with alone(folder / "lock"):
        if whole.exists():
            return Installation(folder / "home", whole.read_text(encoding="utf-8"))
        fresh = Installation(folder / "home", create_database())
        # Noted first, so that it is dropped at the end even if it is not made whole.
        (folder / "begun").write_text(fresh.database_url, encoding="utf-8")
        done = init(fresh, *arguments) if arguments else fresh.command("migrate")
        assert done.returncode == 0, done.stderr
        (folder / "begun").rename(whole)
        return fresh


def drop_what_was_made() -> None:
    """At the end of the run; the homes go with the run's folder."""
    for noted in [*_folder().glob("*/begun"), *_folder().glob("*/database")]:
        url = noted.read_text(encoding="utf-8")
        noted.unlink()
        if url:
            drop_database(url)


def _folder() -> Path:
    return Path(os.environ["WARDMOTE_TEST_HOME"]) / "made"
