"""What another log is to us."""

from enum import StrEnum


class KeyState(StrEnum):
    """Where a known key is in its life.

    `announced`: its log's present key has said that it follows, and it has not spoken yet. `contested`: two keys came
    under one name, or one key under two names, before that was refused; the operator settles it.
    """

    CURRENT = "current"
    ANNOUNCED = "announced"
    RETIRED = "retired"
    CONTESTED = "contested"
