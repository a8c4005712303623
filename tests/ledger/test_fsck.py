from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.memory_log import CONTENTS, SIGNER, MemoryLog, a_log, an_entry

from wardmote.ledger import Checkpoint, Kind, Report, leaf_hash, sign_checkpoint
from wardmote.ledger import fsck as check
from wardmote.ledger.audit import StoredCheckpoint, walk


def fsck(log: MemoryLog, **kept: str) -> Report:
    return check(log, SIGNER.verifier, contents=CONTENTS, kept=kept)


def found(report: Report) -> list[tuple[Kind, int | None]]:
    return [(fault.kind, fault.index) for fault in report.faults]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of 8 entries, so that short logs cross their borders."""
    monkeypatch.setattr(walk, "CHUNK", 8)


@pytest.mark.parametrize("batches", [(), (1,), (7,), (1, 1, 1), (8, 8), (5, 12, 3)])
def test_an_honest_log_is_sound(batches: tuple[int, ...]) -> None:
    """Logs of any size, sequenced in any batches, have no fault, and everything in them is counted."""
    report = fsck(a_log(*batches))

    assert report == Report((), sum(batches), 0, len(batches), 2 * sum(batches), 0)
    assert report.sound


def test_waiting_entries_are_no_fault() -> None:
    """An entry that the sequencer has not placed yet is counted, and checked by itself."""
    log = a_log(5)
    log.rows.append(an_entry(99))
    log.rows.append(replace(an_entry(100), leaf_hash=bytes(32)))
    report = fsck(log)

    assert [(fault.kind, fault.entry_id) for fault in report.faults] == [(Kind.CHANGED, 1100)]
    assert report.unplaced == 2


@pytest.mark.parametrize("index", [0, 7, 8, 19])
def test_changed_bytes_are_named(index: int) -> None:
    """An entry whose bytes became another leaf is named once, whatever its place."""
    log = a_log(5, 15)
    log.change(index, leaf=an_entry(index, "I never said that").leaf)
    report = fsck(log)

    assert Kind.CHANGED in {fault.kind for fault in report.faults}
    assert {(fault.index, fault.entry_id) for fault in report.faults} == {(index, 1000 + index)}


@pytest.mark.parametrize("index", [0, 7, 8, 18])
def test_a_replaced_entry_is_named(index: int) -> None:
    """An entry replaced whole (bytes, hash and disclosures fit each other) is named by the tree."""
    log = a_log(5, 14)
    log.rows[index] = replace(an_entry(index, "I never said that"), index=index)
    report = fsck(log)

    assert found(report) == [(Kind.CHANGED, index)]
    assert report.faults[0].entry_id == 1000 + index


def test_a_hash_column_is_compared_with_the_bytes() -> None:
    """An entry whose stored hash alone was changed is named."""
    log = a_log(5)
    log.change(3, leaf_hash=bytes(32))

    assert found(fsck(log)) == [(Kind.CHANGED, 3)]


def test_bytes_that_are_no_leaf_are_named() -> None:
    """An entry of rubbish is named, though its hash and its tree were made to fit."""
    rubbish = b"{}"
    log = a_log(5)
    log.grow([replace(an_entry(5), leaf=rubbish, leaf_hash=leaf_hash(rubbish))])
    report = fsck(log)

    assert found(report) == [(Kind.CHANGED, 5)]
    assert "not a leaf" in report.faults[0].detail


@pytest.mark.parametrize("column", ["subject", "community"])
def test_an_entry_filed_under_another_name_is_named(column: str) -> None:
    """What an entry is found by must be what its leaf says."""
    log = a_log(5)
    log.change(2, **{column: "urn:wardmote:post:999"})

    assert found(fsck(log)) == [(Kind.CHANGED, 2)]


def test_an_entry_under_another_id_is_named() -> None:
    """A row whose id is not the one in its leaf is named by both."""
    log = a_log(5)
    log.change(2, id=5)
    (fault,) = fsck(log).faults

    assert str(fault) == "changed: entry 2 (id 5): its leaf says that its id is 1002"


def test_a_deleted_entry_is_named() -> None:
    """An entry that was deleted leaves its place, and the place is named."""
    log = a_log(5, 15)
    del log.rows[9]

    assert [str(fault) for fault in fsck(log).faults] == ["missing: entry 9: no entry stands here"]


def test_a_deleted_run_is_named_as_one() -> None:
    """Neighbours deleted together are one fault."""
    log = a_log(5, 15)
    del log.rows[6:12]

    assert [str(fault) for fault in fsck(log).faults] == ["missing: entries 6 to 11: no entry stands here"]


def test_a_deleted_entry_is_named_though_the_rest_moved_up() -> None:
    """Closing the gap does not hide it: what is gone and what moved are told apart."""
    log = a_log(5, 15)
    del log.rows[9]
    log.rows[9:] = [replace(row, index=number) for number, row in enumerate(log.rows[9:], 9)]

    assert [str(fault) for fault in fsck(log).faults] == [
        "missing: entry 9: the entry that was written here is gone",
        "reordered: entries 9 to 18 (id 1010): it was written 1 place later",
    ]


def test_a_cut_tail_is_named() -> None:
    """Entries deleted at the end are missed by the checkpoint that covers them."""
    log = a_log(5, 15)
    del log.rows[17:]

    assert found(fsck(log)) == [(Kind.MISSING, 17)]


def test_swapped_entries_are_named() -> None:
    """Two entries that changed places are both named, with where they belong."""
    log = a_log(5, 15)
    log.change(4, index=11)
    log.change(11, index=4)

    assert [str(fault) for fault in fsck(log).faults] == [
        "reordered: entry 4 (id 1011): it was written 7 places later",
        "reordered: entry 11 (id 1004): it was written 7 places earlier",
    ]


def test_two_entries_in_one_place_are_named() -> None:
    """Where two entries claim a place, the one that the tree does not hold is the extra one."""
    log = a_log(5, 15)
    log.rows.append(replace(an_entry(500), index=6))
    report = fsck(log)

    assert [(fault.kind, fault.index, fault.entry_id) for fault in report.faults] == [(Kind.DOUBLED, 6, 1500)]


def test_a_copy_pushed_in_is_named() -> None:
    """A copy of an entry with all the later ones pushed back is told apart from what it pushed."""
    log = a_log(5, 5)
    pushed = [replace(row, index=number) for number, row in enumerate(log.rows[4:], 5)]
    log.rows[4:] = [replace(log.rows[2], id=77, index=4), *pushed]

    assert [str(fault) for fault in fsck(log).faults] == [
        "doubled: entry 4 (id 1002): the same entry stands at 2",
        "reordered: entries 5 to 9 (id 1004): it was written 1 place earlier",
        "added: entry 10 (id 1009): no checkpoint covers this place",
    ]


def test_a_copy_that_the_sequencer_took_in_is_named() -> None:
    """An entry that was copied before it was sequenced is doubled, though the whole tree is signed."""
    log = a_log(5)
    log.grow([replace(an_entry(2), id=77)])

    assert [str(fault) for fault in fsck(log).faults] == ["doubled: entry 5 (id 1002): the same entry stands at 2"]


def test_an_entry_pushed_in_is_named() -> None:
    """An entry that was never signed for is named as added."""
    log = a_log(5, 5)
    pushed = [replace(row, index=number) for number, row in enumerate(log.rows[4:], 5)]
    log.rows[4:] = [replace(an_entry(600), index=4), *pushed]

    assert (Kind.ADDED, 4) in found(fsck(log))


def test_an_entry_beyond_the_checkpoint_is_named() -> None:
    """A place that no checkpoint covers was not given by the sequencer."""
    log = a_log(5)
    log.rows.append(replace(an_entry(5), index=5))

    assert found(fsck(log)) == [(Kind.ADDED, 5)]


@pytest.mark.parametrize(("level", "offset"), [(0, 0), (0, 9), (1, 3), (2, 1), (3, 0), (4, 0)])
@pytest.mark.parametrize("lost", [False, True])
def test_a_changed_node_is_not_blamed_on_an_entry(level: int, offset: int, lost: bool) -> None:
    """A hash of the stored tree that was changed or deleted is named; the entries and checkpoints are not."""
    log = a_log(5, 15)
    if lost:
        del log.hashes[level, offset]
    else:
        log.hashes[level, offset] = bytes(32)

    assert found(fsck(log)) == [(Kind.NODE, offset << level)]


def test_entry_and_tree_rewritten_are_betrayed_by_the_checkpoints() -> None:
    """An entry replaced together with all the hashes above it no longer fits what was signed from then on."""
    log = a_log(5, 5, 5)
    honest = list(log.notes)
    forged = MemoryLog()
    forged.grow([an_entry(number) if number != 7 else an_entry(7, "forged") for number in range(15)])
    forged.notes = honest

    assert [str(fault) for fault in fsck(forged).faults] == [
        "checkpoint: entries 5 to 9: the checkpoint of size 10 was signed over other entries, and so were 1 after it",
    ]


def test_a_changed_checkpoint_row_is_named() -> None:
    """A checkpoint whose columns differ from its signed note is named."""
    log = a_log(5, 5)
    log.notes[0] = replace(log.notes[0], root=bytes(32))

    assert found(fsck(log)) == [(Kind.CHECKPOINT, None)]


@pytest.mark.parametrize("note", ["", "rubbish\n", a_log(3).notes[0].note.replace("example", "sample")])
def test_a_wrong_signature_is_named(note: str) -> None:
    """A checkpoint that is unreadable or not signed by the log's key is named."""
    log = a_log(3, 5)
    log.notes[0] = replace(log.notes[0], note=note)

    assert found(fsck(log)) == [(Kind.SIGNATURE, None)]


