"""Which entry is where: missing, doubled, reordered, added or changed, told apart by what the tree holds."""

from array import array
from dataclasses import dataclass

import numpy as np

from wardmote.ledger.audit.faults import Fault, Kind


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A place where what is found (the hash of the entry's bytes) is not what the tree expects."""

    index: int
    entry_id: int | None
    found: bytes | None
    expected: bytes | None


class OrderCheck:
    """Collects every entry's place in 16 bytes; what is wrong is named once all places are known."""

    def __init__(self) -> None:
        self._leaf_ids = array("q")
        self._places = array("q")
        self._wrong: dict[int, _Wrong] = {}
        self._extra: dict[int, int] = {}
        self._renamed: dict[int, tuple[int, int]] = {}
        self._gaps: list[_Wrong] = []
        self._beyond: set[bytes | None] = set()

    def stands(
        self, index: int, *, row_id: int, leaf_id: int | None, found: bytes, expected: bytes, first: bool
    ) -> None:
        """An entry is at `index`; `first` is false where another entry has the better claim to that place."""
        seat = len(self._places)
        self._places.append(index)
        self._leaf_ids.append(-1 - seat if leaf_id is None else leaf_id)
        if not first:
            self._extra[seat] = row_id
        elif found != expected:
            self._wrong[seat] = _Wrong(index, row_id, found, expected)
        if leaf_id not in (None, row_id):
            self._renamed[seat] = (index, row_id)

    def gap(self, index: int, expected: bytes | None) -> None:
        """There is no entry at `index`."""
        self._gaps.append(_Wrong(index, None, None, expected))

    def stands_beyond(self, found: bytes) -> None:
        """An entry is where no tree reaches; it may have been pushed out of its place."""
        self._beyond.add(found)

    def faults(self) -> list[Fault]:
        """Everything that is wrong, once every entry was shown."""
        doubled = self._doubled()
        faults = [
            Fault(Kind.DOUBLED, "two entries claim this place", index=self._places[seat], entry_id=row_id)
            for seat, row_id in self._extra.items()
        ]
        for seat, original in doubled.items():
            if seat not in self._extra:
                detail = f"the same entry stands at {self._places[original]}"
                faults.append(Fault(Kind.DOUBLED, detail, index=self._places[seat], entry_id=self._leaf_ids[seat]))
        for seat, (index, row_id) in self._renamed.items():
            if seat not in doubled and seat not in self._extra:
                detail = f"its leaf says that its id is {self._leaf_ids[seat]}"
                faults.append(Fault(Kind.CHANGED, detail, index=index, entry_id=row_id))
        return faults + self._displaced(doubled)

    def _displaced(self, doubled: dict[int, int]) -> list[Fault]:
        wrong = [*self._wrong.items(), *((-1, gap) for gap in self._gaps)]
        homes = {place.expected: place.index for _, place in wrong if place.expected is not None}
        found = self._beyond | {place.found for seat, place in wrong if seat not in doubled}
        faults = []
        for seat, place in wrong:
            replaced = place.expected is not None and place.expected not in found
            home = homes.get(place.found) if place.found is not None else None
            moved = home is not None and seat not in doubled
            if moved and home is not None:
                faults.append(_moved(place, home))
            if place.found is None:
                if replaced or place.expected is None:
                    faults.append(Fault(Kind.MISSING, "no entry stands here", index=place.index))
            elif replaced and (moved or seat in doubled):
                faults.append(Fault(Kind.MISSING, "the entry that was written here is gone", index=place.index))
            elif replaced:
                faults.append(_at(place, Kind.CHANGED, "the tree holds another hash here"))
            elif not moved and seat not in doubled:
                faults.append(_at(place, Kind.ADDED, "the tree never held this entry"))
        return faults

    def _doubled(self) -> dict[int, int]:
        """Seat of each copy → seat of the entry it repeats."""
        ids = np.array(self._leaf_ids, dtype=np.int64)
        ordered = np.sort(ids)
        copies: dict[int, int] = {}
        for repeated in np.unique(ordered[1:][ordered[1:] == ordered[:-1]]):
            seats = [int(seat) for seat in np.flatnonzero(ids == repeated)]
            seats.sort(key=lambda seat: (seat in self._extra, seat in self._wrong, seat in self._renamed, seat))
            copies |= dict.fromkeys(seats[1:], seats[0])
        return copies


def _moved(place: _Wrong, home: int) -> Fault:
    distance = abs(home - place.index)
    places = "1 place" if distance == 1 else f"{distance} places"
    return _at(place, Kind.REORDERED, f"it was written {places} {'later' if home > place.index else 'earlier'}")


def _at(place: _Wrong, kind: Kind, detail: str) -> Fault:
    return Fault(kind, detail, index=place.index, entry_id=place.entry_id)
