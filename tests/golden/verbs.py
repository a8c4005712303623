"""Finds every verb in the source: whatever is passed as `verb`, through helpers, tables and enums."""

import ast
from collections.abc import Iterator, Mapping
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import ModuleType

import wardmote
from wardmote.communities.policy import AgreementState, InvitationState, OfferState, RequestState
from wardmote.hosting.policy.kinds import ItemStatus, Stage

SOURCE = Path(wardmote.__file__).parent
ELSEWHERE = ("detect", "ledger", "edges", "migrations")
"""Folders in which no verb is written."""
BUILT: Mapping[str, type[Enum]] = {
    "host_case.": Stage,
    "host_item.": ItemStatus,
    "judging_agreement.": AgreementState,
    "ownership_offer.": OfferState,
    "invitation.": InvitationState,
    "join_request.": RequestState,
}
"""The beginning of a verb that is put together -> what it ends in. A new one is entered here by hand."""


def verbs() -> set[str]:
    """Every verb that the code can write."""
    return {verb for verb, _ in _found()}


def facts() -> set[str]:
    """Verb and name of every fact and content that stands in the source beside its verb."""
    return {f"{verb} {name}" for verb, names in _found() for name in names}


def _found() -> Iterator[tuple[str, set[str]]]:
    for module, tree in _modules():
        yield from _in_module(module, tree)


def _modules() -> Iterator[tuple[ModuleType, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        text = path.read_text(encoding="utf-8")
        if not set(parts) & set(ELSEWHERE) and ("verb" in text or "Event(" in text):
            name = ".".join(("wardmote", *(part for part in parts if part != "__init__")))
            yield import_module(name), ast.parse(text)


def _in_module(module: ModuleType, tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    places = {"Event": 1} if hasattr(module, "Event") and hasattr(module.Event, "verb") else {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            names = [argument.arg for argument in node.args.args]
            if "verb" in names:
                places[node.name] = names.index("verb")
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            given = [keyword.value for keyword in call.keywords if keyword.arg == "verb"]
            place = places.get(_called(call), -1)
            if 0 <= place < len(call.args):
                given.append(call.args[place])
            for value in given:
                named = {name for part in _parts(call) for name in _names(part, function)}
                yield from ((verb, named) for verb in _values(value, function, module))


def _parts(call: ast.Call) -> list[ast.expr]:
    """What a call says beside the verb: its facts and contents, and whatever it gives by place."""
    return [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in ("facts", "content"))]


def _names(part: ast.expr, function: ast.FunctionDef) -> Iterator[str]:
    """The keys of a dictionary that is written out, there or above in the same function."""
    match part:
        case ast.Dict():
            yield from (key.value for key in part.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
        case ast.BinOp(op=ast.BitOr()):
            yield from _names(part.left, function)
            yield from _names(part.right, function)
        case ast.Name(id=name):
            made = [n for n in ast.walk(function) if isinstance(n, ast.Assign | ast.AnnAssign) and _named(n) == name]
            for value in (node.value for node in made):
                if value is not None and not isinstance(value, ast.Name):
                    yield from _names(value, function)
        case _:
            return


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _values(value: ast.expr, function: ast.FunctionDef, module: ModuleType) -> Iterator[str]:
    """The verbs that an expression can be; none for a parameter, whose callers are looked at instead."""
    match value:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from _values(value.body, function, module)
            yield from _values(value.orelse, function, module)
        case ast.JoinedStr(values=[ast.Constant(value=str(begin)), ast.FormattedValue()]):
            assert begin in BUILT, f"{module.__name__}: say in BUILT what a verb that begins with {begin!r} ends in"
            yield from (f"{begin}{member.value}" for member in BUILT[begin])
        case ast.Subscript(value=ast.Name(id=name)):
            yield from getattr(module, name).values()
        case ast.Name(id=name) if hasattr(module, name):
            yield getattr(module, name)
        case ast.Name(id=name):
            made = [n.value for n in ast.walk(function) if isinstance(n, ast.Assign) and _named(n) == name]
            parameters = [*function.args.args, *function.args.kwonlyargs]
            assert made or name in {p.arg for p in parameters}, f"{module.__name__}: where does {name} come from?"
            for each in made:
                yield from _values(each, function, module)
        case ast.Attribute(attr="verb"):
            return
        case _:
            raise AssertionError(f"{module.__name__}, line {value.lineno}: which verbs can this be?")


def _named(assign: ast.Assign | ast.AnnAssign) -> str:
    target = assign.targets[0] if isinstance(assign, ast.Assign) else assign.target
    return target.id if isinstance(target, ast.Name) else ""
