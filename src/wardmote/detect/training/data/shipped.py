"""The files beside the code that training, measuring and the cards read: they come with the checkout, not the wheel."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from wardmote.detect.errors import DataMissing


def training_file(name: str) -> Traversable:
    """Return a file of `detect/data` that only training reads. Raises `DataMissing` where the package has none."""
    found = files("wardmote.detect").joinpath("data", name)
    if not found.is_file():
        raise DataMissing(
            f"this installation has no training data (data/{name}): it comes with the source checkout; "
            "run the command there, after: pip install -e '.[train]'"
        )
    return found


def training_text(name: str) -> str:
    """Return the text of such a file. Raises `DataMissing`."""
    return training_file(name).read_text("utf-8")
