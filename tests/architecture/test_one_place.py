"""What the product counts up, it counts up once: everything else follows from the one list."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from wardmote.detect.categories import CATEGORIES
from wardmote.edges.console.labels import OPENED_BY, SOURCES
from wardmote.edges.moderation_api import coverage
from wardmote.kernel import handles
from wardmote.moderation.policy.reports import ReportReason, Source
from wardmote.network.policy import Visibility

pytestmark = pytest.mark.alike_on_both

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "wardmote"
_REASONS = "moderation/policy/reports.py"
LISTS: Mapping[str, tuple[Collection[str], frozenset[str]]] = {
    # Several reasons are called as what they are about.
    "category": (("detect/categories.py", _REASONS), frozenset(category.name for category in CATEGORIES)),
    "reason of a report": ((_REASONS,), frozenset(ReportReason)),
    "source of a case": ((_REASONS,), frozenset(Source)),
    "visibility": (("network/policy.py",), frozenset(Visibility)),
}
"""What is counted up -> where it may be, and its words. The words of migrations are frozen, and not looked at."""
MANY = 3
"""So many of the words side by side are a second list."""
QUOTED = re.compile(r"'([a-z_.]+)'")

ADDED: Mapping[str, tuple[str, str]] = {
    "detect/categories.py": (
        "CATEGORIES = (\n   ",
        """EXTORTION = Category(
    "violence.extortion", "extortion", means="wants something, or else", code="e", column=11, urgent=True
)
CATEGORIES = (
    EXTORTION,""",
    ),
    _REASONS: (
        "    OTHER =",
        """    EXTORTION = "extortion", categories.EXTORTION, "It wants something, or else", Severity.HIGH, True
    OTHER =""",
    ),
}
"""A file of the product -> what is written in it, and what stands there instead in the copy."""
ASKED = """
import json, django
django.setup()
from pathlib import Path
import wardmote
from wardmote.config.reference import labelling_page
from wardmote.detect import categories
from wardmote.edges.console.hosts.forms import ClauseForm
from wardmote.edges.moderation_api import coverage, events, openapi, reference
from wardmote.edges.ui.tags import category
from wardmote.edges.web.forms import ReportForm, VisitorReportForm
from wardmote.edges.web.views.desk.forms import ClauseRow
from wardmote.moderation import policy
from wardmote.moderation.models import Report

def refused(reason):
    try:
        events._one_of(policy.ReportReason, reason, "reason")
    except Exception as error:
        return str(error)
page = Path("docs/reference/labelling.md").read_text(encoding="utf-8")
event = openapi.document("", communities=True)["components"]["schemas"]["Events"]
visitor = {"reason": "extortion", "comment": "Read it", "good_faith": "on"}
print(json.dumps({
    "package": wardmote.__file__,
    "words": category("violence.extortion"),
    "owner's form": [name for name, _ in ClauseRow({}, prefix="clause0").fields["category"].widget.choices],
    "host's form": [name for name, _ in ClauseForm.base_fields["category"].choices],
    "labelling": labelling_page(page).splitlines(),
    "judged": categories.JUDGED,
    "violent": categories.VIOLENT,
    "lane": policy.lane_of("violence.extortion"),
    "undecided": sorted(coverage.undecided()),
    "reasons": [(name, str(words)) for name, words in ReportForm.base_fields["reason"].choices],
    "visitor's": [name for name, _ in VisitorReportForm.base_fields["reason"].choices],
    "nameless": VisitorReportForm(visitor).is_valid(),
    "stored": [name for name, _ in Report._meta.get_field("reason").choices],
    "described": json.dumps(event),
    "page": reference.render(openapi.document("", communities=True)),
    "refused": refused("nonsense"),
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of the package says of itself, with one more category and one more reason."""
    folder = tmp_path_factory.mktemp("copy")
    copy = folder / "wardmote"
    shutil.copytree(
        PACKAGE, copy, ignore=lambda path, _: ["weights", "data"] if path == str(PACKAGE / "detect") else []
    )
    for name in ("weights", "data"):
        (copy / "detect" / name).symlink_to(PACKAGE / "detect" / name)
    for file, (before, after) in ADDED.items():
        text = (copy / file).read_text(encoding="utf-8")
        assert text.count(before) == 1
        (copy / file).write_text(text.replace(before, after), encoding="utf-8")
    here = {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    said = subprocess.run(
        [sys.executable, "-c", ASKED], cwd=ROOT, env=os.environ | here, capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    found: dict[str, Any] = json.loads(said.stdout)
    assert found["package"] == str(copy / "__init__.py")
    return found


def test_a_category_is_added_in_one_file(told: dict[str, Any]) -> None:
    """What people read, the forms, the lane, what readers judge and the page about it follow; what OpenAI and
    Perspective call it is asked for."""
    assert told["words"] == "extortion"
    assert told["owner's form"] == told["host's form"] == ["violence.extortion", *(c.name for c in CATEGORIES)]
    assert "| `violence.extortion` | e | wants something, or else |" in told["labelling"]
    assert told["judged"][-1] == told["violent"][-1] == "violence.extortion"
    assert told["lane"] == "threat"
    assert told["undecided"] == ["violence.extortion"]


def test_a_reason_for_reports_is_added_in_one_file(told: dict[str, Any]) -> None:
    """The members' form, the visitors', what is stored, the API with its description and its page follow."""
    assert ["extortion", "It wants something, or else"] in told["reasons"]
    assert told["reasons"][-1][0] == told["visitor's"][-1] == "other"
    assert "extortion" in told["visitor's"]
    assert told["nameless"]
    assert set(told["stored"]) == {*ReportReason, "extortion"}
    assert '"extortion"' in told["described"]
    assert '"extortion"' in told["page"]
    assert "extortion" in told["refused"]


def test_every_category_is_what_a_name_of_others_means_or_said_to_be_of_none() -> None:
    """OpenAI's names and Perspective's are the API's own; their tables cover exactly our list."""
    assert coverage.undecided() == set()


def test_every_source_of_a_case_has_its_words() -> None:
    """On the page of a case, and in the figures."""
    assert set(OPENED_BY) == set(SOURCES) == set(Source)


def test_every_reason_has_its_words() -> None:
    """None is offered as a blank."""
    assert all(reason.words for reason in ReportReason)


def test_no_word_is_counted_up_a_second_time() -> None:
    """A second list is the one that is forgotten."""
    found = [
        f"{name}:{line}: a second list of each {what}"
        for name, tree in trees()
        for what, (places, words) in LISTS.items()
        if name not in places
        for line in second_lists(tree, words)
    ]

    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "REASONS = ['threat', 'spam', 'other']",
        "REASONS = {'threat': 1, 'spam': 2, 'other': 3}",
        "NAMES = {'a': ('threat',), 'b': ('spam', 'other')}",
        "class Reason(StrEnum):\n    A = 'threat'\n    B = 'spam'\n    C = 'other'",
        "sql = \"reason IN ('threat', 'spam', 'other')\"",
    ],
)
def test_a_second_list_is_found_however_it_is_written(source: str) -> None:
    """As a list, a table, an enum, or inside a query."""
    assert second_lists(ast.parse(source), frozenset(ReportReason)) == [1]


def test_no_visibility_is_compared_with_a_word() -> None:
    """Neither in the code nor in a page: it says itself what it is."""
    compared = re.compile(r"visibility\s*(?:==|!=|in)\s*\(?[\"']")
    files = [path for ending in ("*.py", "*.html") for path in PACKAGE.rglob(ending)]

    assert [str(path) for path in files if compared.search(path.read_text(encoding="utf-8"))] == []


def test_a_handle_has_one_rule() -> None:
    """What a handle may be, and how long, is said nowhere but in `kernel/handles.py`."""
    rule = re.compile(rf"0-9_\]\{{+1,\s*{handles.LIMIT}|handle\b.*\b(?:{handles.LIMIT}|{handles.TYPED_LIMIT})\b(?!d)")
    files = [
        path
        for ending in ("*.py", "*.html", "*.js")
        for path in PACKAGE.rglob(ending)
        if not {"migrations", "vendor"} & set(path.parts) and path != PACKAGE / "kernel" / "handles.py"
    ]

    assert [str(path) for path in files if rule.search(path.read_text(encoding="utf-8"))] == []


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product, but migrations, that has enough of the words; parsed, with its path."""
    words = sorted(frozenset().union(*(words for _, words in LISTS.values())))
    written = re.compile(f"[\"']({'|'.join(map(re.escape, words))})[\"']")
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "migrations" not in path.parts and len(set(written.findall(text))) >= MANY:
            yield path.relative_to(PACKAGE).as_posix(), ast.parse(text)


def second_lists(tree: ast.Module, words: Collection[str]) -> list[int]:
    """The lines of what holds at least `MANY` of the words."""
    return sorted({line for line, said in _side_by_side(tree) if len(set(said) & set(words)) >= MANY})


def _side_by_side(tree: ast.Module) -> Iterator[tuple[int, list[str]]]:
    names = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.List | ast.Tuple | ast.Set) and id(node) not in names:
            yield node.lineno, _strings(node.elts)
        elif isinstance(node, ast.Dict):
            yield node.lineno, _strings([*filter(None, node.keys), *node.values])
        elif isinstance(node, ast.ClassDef):
            yield node.lineno, _strings([each.value for each in node.body if isinstance(each, ast.Assign)])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, QUOTED.findall(node.value)


def _strings(nodes: Collection[ast.expr]) -> list[str]:
    """The strings among them, and inside tuples and lists among them."""
    found = []
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append(node.value)
        elif isinstance(node, ast.Tuple | ast.List):
            found += _strings(node.elts)
    return found
