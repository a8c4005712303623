"""The words of the glossary are the words of the code."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "wardmote"


def rows() -> list[tuple[str, list[str], list[str]]]:
    """The word, where it is in the code, and what it is not called."""
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [(row[0], re.findall(r"`([\w.]+)`", row[2]), [w for w in row[3].split(", ") if w]) for row in cells[2:]]


@cache
def names() -> frozenset[str]:
    """Every module by its path, and every name of a function, class, field or variable that is defined."""
    return frozenset(_names(fields=True))


def _names(*, fields: bool) -> Iterator[str]:
    for path in SOURCE.rglob("*.py"):
        parts = [part for part in path.relative_to(SOURCE).with_suffix("").parts if part != "__init__"]
        yield ".".join(parts)
        if "migrations" in parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name
            elif fields and isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                yield node.target.id


@pytest.mark.parametrize(("word", "places"), [(word, places) for word, places, _ in rows()])
def test_each_word_is_found_where_the_glossary_says(word: str, places: list[str]) -> None:
    """A renamed thing takes its line with it."""
    assert places, word
    assert [place for place in places if place not in names()] == []


def test_nothing_is_called_by_the_word_it_had_before() -> None:
    """One thing, one word: neither a module nor a function nor a class."""
    last = {name.rsplit(".", 1)[-1] for name in _names(fields=False)}
    former = {word for _, _, others in rows() for word in others}

    assert len(former) > 10
    assert last & former == set()
