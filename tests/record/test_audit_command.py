"""What `wardmote record fsck` and `check` find where the record's own hashes fit: emptied facts, false dates, files."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.record.cast import BOB, DAVE, NOW, PLAZA, Publish
from tests.record.test_record_command import wardmote

from wardmote.kernel.urn import Urn
from wardmote.ledger.leaf import ERASED
from wardmote.record import engine, operations, queries
from wardmote.record.models import Disclosure, Entry

pytestmark = pytest.mark.django_db
CASE = Urn("case", 50)


def empty(rows: list[int], erasure: int, about: str = str(BOB)) -> None:
    """Empty disclosures in the name of an erasure, as somebody with the administrator's password would."""
    with connection.cursor() as cursor:
        for pk in rows:
            cursor.execute(
                "UPDATE record_disclosure SET salt = NULL, content = NULL, about = %s, erased_by_id = %s WHERE id = %s",
                [about, erasure, pk],
            )


@pytest.fixture
def erased(publish: Publish) -> Entry:
    """Dave decides a case of Bob's; Bob's two posts are genuinely erased; Bob writes again. Gives the erasure."""
    publish()
    facts = {"reason": "He was insulted.", "clause": "2.1", "action": "remove"}
    publish(actor=DAVE, verb="case.decided", subject=CASE, facts=facts, content={}, about=None)
    publish()
    operations.erase(now=NOW + timedelta(seconds=10), about=BOB, actor=BOB, community=PLAZA)
    publish(now=NOW + timedelta(seconds=11))
    engine.sequence(NOW + timedelta(seconds=12))
    return Entry.objects.get(subject=str(BOB))


def test_a_genuine_erasure_is_sound(erased: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    """What the erasure names is empty and nothing else: status 0, counted; and the entry names each content."""
    assert wardmote("record", "fsck") == 0
    assert "2 erased\n" in capsys.readouterr().out


def test_a_decision_emptied_in_the_name_of_an_erasure(erased: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    """Reason, clause and action of a decision cannot be passed off as erased content."""
    decision = Entry.objects.get(subject=str(CASE))
    empty(list(Disclosure.objects.filter(entry=decision).values_list("pk", flat=True)), erased.pk)

    assert wardmote("record", "fsck") == 1
    out = capsys.readouterr().out
    for name in ("action", "clause", "reason"):
        assert f"disclosure: entry 1 (id {decision.pk}): {name} was emptied, and it is a fact" in out


def test_everything_emptied_in_the_name_of_an_erasure(erased: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that is left, pointed at one genuine erasure and emptied, is found, also against what was kept."""
    rest = Disclosure.objects.filter(erased_by=None).exclude(entry=erased)
    empty(list(rest.values_list("pk", flat=True)), erased.pk)

    assert wardmote("record", "fsck") == 1
    assert "text was emptied by an erasure that is older" in capsys.readouterr().out


def an_older_erasure() -> int:
    """An erasure as it was written before erasures named what they erase: it counts one content."""
    event = operations.append(
        now=NOW + timedelta(seconds=5), actor=BOB, verb=ERASED, subject=BOB, community=PLAZA, facts={"contents": 1}
    )
    return event.pk


def test_an_older_erasure_still_verifies(publish: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    """An erasure that only counts goes on verifying, is told apart, and covers no more than it counts."""
    first, second = publish(), publish()
    erasure = an_older_erasure()
    empty([Disclosure.objects.get(entry=first, name="text").pk], erasure)
    engine.sequence(NOW + timedelta(seconds=6))

    assert wardmote("record", "fsck") == 0
    assert "1 erased (1 by an older erasure that counts and does not name them)" in capsys.readouterr().out
    empty([Disclosure.objects.get(entry=second, name="text").pk], erasure)
    assert wardmote("record", "fsck") == 1
    assert "it says that it erased 1, and 2 are empty in its name" in capsys.readouterr().out


def test_a_backdated_entry(twenty: list[Entry], publish: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    """An entry dated 20 days before its neighbours is named with both times, though all its hashes fit."""
    entry = publish(now=NOW - timedelta(days=20))
    publish(now=NOW + timedelta(minutes=1))
    publish(now=NOW + timedelta(minutes=1) - timedelta(hours=1))
    engine.sequence(NOW + timedelta(minutes=1))

    assert wardmote("record", "fsck") == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        f"misdated: entry 20 (id {entry.pk}): dated 2026-10-31T12:00:00.000Z, 20 days before entry 19, "
        "which is dated 2026-11-20T12:00:20.000Z"
    )


def test_an_entry_of_the_future(twenty: list[Entry], publish: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    """An entry dated after those that follow it is named; those that follow are not."""
    entry = publish(now=NOW + timedelta(days=3))
    publish(now=NOW + timedelta(minutes=1))
    publish(now=NOW + timedelta(minutes=1))
    engine.sequence(NOW + timedelta(minutes=1))

    assert wardmote("record", "fsck") == 1
    out = [line for line in capsys.readouterr().out.splitlines() if line.startswith("misdated")]
    said = "dated 2026-11-23T12:00:00.000Z, 2 days after entry 21, which is dated 2026-11-20T12:01:00.000Z"
    assert out == [f"misdated: entry 20 (id {entry.pk}): {said}"]


def test_the_sequencer_says_what_is_misdated(twenty: list[Entry], publish: Publish) -> None:
    """An entry that is far from the sequencer's clock is placed, and an entry of the sequencer's own says so."""
    old = publish(now=NOW - timedelta(days=20))
    publish(now=NOW + timedelta(minutes=1))
    engine.sequence(NOW + timedelta(minutes=1))
    engine.sequence(NOW + timedelta(minutes=1))
    (said,) = [found for found in recorded() if found.verb == "entry.misdated"]

    assert (said.subject, said.actor.kind, said.proven) == (Urn("entry", old.pk), "system", True)
    assert said.values == {"says": "2026-10-31T12:00:00.000Z", "clock": "2026-11-20T12:01:00.000Z", "entries": 1}


def recorded() -> list[queries.Recorded]:

    return [found for pk in Entry.objects.values_list("pk", flat=True) if (found := queries.entry(pk)) is not None]


@pytest.mark.parametrize("kept", ["checkpoint", "receipt"])
def test_what_was_kept_may_begin_with_a_byte_order_mark(
    twenty: list[Entry], tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: str
) -> None:
    """A checkpoint or receipt that an editor saved with a byte order mark is read as what it is."""
    words = {"checkpoint": ("checkpoint",), "receipt": ("prove", str(twenty[3].pk))}[kept]
    wardmote("record", *words)
    file = tmp_path / "kept"
    file.write_text(capsys.readouterr().out, encoding="utf-8-sig")

    assert wardmote("record", "fsck", "--against", str(file)) == 0


def test_a_receipt_with_a_byte_order_mark_is_checked(
    twenty: list[Entry], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`record check` reads it too."""
    wardmote("record", "checkpoint", "--key")
    key = capsys.readouterr().out.strip()
    wardmote("record", "prove", str(twenty[3].pk))
    file = tmp_path / "letter.json"
    file.write_text(capsys.readouterr().out, encoding="utf-8-sig")

    assert wardmote("record", "check", str(file), "--key", key) == 0
