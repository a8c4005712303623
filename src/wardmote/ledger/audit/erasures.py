"""What was emptied, held against the entries that say so. A disclosure may be empty only if it is somebody's content,
and an erasure about that very person, placed after it, accounts for it.

An erasure names what it erases: its fact `erased` maps the name of each content to the ids of the entries it was in,
its fact `contents` counts them. Erasures of before that was so only count; exactly as many may be empty.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wardmote.kernel.urn import Urn
from wardmote.ledger.audit.faults import Fault, Kind
from wardmote.ledger.audit.reader import StoredDisclosure, StoredEntry
from wardmote.ledger.canonical import Json, canonical_bytes, parse_json
from wardmote.ledger.errors import LedgerError
from wardmote.ledger.leaf import Leaf

COUNTED = "contents"
NAMED = "erased"
_UNPLACED = 2**62

Contents = Mapping[str, frozenset[str]]
"""Verb → the names of what is a person's content in such an entry, and may be erased; everything else never is."""


def named(erased: Iterable[tuple[int, str]]) -> dict[str, list[str]]:
    """The value of the fact `erased`: each content's name → the ids of the entries, as text, in their order."""
    found: dict[str, list[int]] = {}
    for entry_id, name in erased:
        found.setdefault(name, []).append(entry_id)
    return {name: [str(entry_id) for entry_id in sorted(ids)] for name, ids in sorted(found.items())}


def owners(actor: Urn, subject: Urn, facts: Mapping[str, Json]) -> set[str]:
    """Whose the contents of an entry can be: its actor's, its subject's, or the recipient's of what was sent."""
    recipient = facts.get("recipient")
    return {str(actor), str(subject)} | ({recipient} if isinstance(recipient, str) else set())


@dataclass(slots=True)
class _Emptied:
    """What points to one erasure, in about 30 bytes each."""

    places: "array[int]" = field(default_factory=lambda: array("q"))
    ids: "array[int]" = field(default_factory=lambda: array("q"))
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Erasure:
    """An entry that erases; `raw` are its facts as stored, which are read once they are needed."""

    entry: tuple[int | None, int]
    about: str
    raw: Mapping[str, bytes]

    def count(self) -> int | None:
        """How many contents it says were erased; None where it does not say."""
        value = _read(self.raw.get(COUNTED))
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def names(self) -> set[tuple[int, str]] | None:
        """What it names; None for an erasure that only counts."""
        if NAMED not in self.raw:
            return None
        value = _read(self.raw[NAMED])
        if not isinstance(value, Mapping):
            return set()
        return {
            (int(entry_id), name)
            for name, ids in value.items()
            if isinstance(ids, Sequence) and not isinstance(ids, str)
            for entry_id in ids
            if isinstance(entry_id, str) and entry_id.isascii() and entry_id.isdecimal()
        }


