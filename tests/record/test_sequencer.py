import threading
import time
from datetime import timedelta
from typing import NoReturn

import pytest
from django.db import DatabaseError, connection
from pytest_django import Settings
from tests.record.cast import NOW, Publish

from wardmote.ledger import Frontier, leaf_hash, open_checkpoint, verify_consistency, verify_receipt
from wardmote.outside.signing import record_verifier
from wardmote.record import engine, queries
from wardmote.record.engine import sequencer
from wardmote.record.models import Checkpoint, Entry, Node

pytestmark = pytest.mark.django_db


def test_places_follow_the_ids(publish: Publish) -> None:
    """Waiting entries get their places in the order of their ids, after those placed before."""
    first = [publish() for _ in range(3)]
    engine.sequence(NOW)
    second = [publish() for _ in range(4)]
    placed = engine.sequence(NOW)

    assert placed == 4
    assert [entry.pk for entry in first + second] == list(Entry.objects.order_by("index").values_list("pk", flat=True))
    assert list(range(7)) == list(Entry.objects.order_by("index").values_list("index", flat=True))


def test_a_checkpoint_covers_all_that_is_placed(twenty: list[Entry]) -> None:
    """The latest checkpoint is signed by the log's key over the tree of all placed entries."""
    latest = queries.latest_checkpoint()
    assert latest is not None
    statement = open_checkpoint(latest.note, record_verifier())
    tree = Frontier()
    tree.extend([leaf_hash(bytes(entry.leaf)) for entry in twenty])

    assert (statement.origin, statement.size) == ("wardmote.test/record", 20)
    assert statement.root == tree.root == latest.root
    assert queries.status() == (20, NOW, 0)
    assert queries.status().age(NOW + timedelta(seconds=14)) == timedelta(seconds=14)


def test_every_entry_has_a_receipt_that_verifies(twenty: list[Entry]) -> None:
    """Each receipt proves its entry to somebody with nothing but the public key."""
    for place, entry in enumerate(twenty):
        receipt = queries.inclusion_receipt(entry.pk, disclose=["text"])
        assert receipt is not None
        proven = verify_receipt(receipt.to_json(), record_verifier())

        assert (proven.index, proven.leaf.id) == (place, entry.pk)
        assert proven.values == {"text": f"post {place + 1}"}


def test_every_checkpoint_continues_the_one_before(twenty: list[Entry]) -> None:
    """A consistency proof joins each published size to each later one."""
    sizes = [5, 6, 20]
    for old in sizes:
        for new in sizes:
            if old <= new:
                ends = queries.checkpoint_of(old), queries.checkpoint_of(new)
                assert ends[0] is not None
                assert ends[1] is not None
                verify_consistency(old, new, ends[0].root, ends[1].root, queries.prove_consistency(old, new))

    assert queries.checkpoint_of(7) is None


def test_idleness_publishes_nothing(twenty: list[Entry]) -> None:
    """Where nothing waits, nothing is signed."""
    assert engine.sequence(NOW) == 0
    assert Checkpoint.objects.count() == 3


def test_batches_are_bounded(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction places no more than a batch, so that other writers wait little."""
    monkeypatch.setattr(sequencer, "BATCH", 4)
    for _ in range(10):
        publish()

    assert [engine.sequence(NOW) for _ in range(4)] == [4, 4, 2, 0]
    assert queries.audit().sound


def test_a_failure_before_the_end_leaves_nothing_behind(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places, tree and checkpoint are one transaction: all or nothing."""
    publish()

    def fail(*_: object) -> NoReturn:
        raise OSError("no more space")

    with monkeypatch.context() as patch:
        patch.setattr(sequencer, "sign_checkpoint", fail)
        with pytest.raises(OSError, match="no more space"):
            engine.sequence(NOW)
    assert (Node.objects.count(), Checkpoint.objects.count()) == (0, 0)

    assert engine.sequence(NOW) == 1
    assert queries.audit().sound


@pytest.mark.parametrize("damage", ["node", "gap", "root", "checkpoint", "place"])
def test_a_damaged_record_is_not_signed_again(publish: Publish, twenty: list[Entry], damage: str) -> None:
    """The sequencer signs nothing that does not continue what it signed before."""
    match damage:
        case "node":
            Node.objects.filter(level=4, offset=0).update(hash=bytes(32))
        case "gap":
            Node.objects.filter(level=4, offset=0).delete()
        case "root":
            Checkpoint.objects.filter(size=20).update(root=bytes(32))
        case "checkpoint":
            Checkpoint.objects.filter(size=20).delete()
        case "place":
            Entry.objects.filter(index=19).update(index=25)
    publish()

    with pytest.raises(engine.RecordDamagedError):
        engine.sequence(NOW)
    assert queries.status().unsequenced == 1


def test_a_log_keeps_its_name(publish: Publish, twenty: list[Entry], settings: Settings) -> None:
    """Once begun, a log is not continued under another origin."""
    settings.WARDMOTE_LOG_ORIGIN = "elsewhere.test/record"
    publish()

    with pytest.raises(engine.RecordDamagedError, match=r"wardmote\.test/record"):
        engine.sequence(NOW)


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_do_not_disturb_each_other(publish: Publish) -> None:
    """While several threads append and two sequence, every entry gets one place and the record is sound."""
    engine.signer()
    stop = threading.Event()
    sequencers = [threading.Thread(target=engine.run_sequencer, args=(stop, lambda: NOW)) for _ in range(2)]

    def write() -> None:
        for _ in range(25):
            publish()
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for thread in sequencers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    deadline = time.monotonic() + 10
    while queries.status().unsequenced and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    for thread in sequencers:
        thread.join()

    assert queries.status()[::2] == (75, 0)
    assert queries.audit().sound


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_proven_soon_after_it_was_appended(publish: Publish) -> None:
    """While a sequencer runs a receipt can be had; the second that it may take is measured by the benchmarks."""
    stop = threading.Event()
    thread = threading.Thread(target=engine.run_sequencer, args=(stop,))
    thread.start()
    try:
        publish()
        time.sleep(0.5)
        entry = publish()
        began = time.monotonic()
        while queries.inclusion_receipt(entry.pk) is None and time.monotonic() - began < 5:
            time.sleep(0.02)
        waited = time.monotonic() - began
    finally:
        stop.set()
        thread.join()

    assert waited < 5


@pytest.mark.django_db(transaction=True)
def test_trouble_is_said_once_and_outlived(
    publish: Publish, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that fails does not end the sequencer: it says so once and goes on when it can."""
    publish()
    honest, failures = sequencer.sequence, iter(range(3))
    stop = threading.Event()
    monkeypatch.setattr(sequencer, "PAUSE", 0.01)

    def fail_thrice(now: object) -> int:
        if next(failures, None) is not None:
            raise DatabaseError("the disk is full")
        stop.set()
        return honest(NOW)

    monkeypatch.setattr(sequencer, "sequence", fail_thrice)
    thread = threading.Thread(target=engine.run_sequencer, args=(stop,))
    thread.start()
    thread.join()

    assert [record.message for record in caplog.records] == ["The record stands still"]
    assert queries.status()[::2] == (1, 0)