def test_deleted_checkpoints_leave_entries_that_nothing_covers() -> None:
    """Without any checkpoint every entry stands outside."""
    log = a_log(5)
    log.notes.clear()

    assert [(fault.kind, fault.index, fault.last) for fault in fsck(log).faults] == [(Kind.ADDED, 0, 4)]


def test_what_a_commitment_stands_for_is_checked() -> None:
    """A disclosed value that was altered, lost or invented is named."""
    log = a_log(5)
    score, text = log.rows[1].disclosures
    log.change(1, disclosures=[replace(score, content=b"0.99"), text])
    log.change(2, disclosures=[score])
    log.change(3, disclosures=[*log.rows[3].disclosures, replace(score, name="reason")])

    assert [str(fault) for fault in fsck(log).faults] == [
        "disclosure: entry 1 (id 1001): score is not what the entry committed to",
        "disclosure: entry 2 (id 1002): score is not what the entry committed to",
        "disclosure: entry 2 (id 1002): text is lost",
        "disclosure: entry 3 (id 1003): its leaf commits to nothing called reason",
    ]


def rewritten(log: MemoryLog, index: int) -> MemoryLog:
    """The log as a dishonest operator leaves it: entry `index` replaced, and all of it signed again."""
    forged = MemoryLog()
    for start, stop in zip([0, *[note.size for note in log.notes]], [note.size for note in log.notes], strict=False):
        entries = [replace(row, index=None) for row in log.rows[start:stop]]
        if start <= index < stop:
            entries[index - start] = an_entry(index, "I never said that")
        forged.grow(entries)
    return forged


