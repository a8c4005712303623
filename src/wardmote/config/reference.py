"""Prints the reference of settings and commands, and the table of categories on the page about labelling.

`python -m wardmote.config.reference docs/reference`
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from wardmote.config.catalogue import SETTINGS
from wardmote.detect.categories import BY_NAME, JUDGED
from wardmote.detect.training.data.corpus import NOT_ENGLISH
from wardmote.edges.cli.main import build_parser
from wardmote.edges.cli.renamed import is_former

_SETTINGS_HEAD = """\
# Settings

Every setting is an environment variable. `settings.env` in the home folder, which `wardmote init` writes, may make most
of them too, one `NAME=value` a line, without quotes; `#` begins a comment. The environment goes before the file. A
value that cannot be used, and a name in the file that is none of these, stops the start with a line that says so.

Where a setting has a former name, this version reads that too: in the environment with a warning, and in `settings.env`
it is replaced by the new name when the home is opened, also in a restored one. Both set to different values stop the
start.

This page is printed by `python -m wardmote.config.reference docs/reference` from `config/catalogue.py`.

| setting | default | what it does |
|---|---|---|
"""
_COMMANDS_HEAD = """\
# Commands

A command gives status 0 when it did what was asked, 1 when it did not (one line on standard error says why), and 2 when
it was misused. `wardmote COMMAND --help` says the same as this page, which is printed by
`python -m wardmote.config.reference docs/reference` from the commands themselves.
"""

_LABELS_HEAD = "| category | code | the writer … |\n|---|---|---|\n"
_LABELS_LAST = f"| `{NOT_ENGLISH}` | z | writes mostly in another language: nothing else is judged |\n"


def labelling_page(page: str) -> str:
    """`docs/reference/labelling.md`, which is written by hand, with the table of what readers judge as it is now."""
    before, head, rest = page.partition(_LABELS_HEAD)
    _, last, after = rest.partition(_LABELS_LAST)
    if not head or not last:
        raise ValueError("the page has no table of categories")
    judged = (BY_NAME[name] for name in JUDGED)
    rows = (f"| `{each.name}` | {each.code} | {each.means} |\n" for each in judged)
    return before + head + "".join(rows) + last + after


def settings_page() -> str:
    """`docs/reference/settings.md`."""
    rows = (
        f"| `{s.name}` | {s.default or 'none'} | {s.meaning}{'' if s.in_file else ' From the environment alone.'}"
        f"{f' Formerly `{s.former}`.' if s.former else ''} |\n"
        for s in SETTINGS
    )
    return _SETTINGS_HEAD + "".join(rows)


def commands_page() -> str:
    """`docs/reference/commands.md`."""
    return _COMMANDS_HEAD + "".join(_section(*found) for found in commands(build_parser()))


def commands(
    parser: argparse.ArgumentParser, about: str = "", *, former: bool = False
) -> Iterator[tuple[argparse.ArgumentParser, str]]:
    """Every command that does something, deepest first where commands nest, with its line of help.

    `former` adds those that only still work under a former name; they have no line of help.
    """
    nested = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001
    if not nested:
        yield parser, about
    for action in nested:
        abouts = {choice.dest: choice.help or "" for choice in action._choices_actions}  # noqa: SLF001
        for name, child in action.choices.items():
            if former or not is_former(child):
                yield from commands(child, abouts.get(name, ""), former=former)


def _section(parser: argparse.ArgumentParser, about: str) -> str:
    usage = re.sub(r"\s+", " ", parser.format_usage().removeprefix("usage: ")).strip()
    rows = [
        f"| {_name(action)} | {_help(parser, action).replace('|', '&#124;')} |\n"
        for action in parser._actions  # noqa: SLF001 - argparse has no other list of what it takes
        if not isinstance(action, argparse._HelpAction)  # noqa: SLF001
    ]
    table = f"\n| | |\n|---|---|\n{''.join(rows)}" if rows else ""
    sentence = f"{about[:1].upper()}{about[1:]}.\n"
    return f"\n## `{parser.prog}`\n\n{sentence}\n    {usage}\n{table}"


def _help(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    """The help of an argument with its placeholders filled, as `--help` prints it."""
    return parser._get_formatter()._expand_help(action) if action.help else ""  # noqa: SLF001 - argparse's own words


def _name(action: argparse.Action) -> str:
    value = action.metavar if isinstance(action.metavar, str) else action.dest
    if not action.option_strings:
        return f"`{value}`"
    return " ".join(
        filter(None, (f"`{'`, `'.join(action.option_strings)}`", "" if action.nargs == 0 else f"`{value}`"))
    )


def main(folder: Path) -> None:
    """Write the pages."""
    (folder / "settings.md").write_text(settings_page(), encoding="utf-8")
    (folder / "commands.md").write_text(commands_page(), encoding="utf-8")
    labelling = folder / "labelling.md"
    labelling.write_text(labelling_page(labelling.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
