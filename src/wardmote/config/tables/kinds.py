"""How a kind of row is held against the record: what it shows, what its entries say, which entries promise one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from django.db.models import Model, QuerySet

from wardmote.kernel.clock import to_rfc3339
from wardmote.kernel.urn import Urn
from wardmote.ledger import FormatError, parse_json
from wardmote.record.queries import Recorded

Values = dict[str, Any]
"""What is shown, or what was committed to, by name."""


class _Erased:
    def __repr__(self) -> str:
        return "erased"


ERASED: Final = _Erased()
"""In place of a value that the record says was erased: what shows it must be empty."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it shows, and the subject under which the record speaks of it."""

    pk: int
    subject: str
    shown: Values
    beside: Values = field(default_factory=dict)
    """What `told` needs to know of rows and entries around it; compared with nothing."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of row. `told` gives what a row's entries say, or None where none of them made it.

    `promised` maps a verb to the id of the row that such an entry promises, None where it promises none.
    """

    name: str
    model: type[Model]
    rows: Callable[[Iterable[int]], list[Row]]
    told: Callable[[Row, Sequence[Recorded]], Values | None]
    promised: Mapping[str, Callable[[Recorded], int | None]] = field(default_factory=dict)

    def ids(self, after: int, limit: int) -> list[int]:
        """The ids of the next rows."""
        return list(_all(self.model).filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:limit])

    def there(self, ids: Iterable[int]) -> set[int]:
        """Which of these rows there are."""
        return set(_all(self.model).filter(pk__in=list(ids)).values_list("pk", flat=True))


def _all(model: type[Model]) -> "QuerySet[Any]":
    return model._default_manager.all()  # noqa: SLF001 - Django's documented way to ask any model


def of_subject(entry: Recorded) -> int:
    """The id of the row that the entry is about."""
    return entry.subject.id


def named_in(fact: str) -> Callable[[Recorded], int | None]:
    """The id of the row whose URN is the entry's fact `fact`."""

    def read(entry: Recorded) -> int | None:
        value = entry.values.get(fact)
        try:
            return Urn.parse(value).id if isinstance(value, str) else None
        except ValueError:
            return None

    return read


def take(told: Values, entry: Recorded, *names: str, **renamed: str) -> None:
    """Let an entry say what it says of these names, or of `column=fact`."""
    for column, fact in [*((name, name) for name in names), *renamed.items()]:
        if fact in entry.erased:
            told[column] = ERASED
        elif fact in entry.values:
            told[column] = entry.values[fact]


def plain(making: str, *names: str, **renamed: str) -> Callable[[Row, Sequence[Recorded]], Values | None]:
    """For a row that the entry `making` tells of, and that whatever comes later of the same name changes."""

    def told(_row: Row, entries: Sequence[Recorded]) -> Values | None:
        found: Values = {}
        for entry in entries:
            take(found, entry, *names, **renamed)
        return found if any(entry.verb == making for entry in entries) else None

    return told


def dated(
    told: Callable[[Row, Sequence[Recorded]], Values | None], making: str, column: str
) -> Callable[[Row, Sequence[Recorded]], Values | None]:
    """The same, with the moment of the entry `making`, and its community and actor where the row shows such."""

    def with_date(row: Row, entries: Sequence[Recorded]) -> Values | None:
        found = told(row, entries)
        made = next((entry for entry in entries if entry.verb == making), None)
        if found is None or made is None:
            return found
        said = {column: at(made.time), "community": made.community and str(made.community), "actor": str(made.actor)}
        return {**{name: value for name, value in said.items() if name in row.shown}, **found}

    return with_date


def urn(kind: str, identifier: int | None) -> str | None:
    """A URN as the record writes it."""
    return None if identifier is None else str(Urn(kind, identifier))


def at(moment: datetime | None) -> str | None:
    """A moment as the record writes it."""
    return None if moment is None else to_rfc3339(moment)


def any_of(shown: Any, allowed: Sequence[Any]) -> Any:
    """What is shown where it is one of these, else the newest of them; None where there are none."""
    return shown if shown in allowed else allowed[-1] if allowed else None


def hashed(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes, lower-case hex."""
    return sha256(text.encode()).hexdigest()


def part(document: str, name: str) -> Any:
    """What a stored document says under a name; None where it says nothing or is none."""
    try:
        fields = parse_json(document)
    except FormatError:
        return None
    return fields.get(name) if isinstance(fields, dict) else None