def test_a_log_signed_again_is_sound_to_itself() -> None:
    """Whoever holds the key can rewrite a log so that it is sound to itself: that is why others keep proofs."""
    assert fsck(rewritten(a_log(5, 5, 5), 7)).sound


def test_a_kept_checkpoint_betrays_a_log_signed_again() -> None:
    """Kept checkpoints name the part that was rewritten: from the last that fits to the first that does not."""
    log = a_log(5, 5, 5)
    report = fsck(rewritten(log, 7), early=log.notes[0].note, late=log.notes[2].note)
    (fault,) = report.faults

    assert (fault.kind, fault.index, fault.last) == (Kind.REWRITTEN, 5, 14)
    assert "signed with the same key over another root" in fault.detail


def test_a_kept_receipt_names_the_entry_that_was_replaced() -> None:
    """The receipt of the very entry names it by place and id."""
    log = a_log(5, 5, 5)
    report = fsck(rewritten(log, 7), letter=log.receipt(7))

    assert (Kind.REWRITTEN, 7, 1007) in [(fault.kind, fault.index, fault.entry_id) for fault in report.faults]


def test_a_kept_checkpoint_betrays_a_shortened_log() -> None:
    """A log that was cut and signed again is shorter than what it signed before."""
    log = a_log(5, 5, 5)

    assert found(fsck(a_log(5, 5), kept=log.notes[2].note)) == [(Kind.REWRITTEN, 10)]


