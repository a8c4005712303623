"""Tampering with a real database, as somebody with the administrator's password would; each is found and named."""

from collections.abc import Mapping

import pytest
from django.db import connection
from django.db.models import F
from tests.record.cast import NOW, Publish

from wardmote.ledger import Fault, Kind, Leaf, leaf_hash
from wardmote.record import engine, queries
from wardmote.record.models import Checkpoint, Disclosure, Entry, Node

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("twenty")]


def faults(kept: Mapping[str, str] | None = None) -> list[Fault]:
    return list(queries.audit(kept=kept).faults)


def kinds(kept: Mapping[str, str] | None = None) -> list[tuple[Kind, int | None]]:
    return [(fault.kind, fault.index) for fault in faults(kept)]


def at(index: int) -> Entry:
    return Entry.objects.get(index=index)


def forge(entry: Entry, old: bytes, new: bytes) -> None:
    """Let an entry say something else, with its hash made to fit."""
    leaf = bytes(entry.leaf).replace(old, new)
    Leaf.decode(leaf)
    Entry.objects.filter(pk=entry.pk).update(leaf=leaf, leaf_hash=leaf_hash(leaf))


def delete(index: int) -> None:
    """Delete an entry with all that belongs to it, past the protection of the ORM."""
    entry = at(index)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_disclosure WHERE entry_id = %s", [entry.pk])
        cursor.execute("DELETE FROM record_entry WHERE id = %s", [entry.pk])


def test_an_untouched_record_is_sound() -> None:
    """Nothing was done, nothing is found, everything was looked at."""
    report = queries.audit()

    assert report.sound
    assert (report.size, report.checkpoints, report.disclosed, report.unplaced) == (20, 3, 40, 0)


def test_changed() -> None:
    """An entry that says something else is named by its place and id."""
    entry = at(8)
    forge(entry, b"post.published", b"post.deleted")
    (fault,) = faults()

    assert (fault.kind, fault.index, fault.entry_id) == (Kind.CHANGED, 8, entry.pk)


def test_changed_by_hand() -> None:
    """A careless edit of the bytes (which SQLite then keeps as text) is named, not stumbled over."""
    entry = at(8)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "UPDATE record_entry SET leaf = replace(leaf, 'published', 'deleted') WHERE id = %s", [entry.pk]
            )
        else:
            cursor.execute("UPDATE record_entry SET leaf = overlay(leaf PLACING 'X' FROM 3) WHERE id = %s", [entry.pk])
    (fault,) = faults()

    assert (fault.kind, fault.index, fault.entry_id) == (Kind.CHANGED, 8, entry.pk)


def test_changed_with_the_tree_above_it() -> None:
    """Where every hash up to the root was made to fit, the signed checkpoints betray the change."""
    forge(at(8), b"post.published", b"post.deleted")
    Node.objects.all().delete()
    notes = list(Checkpoint.objects.values())
    Checkpoint.objects.all().delete()
    Entry.objects.update(index=None)
    engine.sequence(NOW)
    Checkpoint.objects.all().delete()
    Checkpoint.objects.bulk_create(Checkpoint(**row) for row in notes)

    assert kinds() == [(Kind.CHECKPOINT, 6)]


def test_deleted() -> None:
    """A deleted entry is missed at its place."""
    delete(8)

    assert kinds() == [(Kind.MISSING, 8)]


def test_deleted_and_closed_up() -> None:
    """Closing the gap names both what is gone and what moved."""
    delete(8)
    for index in range(9, 20):
        Entry.objects.filter(index=index).update(index=index - 1)

    assert kinds() == [(Kind.MISSING, 8), (Kind.REORDERED, 8)]


def test_reordered() -> None:
    """Two entries that changed places are both named."""
    first, second = at(3), at(12)
    Entry.objects.filter(pk=first.pk).update(index=None)
    Entry.objects.filter(pk=second.pk).update(index=3)
    Entry.objects.filter(pk=first.pk).update(index=12)

    assert kinds() == [(Kind.REORDERED, 3), (Kind.REORDERED, 12)]


def a_copy(index: int, place: int | None) -> None:
    original = at(index)
    values = {field: getattr(original, field) for field in ("leaf", "leaf_hash", "subject", "community", "created")}
    copy = Entry.objects.create(index=place, **values)
    for row in Disclosure.objects.filter(entry=original):
        row.pk, row.entry = None, copy
        row.save()


