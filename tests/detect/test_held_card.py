"""The part of the card that speaks of the held test set, and what the command prints of it."""

import csv
import io
import json
from importlib.resources import files
from typing import Any

from rich.console import Console
from tests.detect.held import guesses, knows_ships, toy_test_set

from wardmote.detect.training.cards.held_card import render_held
from wardmote.detect.training.data.testset import HEADLINE
from wardmote.detect.training.measure.judge import Held, judge, score
from wardmote.detect.training.measure.subgroup_errors import Posts, subgroup_errors
from wardmote.detect.training.measure.worst import worst
from wardmote.edges.cli.evaluated import print_held

POSTS = [f"we saw a fence number {number}" for number in range(50)]
SHOWN = {"flagged": 9, "below": {"value": 0.9, "low": 0.8, "high": 1.0}, "shown": 0.31, "at_random": None}
SPREAD = {"mean": 0.2, "least": 0.1, "most": 0.3}
LINE = {"model": "linear", "share": 0.4, "labels": 9, "positive": 2, "draws": 3, "ap_reweighted": SPREAD}
TITLES = ("knows: by category", "differences", "knows: by source", "The worst errors", "by group", "no longer")


def measured() -> dict[str, Any]:
    """Every figure that `assess` gives, of a scorer that knows and one that guesses."""
    test = toy_test_set()
    held = Held.of(test, seed=1, rounds=20)
    return {
        "judged": judge(test, {"knows": knows_ships, "guesses": guesses}, POSTS, 1, lambda _: None, rounds=20),
        "worst": worst(held, score(held, guesses, POSTS)),
        "fails": subgroup_errors(knows_ships, test, POSTS, Posts([], [], test.weights[:0]), 0.5),
        "explanations": {"violence.threat": {"test": SHOWN, "all": SHOWN}},
    }


def test_each_piece_stands_where_its_figures_do() -> None:
    """With every figure there is every piece, filled from the figures; without any there is nothing at all."""
    figures = measured() | {
        "speed": [{"name": "stage one", "posts_per_second": 301234.0, "ap_reweighted": SHOWN["below"]}],
        "curve": {
            "summary": [
                {"model": "linear", "share": 0.4, "labels": 9, "positive": 2, "draws": 3, "ap_reweighted": SPREAD}
            ]
        },
        "evasion": {"letters apart": {"recall": 0.8, "lost": 0.12, "low": 0.05, "high": 0.2}},
        "notes": {"speed": "Measured in a barn."},
    }
    page = render_held(json.loads(json.dumps(figures, sort_keys=True)))

    assert page.index("| knows | 1.000") < page.index("| guesses | 0.")
    assert page.index("| `violence` |") < page.index("| `violence.threat` |")
    assert "| knows | 1.000 (1.000–1.000) |" in page
    assert "| knows less guesses | 0." in page
    assert "| `violence.threat` | 60 |" in page
    assert "| stage one | 301,234 | 0.900 (0.800–1.000) |  |" in page
    assert "Measured in a barn." in page
    assert "| linear | 40% | 9 | 2 | 3 | 0.200 (0.100–0.300) | – |" in page
    assert "| letters apart | 80% | 12% (5%–20%) |" in page
    assert "| `violence.threat` | 9 | 0.900 (0.800–1.000) | 31% | – |" in page
    assert f"| {figures['worst']['misses'][0]['order']} | `a` |" in page
    assert "takes a ship | `violence.threat` |" in page
    assert "{" not in page
    assert render_held({}) == ""
    assert "## Tricks" not in render_held(measured())


def test_what_is_written_of_the_worst_is_of_test_rows() -> None:
    """Every row that `worst.json` describes is one of the test set, and the description quotes nothing."""
    words = json.loads(files("wardmote.detect").joinpath("data", "worst.json").read_text("utf-8"))
    drawn = csv.DictReader(files("wardmote.detect").joinpath("data", "test_set.csv").read_text("utf-8").splitlines())

    assert words
    assert set(words) <= {row["order"] for row in drawn}
    assert not any('"' in said or "@" in said for said in words.values())


def test_the_command_prints_every_answer() -> None:
    """Ranking by category and source, differences, the worst rows, groups and explanations are all printed."""
    console = Console(width=80, record=True, file=io.StringIO())
    figures = measured()
    print_held(console, figures)
    text = console.export_text()

    assert "239 posts" in text
    for title in (
        "knows: by category",
        "differences",
        "knows: by source",
        "The worst errors",
        "by group",
        "no longer",
    ):
        assert title in text
    assert HEADLINE in text
    assert str(figures["worst"]["alarms"][0]["order"]) in text
    assert "games and sport" in text
    assert "…" not in text
