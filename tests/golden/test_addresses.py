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
from wardmote.edges.moderations.mount import PREFIXES
from wardmote.edges.moderations.openapi import document

HOLE = "<>"
ALLAUTH = "/accounts/"
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
    return {path for file in sorted(SOURCE.rglob("*.py")) for path in _paths_in(file.read_text(encoding="utf-8"))}


def _paths_in(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg in ("path", "appeal_path"):
            yield from (path for path in map(_path, ast.walk(node.value)) if path.startswith("/"))
        elif isinstance(node, ast.JoinedStr) and "origin_of" in ast.dump(node.values[0]):
            yield _path(node).removeprefix(HOLE)


def _path(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else HOLE for part in node.values)  # type: ignore[misc]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def options() -> Iterator[str]:
    """Every command, with what stands behind it and each of its options."""
    for parser, _ in commands(build_parser()):
        yield parser.prog
        for action in parser._actions:  # noqa: SLF001 - argparse has no other list of what it takes
            if action.option_strings:
                yield from (f"{parser.prog} {option}" for option in action.option_strings if option not in ("-h", "--help"))
            else:
                yield f"{parser.prog} <{action.dest}>"
            yield from (f"{parser.prog} {_first(action)} {choice}" for choice in action.choices or ())


def _first(action: argparse.Action) -> str:
    return action.option_strings[-1] if action.option_strings else f"<{action.dest}>"


def promises() -> Iterator[str]:
    """What the API's description promises: each operation, and each field by where it stands."""
    described = document()
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
    if isinstance(schema.get("items"), dict):
        yield from _fields(f"{place}[]", schema["items"])
    yield from (f"{place} = {value!r}" for value in schema.get("enum", []))
    for way in ("oneOf", "anyOf", "allOf"):
        for inner in schema.get(way, []):
            yield from _fields(place, inner)


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type", schema.get("$ref", "").rpartition("/")[2])
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def test_no_address_vanishes() -> None:
    """People have bookmarked them. One that moves leaves a redirect behind."""
    hold("addresses", {path: name for path, name in routes() if not path.startswith(ALLAUTH) or path.endswith("back/<>")})


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
    hold("commands", options())


def test_no_setting_changes_its_name() -> None:
    """Settings files are written by hand, and live for years."""
    hold("settings", {setting.name: "" if setting.in_file else "environment only" for setting in SETTINGS})


def test_the_api_keeps_its_addresses_and_fields() -> None:
    """Programs of others are written against them."""
    hold("api", {*promises(), *(f"below {prefix}" for prefix in PREFIXES)})
