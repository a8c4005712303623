import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from wardmote.config.environment import sqlite_database
from wardmote.config.sqlite.write_queue import LineTooLong, line_before

Two = tuple[BaseDatabaseWrapper, BaseDatabaseWrapper]
WRITER = Path(__file__).with_name("writer.py")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "line.sqlite3"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE counter (n INTEGER NOT NULL)")
        connection.execute("INSERT INTO counter VALUES (0)")
    connection.close()
    return path


@pytest.fixture
def two(database: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Two]:
    """Two connections to one database, as two threads or processes would have."""
    setting = sqlite_database(database)
    setting["OPTIONS"]["timeout"] = 0.2
    handler = ConnectionHandler({"default": setting, "other": setting})
    with django_db_blocker.unblock():
        yield handler["default"], handler["other"]
        handler.close_all()


def increment(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE counter SET n = n + 1")


def count(database: Path) -> int:
    with sqlite3.connect(database) as connection:
        row = connection.execute("SELECT n FROM counter").fetchone()
    connection.close()
    return int(row[0])


def run_writers(database: Path, *, processes: int, threads: int, seconds: float) -> list[dict[str, float]]:
    command = [sys.executable, str(WRITER), str(database), str(seconds), str(threads)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    return [json.loads(process.communicate(timeout=600)[0]) for process in running]


def test_no_write_of_threads_and_processes_is_lost_and_none_starves(database: Path) -> None:
    """Two processes of four threads that write flat out all get on, and every write counts."""
    results = run_writers(database, processes=2, threads=4, seconds=1.5)

    assert count(database) == sum(result["writes"] for result in results)
    assert max(result["longest"] for result in results) < 1.0
    assert min(result["writes"] for result in results) > 20


def test_a_writer_that_gets_no_turn_says_the_database_is_locked(
    two: Two,
) -> None:
    """A second transaction waits its time-out and then fails as SQLite itself would."""
    first, second = two
    first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)

    with pytest.raises(OperationalError, match="database is locked: no turn to write within"):
        second.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    with pytest.raises(OperationalError, match="database is locked: no turn to write within"):
        increment(second)
    first.rollback()
    increment(second)


@pytest.mark.parametrize("ending", ["commit", "rollback", "close"])
def test_each_end_of_a_transaction_lets_the_next_one_in(two: Two, database: Path, ending: str) -> None:
    """Commit, rollback and close all end the turn."""
    first, second = two
    first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    increment(first)

    getattr(first, ending)()
    increment(second)

    assert count(database) == (2 if ending == "commit" else 1)


def test_reading_never_waits_for_a_writer(two: Two) -> None:
    """A read outside a transaction sees the last commit while another writes."""
    first, second = two
    first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    increment(first)

    with second.cursor() as cursor:
        cursor.execute("SELECT n FROM counter")
        seen = cursor.fetchone()
    first.rollback()

    assert seen == (0,)


def test_a_full_disk_ends_the_turn_and_loses_nothing(two: Two, database: Path) -> None:
    """A transaction that finds no room fails whole; what was committed stays, and the next writer gets on."""
    first, second = two
    increment(first)
    with first.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 3")
    first.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    increment(first)

    with pytest.raises(OperationalError, match="database or disk is full"), first.cursor() as cursor:
        cursor.execute("CREATE TABLE big AS SELECT zeroblob(1000000) AS z")
    first.rollback()
    increment(second)

    assert count(database) == 2


@pytest.mark.django_db(transaction=True)
def test_nested_blocks_keep_one_turn() -> None:
    """Atomic blocks inside one another neither wait for themselves nor end the outer one's turn."""
    with transaction.atomic(durable=True):
        with transaction.atomic():
            pass
        with transaction.atomic(savepoint=False):
            pass

    with transaction.atomic(durable=True):
        pass


def test_threads_are_served_in_the_order_they_came(tmp_path: Path) -> None:
    """The line is first come, first served."""
    line = line_before(tmp_path / "order")
    served: list[int] = []

    def stand(number: int) -> None:
        with line.stand(5):
            served.append(number)

    with line.stand(5):
        threads = [threading.Thread(target=stand, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
            time.sleep(0.02)
    for thread in threads:
        thread.join()

    assert served == list(range(8))


def test_who_gave_up_waiting_is_not_served(tmp_path: Path) -> None:
    """A time-out leaves the line as if nobody had stood there."""
    line = line_before(tmp_path / "given-up")
    with line.stand(5), pytest.raises(LineTooLong):
        line.stand(0.05)

    with line.stand(0.05) as turn:
        assert turn is not None


def test_a_forked_child_waits_for_its_parent_and_cannot_end_its_turn(tmp_path: Path) -> None:
    """The parent's turn survives whatever the child does with its copy of it."""
    line = line_before(tmp_path / "fork")
    turn = line.stand(5)
    child = os.fork()
    if child == 0:
        turn.end()
        try:
            line.stand(0.1)
        except LineTooLong:
            os._exit(7)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    turn.end()

    assert os.waitstatus_to_exitcode(status) == 7


def test_a_killed_writer_leaves_the_line(database: Path) -> None:
    """A process killed with -9 in mid-transaction holds nobody up, and its write never happened."""
    command = [sys.executable, str(WRITER), str(database), "30", "2"]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while count(database) < 5:
        time.sleep(0.02)
    killed.kill()
    killed.wait()
    before = count(database)

    (result,) = run_writers(database, processes=1, threads=1, seconds=0.3)

    assert count(database) == before + result["writes"]
