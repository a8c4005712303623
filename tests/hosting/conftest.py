from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.hosting.desk import Desk
from tests.hosting.elsewhere import Elsewhere
from tests.hosting.site import Site, serve
from tests.scenario import Town

from wardmote.hosting.policy import NoticeKind
from wardmote.journeys.steps import reading
from wardmote.outside import apart
from wardmote.outside.signing import record_signer

TEXT = "I will be at your door on Friday, and you will be sorry."


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """A site on this machine, under names that the guarded fetch may go to."""
    settings.WARDMOTE_FETCH_HOSTS = frozenset({"site.localhost", "plaza.localhost"})
    with serve() as site:
        yield site


@pytest.fixture
def log(settings: Settings, tmp_path: Path) -> None:
    """A log of the test's own, with its key."""
    settings.WARDMOTE_HOME = tmp_path
    settings.WARDMOTE_LOG_ORIGIN = "host.test/record"
    record_signer(first_run=True)


@pytest.fixture
def desk(town: Town, site: Site, log: None, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The host's desk, with the Plaza as a customer that has accepted the policy.

    Pages are read in this process, which is quicker; `test_hostile_pages.py` reads some in a process apart.
    """
    monkeypatch.setattr(apart, "ask", lambda _module, question: reading.answer(question))
    return Desk(town, site)


@pytest.fixture
def elsewhere(site: Site) -> Elsewhere:
    """Another installation, with a key that we may come to know."""
    return Elsewhere(site)


@pytest.fixture
def notified(desk: Desk) -> int:
    """A case about one post of Bob's, whose notice was delivered."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    return case_id
