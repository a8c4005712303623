"""A command that was renamed goes on working under its former name, says the new one, and is in no help."""

import argparse
from pathlib import Path

import pytest
from tests.cli.installation import one_line

from wardmote.config.reference import commands, commands_page
from wardmote.edges.cli.main import build_parser, main

RENAMED = {"promise": "recall-guarantee", "refit": "recalibrate"}


def test_a_former_name_does_the_same_and_says_the_new_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line on standard error; what a script reads from standard output stays as it was."""
    file = tmp_path / "sample.csv"
    file.write_text("score,broke\n0.9,yes\n0.1,no\n", "utf-8")

    assert main(["detect", "recall-guarantee", str(file)]) == 0
    new = capsys.readouterr()
    assert main(["detect", "promise", str(file)]) == 0
    former = capsys.readouterr()

    assert "no guarantee yet" in former.out
    assert former.out == new.out
    assert new.err == ""
    assert one_line(former.err) == "wardmote: `wardmote detect promise` is now `wardmote detect recall-guarantee`"


@pytest.mark.parametrize(("former", "name"), RENAMED.items())
def test_a_former_name_takes_the_same_arguments_and_is_not_listed(
    former: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither in the help nor on the page of commands; whoever asks for its help reads the new name."""
    with pytest.raises(SystemExit):
        main(["detect", "--help"])
    listed = capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["detect", former, "--help"])
    its_own = capsys.readouterr().out
    found = {parser.prog: parser for parser, _ in commands(build_parser(), former=True)}

    assert f"\n    {name}" in listed
    assert former not in listed
    assert f"wardmote detect {former}" not in commands_page()
    assert f"Now called: wardmote detect {name}" in its_own
    assert _taken(found[f"wardmote detect {former}"]) == _taken(found[f"wardmote detect {name}"])


def _taken(parser: argparse.ArgumentParser) -> list[tuple[str, tuple[str, ...]]]:
    """What a command takes: where it goes, and its options."""
    return [(action.dest, tuple(action.option_strings)) for action in parser._actions]  # noqa: SLF001 - no other list
