"""`wardmote detect`: train, evaluate, explain and describe the model that ships with Wardmote."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardmote.edges.cli import drifting, evasion, explain, recalibrating, recall_guarantee, thresholds
from wardmote.edges.cli.failure import CannotStart

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

CARDS = Path("docs/reference/models")


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `detect` and its commands; the chosen handler is `arguments.handler(arguments)`."""
    group = subparsers.add_parser("detect", help="train, measure and explain the detector", description=__doc__)
    commands = group.add_subparsers(dest="detect_command", required=True, metavar="COMMAND")
    where = "folder of the data sets (default: the variable WARDMOTE_DATA)"

    command = commands.add_parser("train", help="train the linear model alone and store its figures")
    command.add_argument("--data", metavar="DIR", help=where)
    command.add_argument(
        "--out", metavar="FILE", type=Path, default=Path("wardmote-linear.npz"), help="default: %(default)s"
    )
    command.add_argument("--seed", type=int, default=1, help="seed of the bootstrap intervals (default: 1)")
    command.set_defaults(handler=_guarded(_train))

    command = commands.add_parser("evaluate", help="measure the model on rows it never saw")
    command.add_argument("--data", metavar="DIR", help=where)
    command.add_argument("--weights", metavar="FILE", type=Path, help="weights to measure (default: the shipped ones)")
    command.add_argument("--seed", type=int, default=1, help="seed of the bootstrap intervals (default: 1)")
    command.add_argument("--json", metavar="FILE", type=Path, help="write the figures here as well")
    command.set_defaults(handler=_guarded(_evaluate))

    explain.add_to(commands)

    command = commands.add_parser("train-attributes", help="train the model of the moderation API's attributes")
    command.add_argument("--data", metavar="DIR", help=where)
    command.add_argument("--out", metavar="FILE", type=Path, help="where to write the weights (default: the package)")
    command.set_defaults(handler=_guarded(_train_attributes))

    command = commands.add_parser("teach", help="make the soft labels of train-attributes again")
    command.add_argument("--data", metavar="DIR", help=where)
    command.add_argument("--model", metavar="DIR", type=Path, required=True, help="folder of the MiniLM-L6 model")
    command.add_argument("--out", metavar="FILE", type=Path, required=True, help="where to write the labels")
    command.set_defaults(handler=_guarded(_teach))

    thresholds.add_to(commands)
    evasion.add_to(commands)
    recall_guarantee.add_to(commands)
    drifting.add_to(commands)
    recalibrating.add_to(commands)

    command = commands.add_parser("card", help="write the model card from the stored figures")
    command.add_argument("--out", metavar="FILE", type=Path, help=f"where to write it (default: {CARDS}/NAME.md)")
    command.add_argument("--model", choices=("wardmote-linear", "wardmote-attributes"), help="which model's card")
    command.set_defaults(handler=_guarded(_card))


def _guarded(command: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], int]:
    """Turn what may be missing on this machine into one sentence."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            command(arguments)
        except ImportError as error:
            raise CannotStart(f"{error.name} is missing; install wardmote[train]") from None
        except OSError as error:
            raise CannotStart(f"cannot write {error.filename}: {error.strerror}") from None
        return 0

    return run


@contextmanager
def _steps(console: Console) -> Iterator[Callable[[str], None]]:
    """Show the step under way beside a clock; where nobody watches, print each step as a line."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        step: Any = None

        def say(line: str) -> None:
            nonlocal step
            if not console.is_terminal:
                console.print(line)
                return
            if step is not None:
                progress.update(step, total=1, completed=1)
            step = progress.add_task(line, total=None)

        yield say
        if step is not None:
            progress.update(step, total=1, completed=1)


def _folder(arguments: argparse.Namespace) -> Path:
    from wardmote.detect.training.data.corpus import data_folder

    return data_folder(arguments.data or os.environ.get("WARDMOTE_DATA"))


def _train(arguments: argparse.Namespace) -> None:
    from rich.console import Console

    from wardmote.detect.training.build import build
    from wardmote.detect.training.fit.logistic import Settings

    console = Console()
    folder = _folder(arguments)
    out = arguments.out
    with _steps(console) as say:
        figures = build(folder, out, Settings(seed=arguments.seed), say)
    console.print(f"{out}: {figures['weights_bytes']:,} bytes, SHA-256 {figures['weights_sha256']}")
    _print_figures(console, figures["evaluation"])


