"""What a benchmark says, and the file it is written to."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, TypedDict

Params = dict[str, str | int]
RESULTS = Path(__file__).parent / "results.json"
_DIGITS = 4


class Machine(TypedDict):
    """What the figures were taken on; nothing that says whose machine it is. `memory` is in GiB."""

    cores: int
    memory: int
    python: str
    os: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure and its aim; `better` says on which side it should be. A peer did the same in the same run."""

    benchmark: str
    figure: str
    value: float
    unit: str
    aim: float
    better: Literal["lower", "higher"]
    params: Params = field(default_factory=dict)
    peer: str | None = None
    peer_value: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the figure, as it is written, reaches its aim."""
        value = rounded(self.value)
        return value <= self.aim if self.better == "lower" else value >= self.aim

    def as_row(self) -> dict[str, object]:
        """As it stands in the results: rounded to four significant digits, without a peer where there is none."""
        row = asdict(self)
        row["value"] = rounded(self.value)
        row["holds"] = self.holds
        if self.peer is None or self.peer_value is None:
            del row["peer"], row["peer_value"]
        else:
            row["peer_value"] = rounded(self.peer_value)
        order = ("benchmark", "figure", "params", "value", "unit", "aim", "better", "holds", "peer", "peer_value")
        return {name: row[name] for name in order if name in row}


def rounded(value: float) -> float:
    """To four significant digits: no figure here is known better."""
    return float(f"{value:.{_DIGITS}g}")


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def this_machine() -> Machine:
    """Cores that this process may use, memory, and the names of Python and the kernel."""
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "memory": round(memory / 2**30),
        "python": platform.python_version(),
        "os": f"{platform.system()} {platform.release().split('-')[0]}",
    }


def store(figures: Iterable[Figure], *, ran: Iterable[str], path: Path = RESULTS) -> dict[str, object]:
    """Write the results of those that `ran`; what others said before on this machine stays. Gives the whole."""
    machine = this_machine()
    kept: list[dict[str, object]] = []
    if path.exists():
        before = json.loads(path.read_text("utf-8"))
        if before["machine"] == machine:
            kept = [row for row in before["figures"] if row["benchmark"] not in set(ran)]
    rows = sorted(kept + [figure.as_row() for figure in figures], key=lambda row: str(row["benchmark"]))
    results: dict[str, object] = {"machine": machine, "figures": rows}
    path.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    return results