class ErasureCheck:
    """Collects what is empty and what erases; an erasure is after what it erased, so all is settled at the end."""

    def __init__(self, contents: Contents) -> None:
        self.unnamed = 0
        self._contents = contents
        self._erasures: dict[int, _Erasure] = {}
        self._emptied: dict[int, _Emptied] = {}
        self._about: dict[tuple[int, str], Fault] = {}
        self._words: dict[str, str] = {}

    def erases(self, entry: StoredEntry, leaf: Leaf) -> None:
        """`entry` says that it erased."""
        raw = {found.name: found.content for found in entry.disclosures if found.content is not None}
        facts = {name: raw[name] for name in (COUNTED, NAMED) if name in raw and name in leaf.commitments}
        # A fact that is committed to and lost names nothing; it is a fault of its own.
        if NAMED in leaf.commitments:
            facts.setdefault(NAMED, b"{}")
        self._erasures[leaf.id] = _Erasure((entry.index, leaf.id), str(leaf.subject), facts)

    def is_empty(self, entry: StoredEntry, leaf: Leaf, disclosure: StoredDisclosure) -> str:
        """Note an emptied disclosure; what is wrong with it whatever the erasure says, or nothing."""
        name, erased_by, about = disclosure.name, disclosure.erased_by, disclosure.about
        if disclosure.salt is not None or disclosure.content is not None or erased_by is None or not about:
            return f"{name} was emptied without an entry that says so"
        if name not in self._contents.get(leaf.verb, ()):
            return f"{name} was emptied, and it is a fact, which nothing can erase"
        if about not in owners(leaf.actor, leaf.subject, _facts(entry)):
            return f"{name} was emptied as if it were about {about}"
        emptied = self._emptied.setdefault(erased_by, _Emptied())
        emptied.places.append(_UNPLACED if entry.index is None else entry.index)
        emptied.ids.append(entry.id)
        emptied.names.append(self._words.setdefault(name, name))
        self._about.setdefault((erased_by, about), _fault(entry.index, entry.id, _unsaid(name)))
        return ""

    def settle(self, size: int) -> list[Fault]:
        """What no erasure accounts for. Of one that is beyond `size` not all need be seen: it may be under way."""
        faults = []
        for (erased_by, about), fault in self._about.items():
            erasure = self._erasures.get(erased_by)
            if erasure is not None and erasure.about != about:
                faults.append(fault)
        for erased_by, emptied in self._emptied.items():
            faults += self._account(self._erasures.get(erased_by), emptied)
        for entry_id, erasure in self._erasures.items():
            faults += self._done(erasure, self._emptied.get(entry_id, _Emptied()), size)
        return faults

    def _account(self, erasure: _Erasure | None, emptied: _Emptied) -> Iterator[Fault]:
        names = None if erasure is None else erasure.names()
        rows = zip(emptied.places, emptied.ids, emptied.names, strict=True)
        for place, entry_id, name in rows:
            index = None if place == _UNPLACED else place
            if erasure is None:
                yield _fault(index, entry_id, _unsaid(name))
            elif _order(erasure.entry) <= (place, entry_id):
                yield _fault(index, entry_id, f"{name} was emptied by an erasure that is older (id {erasure.entry[1]})")
            elif names is not None and (entry_id, name) not in names:
                detail = f"{name} was emptied, and the erasure it points to (id {erasure.entry[1]}) does not name it"
                yield _fault(index, entry_id, detail)

    def _done(self, erasure: _Erasure, emptied: _Emptied, size: int) -> Iterator[Fault]:
        index, entry_id = erasure.entry
        count, names, empty = erasure.count(), erasure.names(), len(emptied.ids)
        whole = index is not None and index < size
        if names is None:
            self.unnamed += empty
            if count is None or empty > count or (whole and empty < count):
                said = "does not say how many contents it erased" if count is None else f"says that it erased {count}"
                yield _fault(index, entry_id, f"it {said}, and {empty} are empty in its name")
            return
        if count != len(names):
            yield _fault(index, entry_id, f"it counts {count} contents and names {len(names)}")
        if whole:
            for other, name in sorted(names - set(zip(emptied.ids, emptied.names, strict=True))):
                yield _fault(None, other, f"{name} is not empty, and the erasure (id {entry_id}) says that it is")


def _order(entry: tuple[int | None, int]) -> tuple[int, int]:
    index, entry_id = entry
    return _UNPLACED if index is None else index, entry_id


def _facts(entry: StoredEntry) -> dict[str, Json]:
    return {found.name: _read(found.content) for found in entry.disclosures if found.name == "recipient"}


def _read(raw: bytes | None) -> Json:
    try:
        value = None if raw is None else parse_json(raw)
        return value if raw == canonical_bytes(value) else None
    except LedgerError:
        return None


def _unsaid(name: str) -> str:
    return f"{name} was emptied without an entry that says so"


def _fault(index: int | None, entry_id: int, detail: str) -> Fault:
    return Fault(Kind.DISCLOSURE, detail, index=index, entry_id=entry_id)