def _evaluate(arguments: argparse.Namespace) -> None:
    from rich.console import Console

    from wardmote.detect.models.files import CascadeFiles
    from wardmote.detect.models.linear import WEIGHTS_PATH
    from wardmote.detect.models.weights import Weights
    from wardmote.detect.training.build import evaluate_again
    from wardmote.detect.training.measure.assess import assess_linear
    from wardmote.detect.training.measure.stages import assess_cascade
    from wardmote.edges.cli.evaluated import print_held

    console = Console()
    folder = _folder(arguments)
    path = arguments.weights or WEIGHTS_PATH
    with _steps(console) as say:
        figures = evaluate_again(folder, path, arguments.seed, say)
        if arguments.weights is None and CascadeFiles().plan.is_file():
            figures["held"] = assess_cascade(folder, arguments.seed, say)
        else:
            figures["held"] = assess_linear(folder, Weights.load(path), arguments.seed, say)
    _print_figures(console, figures["evaluation"])
    print_held(console, figures["held"])
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n", "utf-8")


def _train_attributes(arguments: argparse.Namespace) -> None:
    from rich.console import Console

    from wardmote.detect.models.linear import ATTRIBUTES_PATH
    from wardmote.detect.training.attributes import build_attributes

    console = Console()
    with _steps(console) as say:
        figures = build_attributes(_folder(arguments), arguments.out or ATTRIBUTES_PATH, say)
    _print_figures(console, figures["evaluation"])


def _teach(arguments: argparse.Namespace) -> None:
    from rich.console import Console

    from wardmote.detect.training.teach import teach

    console = Console()
    with _steps(console) as say:
        differ = teach(_folder(arguments), arguments.model, arguments.out, say)
    console.print(f"{arguments.out}: {differ:.3f} steps of 255 from the stored labels, on average")


def _measured_table(title: str, rows: list[tuple[str, dict[str, Any]]]) -> Table:
    from rich.table import Table

    from wardmote.detect.training.cards.markdown import interval

    table = Table("", title=title, title_justify="left")
    for name in ("rows", "positive", "base rate", "AUC", "AP"):
        table.add_column(name, justify="right")
    for name, each in rows:
        counts = [f"{each['rows']:,}", str(each["positive"]), f"{each['base_rate']:.2%}"]
        table.add_row(name, *counts, interval(each["auc"]), interval(each["ap"]))
    return table


def _print_figures(console: Console, evaluation: dict[str, Any]) -> None:
    from rich.table import Table

    heads = evaluation["heads"]
    console.print(_measured_table("Held-out rows", list(heads.items())))
    by_source = [(f"{head} · {name}", row) for head, each in heads.items() for name, row in each["sources"].items()]
    console.print(_measured_table("By source", by_source))
    console.print(_measured_table("Sets from elsewhere", list(evaluation["elsewhere"].items())))
    title = f"Thresholds over {evaluation['ordinary_posts']:,} ordinary posts"
    table = Table("head", title=title, title_justify="left")
    for name in ("ordinary flagged", "score from", "positives found"):
        table.add_column(name, justify="right")
    for head, each in heads.items():
        for step in each["thresholds"]:
            table.add_row(head, f"{100 * step['ordinary_flagged']:g}%", f"{step['score']:.4f}", f"{step['recall']:.0%}")
    console.print(table)


def _card(arguments: argparse.Namespace) -> None:
    from wardmote.detect.models.linear import ATTRIBUTES_NAME, ATTRIBUTES_PATH, NAME, WEIGHTS_PATH
    from wardmote.detect.training.cards.attribute_card import render_attributes
    from wardmote.detect.training.cards.card import read_figures, render

    if arguments.model == ATTRIBUTES_NAME:
        content = render_attributes(read_figures(ATTRIBUTES_PATH))
    else:
        content = render(read_figures(WEIGHTS_PATH))
    out = arguments.out or CARDS / f"{arguments.model or NAME}.md"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(content, "utf-8")
    print(f"{out} written")
