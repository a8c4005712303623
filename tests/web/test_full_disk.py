from collections.abc import Iterator
from pathlib import Path

import psycopg.errors
import pytest
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings
from tests.scenario import PASSWORD, PLAIN, Town, dictated_screener

from wardmote.config.processes.worker import overwrite_deleted
from wardmote.journeys.members import edit_post, erase
from wardmote.network.models import Post
from wardmote.people.models import Person
from wardmote.record.models import Entry


@pytest.fixture
def standing_town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town outside a test's transaction: a full disk ends the transaction it happens in."""
    dictated = dictated_screener()
    monkeypatch.setattr("wardmote.journeys.steps.screening.screener", lambda: dictated)
    return Town()


@pytest.fixture
def full_disk(standing_town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """On SQLite a database that really may not grow by another page; on PostgreSQL its error for that."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            (pages,) = cursor.fetchone()
            cursor.execute("VACUUM")
            cursor.execute(f"PRAGMA max_page_count = {min(pages, 1)}")
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 4294967294")
        return

    def refuse(**_: object) -> None:
        raise OperationalError("could not extend file") from psycopg.errors.DiskFull()

    monkeypatch.setattr("wardmote.network.operations.add_posts", refuse)
    yield


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_is_a_page_in_words_and_nothing_is_half_stored(standing_town: Town) -> None:
    """Bob posts while the disk is full: he is told so, and neither post nor record entry is there."""
    client = Client(headers={"host": "plaza.localhost"}, raise_request_exception=False)
    client.force_login(Person.objects.get(pk=standing_town.people["bob"]))
    entries = Entry.objects.count()
    answers = [client.post("/post", {"text": f"{PLAIN} {'x' * 900} {number}"}) for number in range(60)]

    refused = [answer for answer in answers if answer.status_code == 507]
    assert refused
    assert "disk of this server is full" in refused[0].content.decode()
    assert {answer.status_code for answer in answers} <= {302, 507}
    stored = sum(answer.status_code == 302 for answer in answers)
    assert Post.objects.count() == stored
    assert Entry.objects.count() == entries + stored


@pytest.mark.parametrize("address", ["/", "/notices", "/policy"])
def test_a_full_disk_keeps_nobody_from_reading(
    standing_town: Town, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """What a page would have noted in Bob's session by the way cannot be kept: the page is there all the same."""
    client = Client(headers={"host": "plaza.localhost"}, raise_request_exception=False)
    client.force_login(Person.objects.get(pk=standing_town.people["bob"]))

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("django.contrib.sessions.models.Session.save", refuse)
    assert client.get(address).status_code == 200


def test_a_sign_in_on_a_full_disk_is_a_page_in_words(standing_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sign-in is a write: it says what is the matter."""

    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("django.contrib.sessions.models.Session.save", refuse)
    client = Client(headers={"host": "plaza.localhost"}, raise_request_exception=False)
    answer = client.post("/accounts/login/", {"login": "bob@example.org", "password": PASSWORD})

    assert answer.status_code == 507
    assert "disk of this server is full" in answer.content.decode()


def test_erased_words_are_in_no_file(standing_town: Town, settings: Settings) -> None:
    """Bob's words are in the files of SQLite; after his erasure and the worker's next round they are in none, and
    writing goes on."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL overwrites nothing; SECURITY.md says so")
    settings.WARDMOTE_PACE = 0
    town, words = standing_town, "the word xylophone"
    files = [Path(str(connection.settings_dict["NAME"]) + suffix) for suffix in ("", "-wal")]

    def found() -> int:
        return sum(file.read_bytes().count(b"xylophone") for file in files if file.exists())

    for number in range(20):
        post = town.post("bob", f"{number} {words} {'and more ' * 60}")
    edit_post.edit_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, text=f"Also {words}", now=town.now
    )
    before = found()
    erase.erase_member(community_id=town.plaza, member_id=town.members["bob"], now=town.now)
    in_between = found()

    assert before
    assert in_between
    assert overwrite_deleted()
    assert found() == 0
    assert town.post("carol", PLAIN)
