import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection
from tests.databases import database_url
from tests.scenario import PLAIN, Town

from wardmote.edges.cli.main import main
from wardmote.journeys.members import publish
from wardmote.journeys.platforms.import_posts import Fate, ForeignPost, import_posts
from wardmote.kernel import ids
from wardmote.kernel.errors import Invalid
from wardmote.network.models import Post
from wardmote.record.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 1_200
DAY = "2024-05-06T07:08:09Z"


@pytest.fixture
def town(transactional_db: None, town: Town) -> Town:
    """The command opens durable transactions of its own."""
    return town


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """More posts than come in before somebody can stop it."""
    path = tmp_path / "many.jsonl"
    rows = [{"id": str(n), "author": f"author_{n % 7}", "text": f"{PLAIN} {n}", "created_at": DAY} for n in range(MANY)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def stopped_in_the_middle(path: Path, number: signal.Signals) -> tuple[int, str]:
    """Start the import as a command, send it a signal when some posts are in; gives its status and what it said."""
    environment = os.environ | {"DATABASE_URL": database_url(connection), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "wardmote", "import", "posts", str(path), "--community", "plaza"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    while not Post.objects.exists():
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(number)
    _, said = process.communicate(timeout=600)
    return process.returncode, said


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_an_import_that_was_stopped_goes_on_without_loss_or_double(
    town: Town, many: Path, number: signal.Signals
) -> None:
    """Killed with -9 or by Ctrl-C in the middle: what was in stays, and the same command brings in the rest, once."""
    status, said = stopped_in_the_middle(many, number)
    found = Post.objects.count()
    entries = _entries_of_posts()
    again = main(["import", "posts", str(many), "--community", "plaza"])

    assert 0 < found < MANY
    assert found == entries
    assert status == (130 if number == signal.SIGINT else -signal.SIGKILL)
    assert ("the same command goes on from here" in said) == (number == signal.SIGINT)
    assert again == 0
    assert [str(n) for n in range(MANY)] == sorted(Post.objects.values_list("source_id", flat=True), key=int)
    assert _entries_of_posts() == MANY


def _entries_of_posts() -> int:
    return Entry.objects.filter(subject__startswith="urn:wardmote:post:").count()


def _foreign(number: int) -> ForeignPost:
    return ForeignPost(id=str(number), author="zoe", text=f"post {number}", created_at=ids.moment_of(1 << 60))


def test_what_goes_wrong_with_one_is_not_the_others_loss(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a batch cannot be stored as one, each of it is stored by itself."""
    store = publish.store

    def refuses_the_second(**arguments: object) -> object:
        if any(draft.source_id == "2" for draft, _ in arguments["texts"]):  # type: ignore[attr-defined]
            raise Invalid("It cannot be stored.")
        return store(**arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(publish, "store", refuses_the_second)
    outcomes = import_posts(
        community_id=town.plaza, source="elsewhere", posts=[_foreign(n) for n in (1, 2, 3)], now=town.now
    )

    assert [outcome.fate for outcome in outcomes] == [Fate.PUBLISHED, Fate.REJECTED, Fate.PUBLISHED]
    assert outcomes[1].reason == "It cannot be stored."
    assert {"1", "3"} == set(Post.objects.values_list("source_id", flat=True))


def test_posts_of_one_moment_all_find_a_place(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids of a past moment are drawn by chance; one that is taken is drawn again, not taken for a known post."""
    draws = iter([7, 7, 7, 8, 7, 9, 10])
    monkeypatch.setattr("wardmote.network.operations.posts.id_at", lambda moment: next(draws))
    outcomes = [
        *import_posts(community_id=town.plaza, source="elsewhere", posts=[_foreign(1), _foreign(2)], now=town.now),
        *import_posts(community_id=town.plaza, source="elsewhere", posts=[_foreign(3), _foreign(4)], now=town.now),
    ]

    assert {Fate.PUBLISHED} == {outcome.fate for outcome in outcomes}
    assert Post.objects.count() == 4
