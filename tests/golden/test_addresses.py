"""Addresses, commands, settings and the API are named in letters, scripts and other programs: they stay."""

import argparse
import ast
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from tests.golden.frozen import frozen, hold
from tests.golden.verbs import SOURCE

from wardmote.config.catalogue import SETTINGS
from wardmote.config.reference import commands
from wardmote.edges.cli.main import build_parser
from wardmote.edges.moderation_api.mount import PREFIXES
from wardmote.edges.moderation_api.openapi import document

HOLE = "<>"
ORIGINS = ("origin_of", "origin")
"""What an address of ours that is put together begins with."""
BY_NAME = ("way_back", "account_reset_password_from_key")
"""Routes that letters about logins name."""
FILLED = ("7", "bob", "plaza")
"""What stands for a hole when an address is tried: an id, a handle, a short name."""


def routes() -> Iterator[tuple[str, str]]:
    """Every address with holes for what is filled in, and the name that templates know it by."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
        for pattern in resolver.url_patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, route)
            elif isinstance(pattern, URLPattern):
                yield _holed(route), pattern.name or ""

    yield from walk(get_resolver(), "/")


def _holed(route: str) -> str:
    """The route without the names and kinds of its holes; a regular expression's group is a hole too."""
    plain = re.sub(r"\(\?P<[^>]+>(?:[^()]|\([^()]*\))*\)", HOLE, route)
    return re.sub(r"<[^>]+>", HOLE, plain).replace("^", "").replace("$", "")


def paths_in_letters() -> set[str]:
    """Every path that the code stores with a letter, or puts into one, with its holes."""
    named = {path for path, name in routes() if name in BY_NAME}
    texts = (file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    found = {path for text in texts if "path=" in text or "origin" in text for path in _paths_in(text)}
    return named | {path for path in found if path.startswith("/")}


def _paths_in(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg in ("path", "appeal_path"):
            yield from map(_path, _either(node.value))
        elif isinstance(node, ast.JoinedStr) and any(f"'{name}'" in ast.dump(node.values[0]) for name in ORIGINS):
            yield _path(node).removeprefix(HOLE).partition("?")[0]


def _either(value: ast.expr) -> list[ast.expr]:
    """Both sides of an `if … else …`."""
    return [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]


def _path(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else HOLE for part in node.values)  # type: ignore[misc]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def options() -> Iterator[tuple[str, str]]:
    """Every command, its options, what stands behind it by its place, and choices; with what the code calls it."""
    for parser, _ in commands(build_parser(), former=True):
        yield parser.prog, ""
        place = 0
        for action in parser._actions:  # noqa: SLF001 - argparse has no other list of what it takes
            names = [name for name in action.option_strings if name not in ("-h", "--help")]
            if not action.option_strings:
                place += 1
                names = [f"<{place}>"]
            for name in names:
                yield f"{parser.prog} {name}{_count(action)}", action.dest
                yield from ((f"{parser.prog} {name} {choice}", "") for choice in action.choices or ())


def _count(action: argparse.Action) -> str:
    """How many values it takes, where that is not one."""
    return "" if action.nargs is None else f" ({action.nargs})"


def promises() -> Iterator[str]:
    """What the API's description promises: each operation, and each field by where it stands."""
    described = document("https://host.example", communities=True)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                yield f"{method.upper()} {path}"
                yield from (f"{method.upper()} {path} answers {status}" for status in operation.get("responses", {}))
                yield from _parameters(method.upper(), path, operation)
    for name, schema in described["components"]["schemas"].items():
        yield from _fields(name, schema)


def _parameters(method: str, path: str, operation: dict[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", []):
        yield f"{method} {path} takes {parameter.get('name', parameter.get('$ref', ''))}"


def _fields(place: str, schema: dict[str, Any]) -> Iterator[str]:
    for name, inner in schema.get("properties", {}).items():
        yield f"{place}.{name}: {_kind(inner)}"
        yield from _fields(f"{place}.{name}", inner)
    for word, mark in (("items", "[]"), ("additionalProperties", ".<>")):
        if isinstance(schema.get(word), dict):
            yield from _fields(f"{place}{mark}", schema[word])
    yield from (f"{place} has {name}" for name in schema.get("required", []))
    yield from (f"{place} = {value!r}" for value in schema.get("enum", []))
    for way in ("oneOf", "anyOf", "allOf"):
        for inner in schema.get(way, []):
            yield from _fields(place, inner)


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type", schema.get("$ref", "").rpartition("/")[2])
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def test_no_address_vanishes() -> None:
    """People have bookmarked them. One that moves leaves a redirect behind."""
    letters = paths_in_letters()
    hold("addresses", {path: f"{name}{', in letters' if path in letters else ''}" for path, name in routes()})


def test_no_address_that_a_letter_names_changes() -> None:
    """Letters lie in mailboxes and rows: their paths may lead on to other pages, and never to none."""
    hold("addresses-in-letters", paths_in_letters())


@pytest.mark.parametrize("path", frozen("addresses-in-letters"))
def test_every_address_in_a_letter_leads_somewhere(path: str) -> None:
    """Each is one that the resolver knows, whatever is put into its holes."""
    assert any(_answers(path.replace(HOLE, each)) or _answers(_mixed(path, each)) for each in FILLED)


def _mixed(path: str, each: str) -> str:
    """A handle first, then an id: `/@bob/7`."""
    return path.replace(HOLE, each, 1).replace(HOLE, "7")


def _answers(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def test_no_command_and_no_option_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts, timers and service files name them."""
    monkeypatch.setenv("COLUMNS", "80")
    hold("commands", dict(options()))


def test_no_setting_changes_its_name() -> None:
    """Settings files are written by hand, and live for years: one that was renamed is still read by its former name."""
    settings = {setting.name: "" if setting.in_file else "environment only" for setting in SETTINGS}
    former = {setting.former: f"still read, as {setting.name}" for setting in SETTINGS if setting.former}
    hold("settings", settings | former)


def test_the_api_keeps_its_addresses_and_fields() -> None:
    """Programs of others are written against them."""
    hold("api", {*promises(), *(f"below {prefix}" for prefix in PREFIXES)})