def test_what_others_kept_of_an_honest_log_fits() -> None:
    """Receipts and checkpoints of every age fit an honest log that went on."""
    log = a_log(5, 5)
    kept = {"a": log.receipt(0), "b": log.receipt(9), "c": log.notes[0].note}
    log.grow([an_entry(number) for number in range(10, 30)])

    assert fsck(log, **kept).sound


def test_a_kept_file_that_proves_nothing_is_named() -> None:
    """A forged or damaged file speaks against nobody; it is named as what it is."""
    log = a_log(5, 5)
    damaged = log.receipt(3).replace("post.published", "post.deleted")
    report = fsck(log, rubbish="rubbish", damaged=damaged, empty="{}")

    assert [fault.kind for fault in report.faults] == [Kind.KEPT] * 3


def test_a_signed_size_beyond_the_log_does_not_make_it_longer() -> None:
    """A checkpoint row with an absurd size and no signature costs neither time nor memory."""
    log = a_log(5)
    log.notes.append(StoredCheckpoint(10**15, bytes(32), "rubbish\n"))

    assert found(fsck(log)) == [(Kind.SIGNATURE, None)]


def test_progress_reaches_the_end() -> None:
    """Progress is told in entries and ends at all of them."""
    seen: list[tuple[int, int]] = []
    check(a_log(20), SIGNER.verifier, contents=CONTENTS, progress=lambda done, total: seen.append((done, total)))

    assert seen == [(8, 20), (16, 20), (20, 20)]


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_single_alteration_goes_unseen(data: st.DataObject) -> None:
    """Whatever one column of one row is set to, if it is another value then something is named."""
    log = a_log(*data.draw(st.lists(st.integers(1, 9), min_size=1, max_size=4)))
    honest = [*log.rows], {**log.hashes}, [*log.notes]
    index = data.draw(st.integers(0, len(log.rows) - 1))
    what = data.draw(
        st.sampled_from(["leaf", "leaf_hash", "index", "id", "subject", "drop", "node", "note", "content"])
    )
    match what:
        case "leaf" | "leaf_hash":
            log.change(index, **{what: data.draw(st.binary(max_size=40))})
        case "index" | "id":
            log.change(index, **{what: data.draw(st.integers(0, 40))})
        case "subject":
            log.change(index, subject=data.draw(st.text(max_size=9)))
        case "drop":
            del log.rows[index]
        case "node":
            log.hashes[data.draw(st.sampled_from(sorted(log.hashes)))] = data.draw(st.binary(max_size=32))
        case "note":
            other = Checkpoint("wardmote.example/record", data.draw(st.integers(0, 40)), bytes(32))
            log.notes[0] = replace(log.notes[0], note=sign_checkpoint(other, SIGNER))
        case "content":
            score, text = log.rows[index].disclosures
            log.change(index, disclosures=[replace(score, content=data.draw(st.binary(max_size=9))), text])

    assert fsck(log).sound == (honest == (log.rows, log.hashes, log.notes))
