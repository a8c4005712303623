import argparse
import json
from pathlib import Path

import pytest
from tests.record.cast import Publish

from wardmote.edges.cli.record import register
from wardmote.ledger import Signer
from wardmote.outside.signing import make_key, read_key
from wardmote.record import queries
from wardmote.record.models import Entry

pytestmark = pytest.mark.django_db


def wardmote(*words: str) -> int:
    """Run `wardmote …` and give its exit status."""
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers(required=True))
    arguments = parser.parse_args(words)
    status = arguments.handler(arguments)
    assert isinstance(status, int)
    return status


def test_verify_says_that_all_is_well(twenty: list[Entry], capsys: pytest.CaptureFixture[str]) -> None:
    """A sound record is one line and status 0."""
    assert wardmote("record", "verify") == 0
    assert capsys.readouterr().out == (
        "sound: 20 entries under 3 checkpoints, 0 waiting, 40 commitments opened, 0 erased\n"
    )


def test_verify_names_the_first_bad_entry(twenty: list[Entry], capsys: pytest.CaptureFixture[str]) -> None:
    """Of several faults the first entry's is printed, the others are counted, and the status is 1."""
    for index in (4, 11):
        Entry.objects.filter(index=index).update(leaf_hash=bytes(32))

    assert wardmote("record", "verify") == 1
    assert capsys.readouterr().out == (
        f"changed: entry 4 (id {twenty[4].pk}): its bytes do not match its leaf hash\n"
        "and 1 more; `wardmote record fsck` names them all\n"
    )


def test_fsck_names_everything(twenty: list[Entry], capsys: pytest.CaptureFixture[str]) -> None:
    """Each fault is a line, and the last line counts them."""
    for index in (4, 11):
        Entry.objects.filter(index=index).update(leaf_hash=bytes(32))

    assert wardmote("record", "fsck") == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" (")[0] for line in lines[:2]] == ["changed: entry 4", "changed: entry 11"]
    assert lines[2].startswith("2 faults: 20 entries")


def test_fsck_takes_what_others_kept(twenty: list[Entry], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Receipts and checkpoints are read from files; a file that proves nothing is named."""
    wardmote("record", "checkpoint")
    (tmp_path / "kept.note").write_text(capsys.readouterr().out)
    wardmote("record", "prove", str(twenty[3].pk), "--disclose", "text")
    (tmp_path / "letter.json").write_text(capsys.readouterr().out)
    (tmp_path / "rubbish").write_text("rubbish")
    files = [str(tmp_path / name) for name in ("kept.note", "letter.json")]

    assert wardmote("record", "fsck", "--against", *files) == 0
    assert capsys.readouterr().out.startswith("sound: ")
    assert wardmote("record", "fsck", "--against", str(tmp_path / "rubbish")) == 1
    assert capsys.readouterr().out.startswith(f"kept: {tmp_path / 'rubbish'}: not a signed note")


def test_a_receipt_is_checked_without_the_record(
    twenty: list[Entry], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other side needs the file and the public key; a changed file is refused with status 1."""
    wardmote("record", "checkpoint", "--key")
    key = capsys.readouterr().out.strip()
    wardmote("record", "prove", str(twenty[3].pk), "--disclose", "text", "score")
    file = tmp_path / "letter.json"
    file.write_text(capsys.readouterr().out)

    assert wardmote("record", "check", str(file), "--key", key) == 0
    assert capsys.readouterr().out.splitlines()[0] == "proven: entry 3 of 20 in wardmote.test/record"
    fields = json.loads(file.read_text())
    fields["disclosures"]["text"]["value"] = "post 5"
    file.write_text(json.dumps(fields))
    assert wardmote("record", "check", str(file), "--key", key) == 1


def test_a_public_key_is_enough_to_verify(twenty: list[Entry], home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a machine without the private key the record is checked with the public one; with another it is not sound."""
    key = queries.verifier_key()
    (home / "keys" / "record.ed25519").unlink()
    other = home / "other"
    make_key(other)

    assert wardmote("record", "verify", "--key", key) == 0
    assert wardmote("record", "verify", "--key", str(Signer("wardmote.test/record", read_key(other)).verifier)) == 1
    assert capsys.readouterr().out.splitlines()[1].startswith("signature: the checkpoint of size 5: not signed by")
    assert wardmote("record", "verify", "--key", key[:-4]) == 2


def test_what_cannot_be_done_is_one_line(publish: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown entry, an entry without a place, a missing file: one line on stderr and a status other than 0."""
    entry = publish()
    attempts = [
        (2, ("prove", "5")),
        (1, ("prove", str(entry.pk))),
        (1, ("checkpoint",)),
        (1, ("checkpoint", "--key")),
        (1, ("verify",)),
        (1, ("fsck",)),
        (2, ("fsck", "--against", str(tmp_path / "nowhere"))),
    ]
    for status, words in attempts:
        assert wardmote("record", *words) == status
        captured = capsys.readouterr()

        assert captured.out == ""
        assert captured.err.startswith("wardmote record: ")
        assert captured.err.count("\n") == 1
