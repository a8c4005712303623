import argparse
from pathlib import Path

from wardmote.edges.cli.record import register
from wardmote.ledger import Kind

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "record.md").read_text(encoding="utf-8")


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    actions = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001
    return dict(actions[0].choices)


def test_every_command_is_documented() -> None:
    """Each subcommand of `wardmote record` and each of its options is on the reference page."""
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    commands = subcommands(subcommands(parser)["record"])
    options = {
        option
        for command in commands.values()
        for action in command._actions  # noqa: SLF001 - argparse has no other way to ask
        for option in action.option_strings
    } - {"-h", "--help"}

    assert [name for name in commands if f"`wardmote record {name}" not in PAGE] == []
    assert [option for option in sorted(options) if option not in PAGE] == []


def test_every_kind_of_fault_is_documented() -> None:
    """Each word that a fault can begin with is explained on the reference page."""
    assert [kind.value for kind in Kind if f"| `{kind.value}` |" not in PAGE] == []
