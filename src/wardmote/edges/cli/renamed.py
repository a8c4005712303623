"""Commands that have a new name: the former one goes on working, is on no page of help, and says the new one."""

import argparse


def add_renamed(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, *, former: str, about: str
) -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """Add a command under both names; whoever calls gives both the same arguments and handler."""
    command = commands.add_parser(name, help=about)
    # One that is added without a line of help is not listed.
    before = commands.add_parser(former, description=f"Now called: {command.prog}")
    before.set_defaults(renamed=f"`{before.prog}` is now `{command.prog}`")
    return command, before


def is_former(command: argparse.ArgumentParser) -> bool:
    """Whether this is a command under its former name."""
    return bool(command.get_default("renamed"))
