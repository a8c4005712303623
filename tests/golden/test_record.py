"""Verbs, kinds of URNs, contents and ids in the record are those of the golden lists."""

import ast
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.golden.frozen import frozen, hold
from tests.golden.verbs import SOURCE, facts, verbs

from wardmote.kernel import ids
from wardmote.kernel.urn import SYSTEM, Urn
from wardmote.ledger import Kind, Leaf, commit, leaf_hash
from wardmote.record.policy import CONTENTS, STORY

MOMENT = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)


def kinds() -> set[str]:
    """Every kind of subject that the source names."""
    return {kind for path in sorted(SOURCE.rglob("*.py")) for kind in _kinds_in(path)}


def _kinds_in(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    if "Urn(" not in text:
        return set()
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    named = (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Urn" and call.args)
    return {str(name.value) for name in named if isinstance(name, ast.Constant)}


def leaf_of(verb: str) -> bytes:
    """A leaf of that verb, all else being the same."""
    facts = {"fact": commit(bytes(32), b'"value"')}
    return Leaf(1, MOMENT, SYSTEM, verb, Urn("post", 2), Urn("community", 3), facts).encode()


def test_no_verb_of_the_record_changes() -> None:
    """Entries of every verb lie in records that nobody can edit."""
    hold("verbs", verbs())


def test_no_fact_of_an_entry_changes_its_name() -> None:
    """A commitment is opened by the name that it was made under."""
    hold("facts", facts())


def test_no_kind_of_subject_changes() -> None:
    """URNs stand in leaves, rows and documents of others."""
    hold("urn-kinds", {str(Urn(kind, 1)) for kind in kinds()})


def test_the_leaf_of_every_verb_has_the_same_bytes() -> None:
    """A proof that was handed out verifies for good: not a byte of a leaf may move."""
    hold("leaves", {f"{verb} {leaf_hash(leaf_of(verb)).hex()}" for verb in frozen("verbs")})


def test_what_can_be_erased_stays_erasable() -> None:
    """A check of an old record reads which names of which verbs are content."""
    hold("contents", {f"{verb} {name}" for verb, names in CONTENTS.items() for name in names} | {f"story {STORY}"})


def test_the_words_for_faults_stay() -> None:
    """Scripts read the first word of a line of `wardmote record fsck`."""
    hold("faults", [kind.value for kind in Kind])


def test_ids_keep_their_layout(monkeypatch: pytest.MonkeyPatch) -> None:
    """42 bits of milliseconds, 10 of a node, 11 of a sequence: every stored id is read and sorted so."""
    monkeypatch.setenv("WARDMOTE_NODE", "5")
    source = ids._Source()  # noqa: SLF001
    made = [source.next(1_795_000_000_123), source.next(1_795_000_000_123)]
    rows = [f"node 5, millisecond 1795000000123: {identifier}" for identifier in made]

    hold("ids", [*rows, f"largest: {ids.MAX_ID}", f"{made[0]} is of {ids.moment_of(made[0]).isoformat()}"])
