"""Lists of known content, held in the memory of a process and read again when they have changed."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from wardmote.detect.lists.known import WITHIN, ImageList, Kind, Probe, TextList
from wardmote.moderation import queries
from wardmote.moderation.policy import ListMatch
from wardmote.moderation.queries import ListView, Stamp

_BITS = 256


@dataclass(frozen=True, slots=True)
class _Loaded:
    """One list, ready to match."""

    about: ListView
    texts: TextList
    text_ids: list[int]
    images: ImageList
    image_ids: list[int]

    def match(self, entry_id: int, alike: float) -> ListMatch:
        about = self.about
        return ListMatch(about.list_id, about.name, about.purpose, about.category, about.score, entry_id, alike)


class KnownContent:
    """What the lists of each community match. Loading takes about a second for 100,000 entries, once for a change."""

    def __init__(self) -> None:
        self._loaded: dict[int, dict[Stamp, _Loaded]] = {}
        self._lock = threading.Lock()

    def match_text(self, *, community_id: int, text: str) -> tuple[ListMatch, ...]:
        """For each list that the text is on, the entry that it is or is most like."""
        return self.match_texts(community_id=community_id, texts=[text])[0]

    def match_texts(self, *, community_id: int, texts: Sequence[str]) -> list[tuple[ListMatch, ...]]:
        """The same of each text, looking once whether the lists have changed."""
        lists = self._lists(community_id)
        return [_find(lists, Probe(text)) if lists else () for text in texts]

    def match_image(self, *, community_id: int, pdq: bytes, quality: int) -> tuple[ListMatch, ...]:
        """For each list that an image of this PDQ hash is on, the nearest entry; none below the least quality."""
        found = []
        for known in self._lists(community_id):
            near = known.images.near(pdq, quality=quality, within=WITHIN)
            if near:
                place, apart = near[0]
                found.append(known.match(known.image_ids[place], 1 - apart / _BITS))
        return tuple(found)

    def _lists(self, community_id: int) -> list[_Loaded]:
        stamps = queries.list_stamps(community_id=community_id)
        if not stamps:
            self._loaded.pop(community_id, None)
            return []
        have = self._loaded.get(community_id, {})
        if tuple(have) != stamps:
            # One thread loads; the others wait for it rather than load the same beside it.
            with self._lock:
                have = self._loaded.get(community_id, {})
                if tuple(have) != stamps:
                    views = {view.list_id: view for view in queries.lists(community_id=community_id)}
                    have = {s: have.get(s) or _load(views[s.list_id]) for s in stamps if s.list_id in views}
                    self._loaded[community_id] = have
        return list(have.values())


def _find(lists: Sequence[_Loaded], probe: Probe) -> tuple[ListMatch, ...]:
    found = ((known, known.texts.find(probe)) for known in lists)
    return tuple(known.match(known.text_ids[entry.place], entry.alike) for known, entry in found if entry is not None)


def _load(view: ListView) -> _Loaded:
    rows = list(queries.list_rows(list_id=view.list_id))
    texts = [row for row in rows if row.kind is not Kind.PDQ]
    images = [row for row in rows if row.kind is Kind.PDQ]
    return _Loaded(
        view,
        TextList([row.value for row in texts], [row.signature for row in texts]),
        [row.entry_id for row in texts],
        ImageList([row.value for row in images]),
        [row.entry_id for row in images],
    )


known_content = KnownContent()
"""This process's."""