def test_doubled_in_the_middle() -> None:
    """A copy that pushed the later entries back is named, and so are they."""
    Entry.objects.filter(index__gte=4).update(index=F("index") + 1000)
    Entry.objects.filter(index__gte=1000).update(index=F("index") - 999)
    a_copy(2, 4)

    assert kinds() == [(Kind.DOUBLED, 4), (Kind.REORDERED, 5), (Kind.ADDED, 20)]


def test_doubled_through_the_sequencer() -> None:
    """A copy that the sequencer took in and signed for is named."""
    a_copy(2, None)
    engine.sequence(NOW)

    assert kinds() == [(Kind.DOUBLED, 20)]


@pytest.mark.parametrize("name", ["score", "text"])
def test_a_fact_changed_lost_or_emptied(name: str) -> None:
    """What a commitment stands for can be neither altered, nor dropped, nor passed off as erased."""
    entry = at(8)
    row = Disclosure.objects.filter(entry=entry, name=name)
    honest = row.values().get()
    row.update(content=b"0.99")
    changed = kinds()
    row.delete()
    lost = kinds()
    Disclosure.objects.create(**{**honest, "salt": None, "content": None, "erased_by_id": entry.pk, "about": "urn:x"})

    assert changed == lost == kinds() == [(Kind.DISCLOSURE, 8)]


@pytest.mark.parametrize("level", [0, 1, 3])
def test_a_changed_tree(level: int) -> None:
    """A stored hash that was changed is named as such; no entry is blamed."""
    Node.objects.filter(level=level, offset=0).update(hash=bytes(32))

    assert kinds() == [(Kind.NODE, 0)]


def test_a_checkpoint_with_a_wrong_signature() -> None:
    """A note that the log's key did not sign is named by its size."""
    row = Checkpoint.objects.get(size=6)
    Checkpoint.objects.filter(size=6).update(note=row.note.replace("\n6\n", "\n7\n"))
    (fault,) = faults()

    assert (fault.kind, fault.detail) == (
        Kind.SIGNATURE,
        "the checkpoint of size 6: the signature by wardmote.test/record does not verify",
    )


def rewrite_and_sign_again() -> None:
    """What whoever holds the key and the database can do: another past, in which everything fits."""
    forge(at(8), b"post.published", b"post.deleted")
    Node.objects.all().delete()
    Checkpoint.objects.all().delete()
    Entry.objects.update(index=None)
    engine.sequence(NOW)


def test_rewritten_and_signed_again() -> None:
    """The record alone cannot tell; what the other side kept does, down to the entry."""
    checkpoint = queries.checkpoint_of(6)
    receipt = queries.inclusion_receipt(at(8).pk)
    untouched = queries.inclusion_receipt(at(3).pk)
    assert checkpoint is not None
    assert receipt is not None
    assert untouched is not None
    entry_id = at(8).pk
    rewrite_and_sign_again()
    found = faults({"early.note": checkpoint.note, "letter.json": receipt.to_json()})

    assert queries.audit().sound
    assert [(fault.kind, fault.index) for fault in found] == [(Kind.REWRITTEN, 6), (Kind.REWRITTEN, 8)]
    assert (found[0].last, found[1].entry_id) == (19, entry_id)
    assert "letter.json proves that another entry was written here" in str(found[1])
    assert kinds({"other.json": untouched.to_json()}) == [(Kind.REWRITTEN, 0)]


def test_shortened_and_signed_again() -> None:
    """A log that lost its end and signed that is shorter than what others hold."""
    latest = queries.latest_checkpoint()
    assert latest is not None
    for index in range(15, 20):
        delete(index)
    Node.objects.all().delete()
    Checkpoint.objects.all().delete()
    Entry.objects.update(index=None)
    engine.sequence(NOW)

    assert queries.audit().sound
    assert kinds({"kept": latest.note}) == [(Kind.REWRITTEN, 15)]


def test_writing_meanwhile_is_no_fault(publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries appended and placed while the check runs disturb it in nothing."""

    def go_on(_done: int, _total: int) -> None:
        publish()
        engine.sequence(NOW)
        publish()

    report = queries.audit(progress=go_on)

    assert report.sound
    assert (report.size, report.unplaced) == (20, 2)
