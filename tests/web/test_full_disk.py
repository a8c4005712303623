from collections.abc import Iterator

import psycopg.errors
import pytest
from django.db import OperationalError, connection
from django.test import Client
from tests.town import PLAIN, Town, dictated_screener

from wardmote.network.models import Post
from wardmote.people.models import Person
from wardmote.record.models import Entry


@pytest.fixture
def standing_town(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Town:
    """A town outside a test's transaction: a full disk ends the transaction it happens in."""
    dictated = dictated_screener()
    monkeypatch.setattr("wardmote.journeys.screening.screener", lambda: dictated)
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
