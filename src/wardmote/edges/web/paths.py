"""What may be in an address."""

from wardmote.kernel.handles import WRITTEN
from wardmote.kernel.ids import MAX_ID


class HandlePath:
    """A handle; upper case is taken as lower case."""

    regex = WRITTEN

    def to_python(self, value: str) -> str:
        return value.lower()

    def to_url(self, value: str) -> str:
        return value


class IdPath:
    """An id that the database can hold: anything larger is no address at all."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > MAX_ID:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        return str(value)


class NumberPath(IdPath):
    """A small number, such as a version's."""

    regex = "[1-9][0-9]{0,8}"


class PlacePath(IdPath):
    """A place in the record; the first is 0."""

    regex = "0|[1-9][0-9]{0,14}"
