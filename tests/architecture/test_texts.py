"""What people read is translated, every word of it."""

import ast
import re
from pathlib import Path

from django.template.base import TextNode

from wardmote.config.i18n import catalogues
from wardmote.config.i18n.catalogues.catalogue import Entry, Key, compiled, read, written
from wardmote.config.i18n.catalogues.found import ROOT, templates

_ATTRIBUTE = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"\0]*[A-Za-z]{2}[^"\0]*)"')
_NOT_WORDS = {"account/confirm_email_verification_code.html", "ui/base.html"}
"""Templates whose bare text is tags for a form of allauth's, or what browsers read of a page's head."""
_NO_WORD = {"SHA", "UTC", "nbsp"}
_CLASSES = re.compile(r"\{% block body_class %\}.*?\{% endblock %\}")
_FOR_MACHINES = (
    "communities/policy.py",
    "hosting/policy/documents.py",
    "journeys/steps/exchange.py",
    "journeys/operator/found_community.py",
    "journeys/platforms/import_posts.py",
    "journeys/platforms/import_reports.py",
    "journeys/platforms/imported_members.py",
    "journeys/owners/known_lists.py",
    "journeys/operator/operator.py",
    "journeys/platforms/outside_platform.py",
    "journeys/steps/recalibrate.py",
    "moderation/operations/outside.py",
)
"""Where what goes wrong is said to another program or on the command line, in English."""
_ROOMS = ("communities", "edges/console", "edges/web", "hosting", "journeys", "moderation", "network", "notices")
_SAID = {"Invalid", "Refused", "Conflict", "NotFound", "success", "warning", "info", "error"}


def test_every_text_is_translated() -> None:
    """Nothing is missing, left over or unsure, and what is compiled is what is written. `make texts` brings in what is
    new; then translate it."""
    assert catalogues.faults() == []


def test_no_template_holds_words_of_its_own() -> None:
    """Every word of a page goes through the catalogue."""
    found = []
    for name, template in templates():
        if any(name.endswith(other) for other in _NOT_WORDS):
            continue
        source = (ROOT / name).read_text(encoding="utf-8")
        classes = set(re.findall(r"[A-Za-z]+", " ".join(_CLASSES.findall(source))))
        bare = "\0".join(str(node.s) for node in template.nodelist.get_nodes_by_type(TextNode))  # type: ignore[attr-defined]
        seen = re.sub(r"<(kbd|code|svg|script)\b.*?</\1>|<[^<>]*>|<[^<>]*$|^[^<>]*>", " ", bare, flags=re.DOTALL)
        words = set(re.findall(r"[A-Za-z]{3,}", re.sub(r'\S*="[^"]*"?', " ", seen)))
        found += [f"{name}: {word}" for word in sorted(words - _NO_WORD - classes)]
        found += [f"{name}: {words}" for words in _ATTRIBUTE.findall(bare)]

    assert found == []


def test_no_refusal_is_said_in_english_alone() -> None:
    """A sentence that a person reads on a page is never a bare string in the code."""
    bare = []
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(_ROOMS) and name not in _FOR_MACHINES and "/migrations/" not in name:
            bare += [f"{name}, line {line}" for line in _bare(path)]

    assert bare == []


def _bare(path: Path) -> list[int]:
    lines = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or _logs(node.func):
            continue
        function = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if function in _SAID and any(_sentence(argument) for argument in node.args):
            lines.append(node.lineno)
    return lines


def _logs(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and "log" in ast.unparse(function.value).lower()


def _sentence(argument: ast.expr) -> bool:
    text = argument.value if isinstance(argument, ast.Constant) else ""
    return isinstance(argument, ast.JoinedStr) or (isinstance(text, str) and " " in text)


def test_a_catalogue_is_read_as_it_was_written() -> None:
    """Quotes, line breaks, backslashes and plural forms come back, and a translator's marks too."""
    entries = [
        Entry(Key('Say "so"\n\tor \\ not'), ('Sag "so"\n\toder \\ nicht',), ("a.py", "b.html")),
        Entry(Key("%(n)d post", "%(n)d posts"), ("%(n)d Beitrag", "%(n)d Beiträge"), ("a.py",)),
        Entry(Key("Not sure"), ("Unsicher",), ("a.py",), fuzzy=True),
        Entry(Key("Not yet"), ("",), ("a.py",)),
    ]
    header, kept = read(written("Language: de\n", {e.key: e for e in entries}))

    assert (header, kept) == ("Language: de\n", {e.key: e for e in entries})
    assert [e.complete for e in entries] == [True, True, False, False]


def test_a_compiled_catalogue_is_one_that_gettext_reads(tmp_path: Path) -> None:
    """Python's own reader finds what is complete, and nothing that is not."""
    import gettext

    header = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
    posts = Entry(Key("%(n)d post", "%(n)d posts"), ("%(n)d Beitrag", "%(n)d Beiträge"))
    unsure = Entry(Key("Perhaps"), ("Vielleicht",), fuzzy=True)
    file = tmp_path / "django.mo"
    file.write_bytes(compiled(header, {e.key: e for e in (posts, unsure)}))
    with file.open("rb") as compiled_file:
        german = gettext.GNUTranslations(compiled_file)

    assert german.ngettext(*posts.key, 2) == "%(n)d Beiträge"
    assert german.gettext("Perhaps") == "Perhaps"
