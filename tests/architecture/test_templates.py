"""Templates do not take names from each other."""

import ast
import re
from pathlib import Path

EDGES = Path(__file__).parents[2] / "src" / "wardmote" / "edges"


def test_no_base_template_names_a_thing_as_a_view_does() -> None:
    """`{% … as name %}` in a base hides what a view hands over by that name to the page that extends it."""
    bases = [path for path in EDGES.rglob("*.html") if path.name.startswith("base") or path.name == "desk.html"]
    taken = {name for path in bases for name in re.findall(r"{%[^%]* as (\w+) %}", path.read_text("utf-8"))}
    handed = set()
    for path in EDGES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Dict):
                handed |= {key.value for key in node.keys if isinstance(key, ast.Constant)}

    assert taken
    assert taken & handed == set()
