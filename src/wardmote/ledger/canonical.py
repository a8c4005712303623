"""JSON in its one canonical form (RFC 8785), both ways."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import rfc8785

from wardmote.ledger.errors import FormatError

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
"""A JSON value; at run time its containers are `list`, `tuple` and `dict`."""

_EXACT_INTEGER = 2**53 - 1


def canonical_bytes(value: Json) -> bytes:
    """`value` as RFC 8785 UTF-8 bytes.

    Raises FormatError for what JSON cannot hold exactly: NaN, integers beyond 2**53 - 1 (write an id as a string),
    lone surrogates, keys that are not strings, other types.
    """
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        raise FormatError(f"cannot be written as canonical JSON: {error}") from error


def parse_json(text: str | bytes) -> Json:
    """The value of a JSON text; raises FormatError for anything that two readers could understand differently."""
    try:
        value: Json = json.loads(
            text, parse_int=_parse_integer, parse_constant=_refuse_constant, object_pairs_hook=_unique_pairs
        )
    except (ValueError, RecursionError) as error:
        raise FormatError(f"not JSON: {error}") from error
    return value


def _parse_integer(digits: str) -> int | float:
    # RFC 8785 writes 1e20 as 100000000000000000000: beyond the exact integers a JSON number is a float.
    number = float(digits)
    return int(digits) if abs(number) <= _EXACT_INTEGER else number


def _refuse_constant(name: str) -> Any:
    raise FormatError(f"{name} is not JSON")


def _unique_pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FormatError("a key is given twice")
    return found
