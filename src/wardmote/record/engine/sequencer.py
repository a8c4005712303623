"""Gives entries their places, integrates them into the tree, publishes a signed checkpoint: all or nothing.

There is one sequencer at a time however many processes run one. What a killed process had begun was never there.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import Max

from wardmote.kernel import clock
from wardmote.kernel.ids import start_above
from wardmote.ledger import Checkpoint as Statement
from wardmote.ledger import Frontier, Signer, sign_checkpoint
from wardmote.ledger.tree import complete_subtrees
from wardmote.outside.signing import SigningKeyError, record_signer
from wardmote.record.engine.dates import Placed, say_misdated
from wardmote.record.models import Checkpoint, Entry
from wardmote.record.queries.tree import read_nodes

BATCH = 2000
"""Entries placed in one transaction: about a twentieth of a second, for which SQLite's other writers wait."""
PAUSE = 0.4
"""Seconds between two looks for work; with the work itself an entry waits well under a second."""
_LOCK = 0x77617264_6D6F7465
_log = logging.getLogger(__name__)


class RecordDamagedError(Exception):
    """The stored tree is not the one that was signed; nothing is added to it until `wardmote record fsck` is clean."""


def signer() -> Signer:
    """The signer of this installation's log; makes its key at the very first run.

    A process that is to sequence calls this at its start, so that a bad key is one line there and then. Raises
    SigningKeyError, also where the log was begun and the key is gone: a new key would disown every checkpoint.
    """
    return record_signer(first_run=not Checkpoint.objects.exists())


def go_on_after_stored() -> None:
    """Let this process's ids go on after the newest entry: its clock may have been set back since that was written.

    A process that writes calls this at its start. Where the database does not answer the clock alone counts.
    """
    try:
        newest = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()
    except DatabaseError:
        _log.warning("The newest entry cannot be read: new ids follow the clock alone")
        return
    if newest is not None:
        start_above(newest)


def sequence(now: datetime) -> int:
    """Place up to `BATCH` entries in the order of their ids and publish the checkpoint; gives how many were placed.

    Raises RecordDamagedError rather than sign a tree that does not continue the last checkpoint.
    """
    if not pending():
        return 0
    key = signer()
    with transaction.atomic():
        _become_the_only_one()
        last = Checkpoint.objects.order_by("-size").first()
        frontier = _resume(last, key)
        placed = _place(frontier.size)
        if not placed:
            return 0
        hashes = [row.leaf_hash for row in placed]
        _store(frontier, hashes)
        statement = Statement(key.name, frontier.size, frontier.root)
        note = sign_checkpoint(statement, key)
        Checkpoint.objects.create(size=frontier.size, root=frontier.root, note=note, created=now)
        say_misdated(placed, since=None if last is None else last.created, now=now)
    return len(hashes)


def pending() -> bool:
    """Whether an entry waits for its place."""
    return Entry.objects.filter(index=None).order_by().exists()


def run_sequencer(stop: threading.Event, now: Callable[[], datetime] = clock.now) -> None:
    """Sequence until `stop` is set; one process or many may run it, in a thread of their own.

    A database that is away, a locked file, a damaged record: said once in the log, and tried again.
    """
    trouble = ""
    while not stop.is_set():
        try:
            close_old_connections()
            placed = sequence(now())
            trouble = ""
        except (DatabaseError, RecordDamagedError, SigningKeyError) as error:
            placed = 0
            if str(error) != trouble:
                trouble = str(error)
                _log.exception("The record stands still")
        if placed < BATCH:
            stop.wait(PAUSE)
    connection.close()


def _become_the_only_one() -> None:
    # On SQLite the transaction itself, begun IMMEDIATE, holds the one write lock.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _resume(last: Checkpoint | None, key: Signer) -> Frontier:
    size = 0 if last is None else last.size
    top = Entry.objects.aggregate(top=Max("index"))["top"]
    if (-1 if top is None else top) != size - 1:
        raise RecordDamagedError(f"The last checkpoint covers {size} entries, the last place given is {top}.")
    positions = complete_subtrees(0, size)
    stored = read_nodes(positions)
    if len(stored) != len(positions):
        raise RecordDamagedError(f"The stored tree of {size} entries has gaps at its edge.")
    frontier = Frontier(size, [stored[position] for position in positions])
    if last is not None:
        if frontier.root != bytes(last.root):
            raise RecordDamagedError(f"The stored tree of {size} entries is not the one that was signed.")
        origin = last.note.partition("\n")[0]
        if origin != key.name:
            raise RecordDamagedError(f"This log is {origin}; WARDMOTE_LOG_ORIGIN says {key.name}.")
    return frontier


def _place(start: int) -> list[Placed]:
    """Give the next places from `start` on; gives what was placed, in its order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE record_entry SET "index" = placed.place
            FROM (SELECT id, %s + ROW_NUMBER() OVER (ORDER BY id) - 1 AS place
                  FROM (SELECT id FROM record_entry WHERE "index" IS NULL ORDER BY id LIMIT %s) AS waiting) AS placed
            WHERE record_entry.id = placed.id
            RETURNING "index", record_entry.id, leaf_hash, leaf
            """,
            [start, BATCH],
        )
        rows = sorted(cursor.fetchall(), key=lambda row: row[0])
        return [Placed(entry_id, bytes(leaf_hash), bytes(leaf)) for _, entry_id, leaf_hash, leaf in rows]


def _store(frontier: Frontier, hashes: Sequence[bytes]) -> None:
    runs = frontier.extend(hashes)
    nodes = [(run.level, offset, node) for run in runs for offset, node in enumerate(run.hashes, run.start)]
    with connection.cursor() as cursor:
        # By hand: the ORM takes several times as long, and on SQLite every other writer waits for it.
        cursor.executemany('INSERT INTO record_node (level, "offset", hash) VALUES (%s, %s, %s)', nodes)
