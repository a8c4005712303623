"""What may be empty: exactly what an erasure names. Whoever holds the database can empty more, and is found out."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.memory_log import ALICE, BOB, CONTENTS, SIGNER, MemoryLog, a_log, an_entry, an_erasure, emptied

from wardmote.kernel.urn import Urn
from wardmote.ledger import Report, fsck
from wardmote.ledger.audit import StoredDisclosure

ERASURE = 1006


def checked(log: MemoryLog) -> Report:
    return fsck(log, SIGNER.verifier, contents=CONTENTS)


def an_erased_log(*, named: bool = True, about: Urn = BOB) -> MemoryLog:
    """Six posts of Bob's; the seventh entry, 1006, erased the second and the fourth; two posts after it."""
    log = a_log(6)
    erased = [log.rows[1], log.rows[3]]
    log.grow([an_erasure(6, 2, erased if named else None, about)])
    log.grow([an_entry(7), an_entry(8)])
    for place in (1, 3):
        log.rows[place] = emptied(log.rows[place], ERASURE, "text")
    return log


@pytest.mark.parametrize("named", [True, False])
def test_an_erasure_that_the_record_tells_of_is_no_fault(named: bool) -> None:
    """What an erasure names, or what one of the older kind counts, may be empty; the older kind is counted apart."""
    report = checked(an_erased_log(named=named))

    assert report.faults == ()
    assert (report.erased, report.unnamed) == (2, 0 if named else 2)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("place", "name", "detail"),
    [
        (0, "score", "score was emptied, and it is a fact, which nothing can erase"),
        (7, "text", "text was emptied by an erasure that is older (id 1006)"),
        (6, "contents", "contents was emptied, and it is a fact, which nothing can erase"),
    ],
)
def test_what_no_erasure_can_erase(named: bool, place: int, name: str, detail: str) -> None:
    """Facts, what came after the erasure, and what the erasure itself says are never empty, whatever points there."""
    log = an_erased_log(named=named)
    log.rows[place] = emptied(log.rows[place], ERASURE, name)

    assert f"entry {place} (id {1000 + place}): {detail}" in "\n".join(map(str, checked(log).faults))


def test_an_erasure_erases_what_it_names_and_no_more() -> None:
    """Another text of the same person's, emptied in the name of a genuine erasure, is named."""
    log = an_erased_log()
    log.rows[0] = emptied(log.rows[0], ERASURE, "text")

    assert [str(fault) for fault in checked(log).faults] == [
        "disclosure: entry 0 (id 1000): text was emptied, and the erasure it points to (id 1006) does not name it"
    ]


def test_an_older_erasure_erases_as_many_as_it_counts() -> None:
    """One that names nothing still says how many it erased: one more is a fault, and so is one less."""
    more, less = an_erased_log(named=False), an_erased_log(named=False)
    more.rows[0] = emptied(more.rows[0], ERASURE, "text")
    less.rows[1] = replace(an_entry(1), index=1)

    assert [str(fault) for fault in checked(more).faults + checked(less).faults] == [
        "disclosure: entry 6 (id 1006): it says that it erased 2, and 3 are empty in its name",
        "disclosure: entry 6 (id 1006): it says that it erased 2, and 1 are empty in its name",
    ]


def test_what_was_erased_does_not_come_back() -> None:
    """A text that an erasure names and that is there all the same is named."""
    log = an_erased_log()
    log.rows[1] = replace(an_entry(1), index=1)

    assert [str(fault) for fault in checked(log).faults] == [
        "disclosure: entry (id 1001): text is not empty, and the erasure (id 1006) says that it is"
    ]


@pytest.mark.parametrize("named", [True, False])
def test_an_erasure_is_about_its_subject(named: bool) -> None:
    """An erasure about Alice empties nothing of Bob's, under his name or under hers."""
    his, hers = an_erased_log(named=named, about=ALICE), an_erased_log(named=named, about=ALICE)
    for place in (1, 3):
        hers.rows[place] = emptied(an_entry(place), ERASURE, "text", about=ALICE)
        hers.change(place, index=place)

    assert checked(his).faults[0].index == 1
    assert "text was emptied as if it were about urn:wardmote:member:1" in str(checked(hers).faults[0])


@pytest.mark.parametrize("erased_by", [None, 5, 1002, 1008])
def test_an_erasure_that_nothing_tells_of(erased_by: int | None) -> None:
    """Pointing to nothing, to no entry, or to an entry that erases nothing is a fault."""
    log = an_erased_log()
    rows = [row for row in log.rows[0].disclosures if row.name != "text"]
    log.change(0, disclosures=[*rows, StoredDisclosure("text", str(BOB), None, None, erased_by)])

    assert [fault.detail for fault in checked(log).faults] == ["text was emptied without an entry that says so"]


@pytest.mark.parametrize("lost", ["salt", "content"])
def test_half_emptied(lost: str) -> None:
    """A salt or a content alone that is gone proves nothing any more, and is no erasure."""
    log = an_erased_log()
    score, text = log.rows[0].disclosures
    half = replace(text, salt=None) if lost == "salt" else replace(text, content=None)
    log.change(0, disclosures=[score, replace(half, erased_by=ERASURE)])

    assert [fault.detail for fault in checked(log).faults] == ["text was emptied without an entry that says so"]


def test_what_was_swapped_is_not_what_was_committed_to() -> None:
    """Salts, or whole rows, that changed places between two entries are named at both."""
    salts, rows = a_log(3), a_log(3)
    salts.change(0, disclosures=[replace(row, salt=bytes(32)) for row in salts.rows[0].disclosures])
    first, second = rows.rows[0].disclosures, rows.rows[1].disclosures
    rows.change(0, disclosures=second)
    rows.change(1, disclosures=first)

    assert [fault.index for fault in checked(salts).faults] == [0, 0]
    assert [fault.index for fault in checked(rows).faults] == [0, 0, 1, 1]


@settings(max_examples=150, deadline=None)
@given(data=st.data(), named=st.booleans())
def test_nothing_more_than_was_erased_can_be_emptied(data: st.DataObject, named: bool) -> None:
    """Whatever else is emptied in the name of a genuine erasure, of either kind, is found."""
    log = an_erased_log(named=named)
    candidates = [(row.index, found.name) for row in log.rows for found in row.disclosures if found.content is not None]
    more = data.draw(st.sets(st.sampled_from(candidates), min_size=1))
    for index, name in more:
        log.rows[index or 0] = emptied(log.rows[index or 0], ERASURE, name)

    assert not checked(log).sound
