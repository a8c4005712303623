"""Every text for people in the code and in the templates."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.template import engines
from django.template.base import Node, Template
from django.template.engine import Engine
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from wardmote.config.i18n.catalogues.catalogue import Key

ROOT = Path(__file__).parents[3]
"""The package."""
TEMPLATES = tuple(ROOT / "edges" / edge / "templates" for edge in ("ui", "web", "console"))
_ONE = frozenset({"_", "gettext", "gettext_lazy", "noted"})
_MANY = frozenset({"ngettext", "ngettext_lazy"})


def found() -> dict[Key, tuple[str, ...]]:
    """Each text with the files it is in, as paths in the package. ValueError names a text that no one can find."""
    files: dict[Key, set[str]] = {}
    for key, name in (*_in_code(), *_in_templates()):
        files.setdefault(key, set()).add(name)
    # A text that is counted somewhere is one entry, also where it is alone.
    counted = {key.one: key for key in files if key.many}
    for key in [key for key in files if not key.many and key.one in counted]:
        files[counted[key.one]] |= files.pop(key)
    return {key: tuple(sorted(names)) for key, names in files.items()}


def _in_code() -> Iterator[tuple[Key, str]]:
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from ((key, name) for key in _of_call(node, f"{name}, line {node.lineno}"))


def _of_call(call: ast.Call, where: str) -> Iterator[Key]:
    function = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    wanted = 1 if function in _ONE else 2 if function in _MANY else 0
    given = call.args[:wanted]
    if any(isinstance(argument, ast.JoinedStr) for argument in given):
        raise ValueError(f"{where}: an f-string cannot be translated; name what is put in: _(“%(name)s”) % {{…}}")
    texts = [a.value for a in given if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if wanted and len(texts) == wanted:
        yield Key(*texts)


def templates() -> Iterator[tuple[str, Template]]:
    """Each of our templates, parsed, with its path in the package."""
    engine: Engine = engines["django"].engine  # type: ignore[attr-defined]
    for folder in TEMPLATES:
        for path in sorted(folder.rglob("*.*")):
            yield path.relative_to(ROOT).as_posix(), engine.from_string(path.read_text(encoding="utf-8"))


def _in_templates() -> Iterator[tuple[Key, str]]:
    for name, template in templates():
        for node in template.nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode)):  # type: ignore[arg-type]
            yield _of_node(node), name


def _of_node(node: Node) -> Key:
    if isinstance(node, BlockTranslateNode):
        one = node.render_token_list(node.singular)[0]
        return Key(one, node.render_token_list(node.plural)[0] if node.plural else "")
    literal = node.filter_expression.var.literal  # type: ignore[attr-defined]
    return Key(str(literal).replace("%", "%%"))
