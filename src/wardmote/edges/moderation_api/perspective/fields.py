"""JSON as Google's front reads it: names in either spelling, null for absent, and a refusal for every stranger."""

import math
import re
from collections.abc import Mapping
from typing import Any

from wardmote.edges.moderation_api.perspective.refusals import malformed

_UPPER = re.compile("_([a-z0-9])")


class Fields:
    """One JSON object of a request; `path` names it in refusals. Every field there is must be taken, then `close`d."""

    def __init__(self, value: object, path: str = "", known: frozenset[str] = frozenset()) -> None:
        if not isinstance(value, Mapping):
            raise malformed(f"Invalid value at '{path or 'body'}', an object is expected", path)
        self._path = path
        self._values: dict[str, Any] = {}
        for name, content in value.items():
            spelled = _UPPER.sub(lambda match: match[1].upper(), name)
            if spelled not in known:
                where = f' at "{path}"' if path else ""
                raise malformed(
                    f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.', path
                )
            if content is not None:
                self._values[spelled] = content

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def at(self, name: str) -> str:
        """The full name of a field, for a refusal."""
        return f"{self._path}.{name}" if self._path else name

    def raw(self, name: str) -> Any:
        return self._values.get(name)

    def text(self, name: str) -> str:
        value = self._values.get(name, "")
        if not isinstance(value, str):
            raise self._wrong(name, value, "TYPE_STRING")
        return value

    def flag(self, name: str) -> bool:
        value = self._values.get(name, False)
        if not isinstance(value, bool):
            raise self._wrong(name, value, "TYPE_BOOL")
        return value

    def number(self, name: str) -> float:
        value = self._values.get(name, 0.0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._wrong(name, value, "TYPE_FLOAT")
        return float(value)

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong(name, value, "TYPE_STRING")
        return tuple(value)

    def _wrong(self, name: str, value: object, kind: str) -> Exception:
        return malformed(f"Invalid value at '{self.at(name)}' ({kind}), {str(value)[:40]!r}", self.at(name))
