"""The reference page of the ladder says what the ladder does."""

from dataclasses import fields
from pathlib import Path

import pytest

from wardmote.hosting.policy.items import MOVES
from wardmote.hosting.policy.kinds import AnswerKind, ClockName, Finding, ItemStatus, NoticeKind, Stage
from wardmote.hosting.policy.ladder import BY_HAND, CLOCK_OF, STEPS
from wardmote.hosting.policy.notices import BRINGS
from wardmote.hosting.policy.preconditions import Precondition
from wardmote.hosting.policy.terms import Terms

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "ladder.md").read_text(encoding="utf-8")


def step_rows() -> list[str]:
    return [
        f"| `{from_}` | `{to}` | {' '.join(need.sentence for need in needs) or '–'} |"
        for (from_, to), needs in STEPS.items()
    ]


def precondition_rows() -> list[str]:
    return [
        f"| {p.number} | `{p}` | {p.sentence} | {', '.join(f'`{part}`' for part in p.parts) or 'computed'} |"
        for p in Precondition
    ]


def status_rows() -> list[str]:
    return [
        f"| `{status}` | {', '.join(f'`{to}`' for to in ItemStatus if to in MOVES[status]) or '–'} |"
        for status in MOVES
    ]


def clock_rows() -> list[str]:
    of = {name: f"`{stage}`" for stage, name in CLOCK_OF.items()}
    of |= {ClockName.CURE: "each item, from the delivery of the notice", ClockName.REVIEW: "a disputed item"}
    hours = {field.name: getattr(Terms(), field.name) for field in fields(Terms)}
    return [f"| `{name}` | {of[name]} | {hours[name]} | {'yes' if name.customers else 'no'} |" for name in ClockName]


@pytest.mark.parametrize("rows", [step_rows, precondition_rows, status_rows, clock_rows])
def test_the_page_holds_every_row(rows: "object") -> None:
    """Each step, precondition, status and clock stands on the page as the code has it, and no other."""
    expected = rows()  # type: ignore[operator]
    start = PAGE.index(expected[0])
    table = PAGE[start:].split("\n\n")[0].strip().split("\n")

    assert table == expected


def test_the_page_names_every_word() -> None:
    """Stages, findings, letters and answers are all explained."""
    words = [*Stage, *Finding, *NoticeKind, *AnswerKind, *ItemStatus]

    assert [word for word in words if f"`{word}`" not in PAGE] == []


def test_the_page_says_what_is_done_by_hand_and_by_letter() -> None:
    """Which steps staff take alone, and which letter brings which stage about."""
    by_hand = next(line for line in PAGE.splitlines() if line.startswith("By hand"))

    assert [stage for stage in Stage if (f"`{stage}`" in by_hand) != (stage in BY_HAND)] == []
    assert [kind for kind, stage in BRINGS.items() if f"| `{kind}` | `{stage}` |" not in PAGE] == []
