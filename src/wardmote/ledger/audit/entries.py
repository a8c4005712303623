"""Checks of one entry by itself: its bytes, its columns, and what its commitments stand for."""

from collections.abc import Iterator

from wardmote.ledger.audit.erasures import Contents, ErasureCheck
from wardmote.ledger.audit.faults import Fault, Kind
from wardmote.ledger.audit.reader import StoredEntry
from wardmote.ledger.commitment import check_opening
from wardmote.ledger.errors import LedgerError
from wardmote.ledger.leaf import ERASED, Leaf


class EntryCheck:
    """Checks entry after entry; what was erased is settled by `erasures` at the end."""

    def __init__(self, contents: Contents) -> None:
        self.disclosed = 0
        self.erased = 0
        self.erasures = ErasureCheck(contents)

    def check(self, entry: StoredEntry, digest: bytes) -> tuple[Leaf | None, list[Fault]]:
        """The leaf of `entry`, None if it has none, and what is wrong with it; `digest` is the hash of its bytes."""
        wrong = []
        if digest != entry.leaf_hash:
            wrong.append("its bytes do not match its leaf hash")
        try:
            leaf = Leaf.decode(entry.leaf)
        except LedgerError as error:
            wrong.append(str(error))
            return None, [_fault(entry, Kind.CHANGED, "; ".join(wrong))]
        filed = (entry.subject, entry.community)
        if filed != (str(leaf.subject), "" if leaf.community is None else str(leaf.community)):
            wrong.append("it is filed under another subject or community than its leaf says")
        if leaf.verb == ERASED:
            self.erasures.erases(entry, leaf)
        faults = [_fault(entry, Kind.CHANGED, "; ".join(wrong))] if wrong else []
        faults += [_fault(entry, Kind.DISCLOSURE, detail) for detail in self._disclosures(entry, leaf)]
        return leaf, faults

    def _disclosures(self, entry: StoredEntry, leaf: Leaf) -> Iterator[str]:
        lost = set(leaf.commitments)
        for disclosure in entry.disclosures:
            commitment = leaf.commitments.get(disclosure.name)
            if commitment is None:
                yield f"its leaf commits to nothing called {disclosure.name}"
                continue
            lost.discard(disclosure.name)
            if disclosure.salt is None or disclosure.content is None:
                self.erased += 1
                if wrong := self.erasures.is_empty(entry, leaf, disclosure):
                    yield wrong
                continue
            self.disclosed += 1
            try:
                check_opening(commitment, disclosure.salt, disclosure.content)
            except LedgerError:
                yield f"{disclosure.name} is not what the entry committed to"
        for name in sorted(lost):
            yield f"{name} is lost"


def _fault(entry: StoredEntry, kind: Kind, detail: str) -> Fault:
    return Fault(kind, detail, index=entry.index, entry_id=entry.id)
