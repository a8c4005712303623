"""The files of a cascade, and what reads each. A stage is swapped here, and nowhere else in the cascade."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wardmote.detect.models.linear import NAME as LINEAR

if TYPE_CHECKING:
    from wardmote.detect.models.stage import ReadingStage, WordStage

NAME = "wardmote-cascade"


@dataclass(frozen=True, slots=True)
class CascadeFiles:
    """A folder that holds a cascade: the one that ships, or one that was just made."""

    folder: Path = Path(__file__).parents[1] / "weights"

    @property
    def linear(self) -> Path:
        """The weights of the first stage."""
        return self.folder / f"{LINEAR}.npz"

    @property
    def student(self) -> Path:
        """The network of the second stage."""
        return self.folder / "wardmote-student.npz"

    @property
    def language(self) -> Path:
        """The language model of the third stage."""
        return self.folder / "wardmote-language.onnx"

    @property
    def vocabulary(self) -> Path:
        """Its word pieces."""
        return self.folder / "wardmote-language.vocab.txt"

    @property
    def plan(self) -> Path:
        """When each stage is asked, and what its answer means."""
        return self.folder / f"{NAME}.json"

    @property
    def making(self) -> Path:
        """The facts of how it was made, for the card; this file does not ship."""
        return self.folder / f"{NAME}.making.json"

    @property
    def weighed(self) -> tuple[Path, ...]:
        """Those whose size the card gives."""
        return self.linear, self.student, self.language, self.plan

    def second(self) -> WordStage:
        """Read the second stage, now. Raises `WeightsError`."""
        from wardmote.detect.models.student import Student

        return Student.load(self.student)

    def third(self) -> ReadingStage:
        """Return the third stage, which reads its files at the first text."""
        from wardmote.detect.models.transformer import Transformer

        return Transformer(self.language, self.vocabulary)
