"""How a part that this machine lacks skips a test, or fails it where every part must be there."""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker, Settings
    from tests.mould import Mould
    from tests.scenario import Town

# How fast examples are made says how busy the machine is, and nothing of what is tested.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")

_STARTS_PROCESSES = re.compile(r"\b(subprocess|Popen|multiprocessing|Installation)\b")
"""In the text of a module whose tests may start processes, which open the configured database by themselves."""

LONGEST = (
    "tests/e2e/",
    "tests/hosting/test_two_installations.py",
    "tests/benchmarks/",
    "tests/cli/test_base_wheel.py",
    "tests/detect/test_detect_command.py",
)
"""Begun first, so that no worker is left alone with a long one at the end."""

PARTS = {
    "axe": "the axe rules: pip install axe-playwright-python, as requirements-dev.lock pins it",
    "chromium": "a browser: apt-get install chromium",
    "node": "Node.js with npm, which fetches the clients that the tests run: apt-get install nodejs npm",
    "pip": "Python's venv with pip: apt-get install python3-venv",
    "small disk": "a file system of its own: unshare and mount, from Debian's util-linux and mount, as root",
}
"""Part of the machine -> what it is and how to get it."""


def has(part: str) -> bool:
    """Whether this machine has the part."""
    if part == "axe":
        return importlib.util.find_spec("axe_playwright_python") is not None
    if part == "pip":
        return importlib.util.find_spec("ensurepip") is not None
    if part == "chromium":
        return shutil.which("chromium") is not None
    if part == "node":
        return bool(shutil.which("node") and shutil.which("npm"))
    command = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"]
    return bool(shutil.which("unshare")) and subprocess.run(command, capture_output=True, check=False).returncode == 0


def requires(part: str) -> None:
    """Skip the running test where `part` is missing; under WARDMOTE_TEST_ALL=1 fail it instead."""
    if has(part):
        return
    sentence = f"needs {part} ({PARTS[part]})"
    if os.environ.get("WARDMOTE_TEST_ALL") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


def pytest_configure(config: pytest.Config) -> None:
    # A shell starts what it puts into the background with Ctrl-C ignored, and every process started from there inherits
    # that: what the tests start and then interrupt must not.
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "requires(part): the test needs this part of the machine, a key of PARTS")
    config.addinivalue_line(
        "markers", "alike_on_both: it starts processes, none of which opens the configured database"
    )
    config.addinivalue_line(
        "markers",
        "once: it starts whole installations to show what people or processes do; what the database does is shown on "
        "both without them",
    )


def is_alike(item: pytest.Item) -> bool:
    """Whether a test does the same on either database, so that the PostgreSQL half need not repeat it.

    It carries the mark that says so; or it has not asked pytest-django for the database, which lets no other test open
    one, and its module starts no processes.
    """
    if item.get_closest_marker("alike_on_both") or item.get_closest_marker("once"):
        return True
    may_open = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return not may_open and not item.get_closest_marker("django_db") and not _starts_processes(item.path)


@cache
def _starts_processes(module: Path) -> bool:
    return bool(_STARTS_PROCESSES.search(module.read_text(encoding="utf-8")))


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and "WARDMOTE_TEST_HOME" in os.environ:
        from tests.cli.made import drop_what_was_made

        drop_what_was_made()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("DATABASE_URL", "").startswith("postgres") and os.environ.get("WARDMOTE_TEST_HALF") == "second":
        alike = {item for item in items if is_alike(item)}
        config.hook.pytest_deselected(items=list(alike))
        items[:] = [item for item in items if item not in alike]
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_runtest_setup(item: pytest.Item) -> None:
    from django.utils import translation

    # A request leaves its reader's language in the thread; the next test is somebody else's.
    translation.deactivate()
    for mark in item.iter_markers("requires"):
        requires(*mark.args)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: "DjangoDbBlocker",
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """This process's test database, which the workers of a parallel run copy from the first of them."""
    from django.test import TransactionTestCase
    from django.test.utils import setup_databases, teardown_databases
    from tests.emptying import empty_tables
    from tests.schema import shared_schema

    loud = request.config.option.verbose
    make = partial(setup_databases, verbosity=loud, interactive=False, serialized_aliases=[])
    with django_db_blocker.unblock(), ExitStack() as stack:
        if django_db_keepdb:
            make(keepdb=not django_db_createdb)
        elif hasattr(request.config, "workerinput"):
            run = tmp_path_factory.getbasetemp().parent
            stack.enter_context(shared_schema(run, make, partial(teardown_databases, verbosity=loud)))
        else:
            stack.callback(teardown_databases, make(), verbosity=loud)
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_tables)
        with django_db_blocker.block():
            yield


@pytest.fixture(scope="session")
def mould() -> "Mould":
    """The first town, which the others are copies of."""
    from tests.mould import Mould

    return Mould()


@pytest.fixture
def town(db: None, monkeypatch: pytest.MonkeyPatch, settings: "Settings", mould: "Mould") -> "Town":
    """The named cast in two communities, and a detector that a text can dictate to."""
    from tests.scenario import Town, dictated_screener

    # A test's clock stands still: all that the cast does happens in one minute.
    settings.WARDMOTE_PACE = 0
    settings.WARDMOTE_UNDO_MINUTES = 0
    dictated = dictated_screener()
    monkeypatch.setattr("wardmote.journeys.steps.screening.screener", lambda: dictated)
    return mould.town(Town)
