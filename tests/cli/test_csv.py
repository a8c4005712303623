"""CSV from elsewhere, through the commands that read it: what is wrong is named, and no row takes another's words."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scenario import PLAIN, Town

from wardmote.edges.cli.importing.rows import read_rows
from wardmote.edges.cli.main import main
from wardmote.moderation import queries
from wardmote.moderation.models import Report
from wardmote.network.models import Post

DAY = "2024-05-06T07:08:09Z"
HEAD = "id,author,text,created_at\n"


@pytest.fixture
def town(transactional_db: None, town: Town) -> Town:
    """The command opens durable transactions of its own."""
    return town


def bring_in(path: Path, content: str | bytes, *more: str) -> int:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return main(["import", "posts", str(path), "--community", "plaza", *more])


def posts() -> dict[str, str]:
    return dict(Post.objects.exclude(source="").values_list("source_id", "text"))


def rejects(path: Path) -> list[tuple[int, int]]:
    lines = path.with_name(path.name + ".rejects.jsonl").read_text("utf-8").splitlines()
    return [(row["line"], row.get("last_line", row["line"])) for row in map(json.loads, lines)]


STRAY = f"""1,ann,plain,{DAY}
2,ben,"oh no,{DAY}
3,cara,the shelf is 6",{DAY}
4,dan,{PLAIN},{DAY}
"""


@pytest.mark.django_db(transaction=True)
def test_a_stray_quote_gives_nobody_the_words_of_another(town: Town, tmp_path: Path) -> None:
    """A quote opened in one row and closed in the next: both lines are named, neither post comes in, the others do."""
    file = tmp_path / "old.csv"
    status = bring_in(file, HEAD + STRAY)

    assert status == 1
    assert posts() == {"1": "plain", "4": PLAIN}
    assert rejects(file) == [(2 + 1, 4)]


@pytest.mark.django_db(transaction=True)
def test_the_file_mended_brings_in_what_was_missing_and_nothing_twice(town: Town, tmp_path: Path) -> None:
    """The same command goes on where it was."""
    file = tmp_path / "old.csv"
    bring_in(file, HEAD + STRAY)
    mended = STRAY.replace('"oh no', "oh no").replace('the shelf is 6"', '"the shelf is 6"""')
    status = bring_in(file, HEAD + mended)

    assert status == 0
    assert posts() == {"1": "plain", "2": "oh no", "3": 'the shelf is 6"', "4": PLAIN}
    assert Post.objects.exclude(source="").count() == 4
    assert not file.with_name("old.csv.rejects.jsonl").exists()


@pytest.mark.django_db(transaction=True)
def test_a_stray_quote_puts_no_report_into_anothers_words(town: Town, tmp_path: Path) -> None:
    """Reports are read by the same rules: the lines are named, and the others come in."""
    file, item = tmp_path / "reports.csv", town.post("bob", PLAIN).post_id
    file.write_text(
        "item,reporter,reason,comment,created_at\n"
        f"{item},zoe,spam,plain,{DAY}\n"
        f'{item},yan,spam,"oh no,{DAY}\n'
        f'{item},xia,threat,the shelf is 6",{DAY}\n'
        f"{item},wim,spam,fine,{DAY}\n"
    )
    status = main(["import", "reports", str(file), "--community", "plaza"])

    assert status == 1
    assert sorted(Report.objects.values_list("reason", "comment")) == [("spam", "fine"), ("spam", "plain")]
    assert rejects(file) == [(3, 4)]
    assert town.verbs().count("report.filed") == 2


@pytest.mark.django_db(transaction=True)
def test_whoever_knows_that_cells_hold_rows_can_say_so(town: Town, tmp_path: Path) -> None:
    """A post that quotes a table is refused as doubtful, and taken as it is with --rows-in-cells."""
    file = tmp_path / "old.csv"
    quoting = f'1,ann,"look, a row:\n2,ben,hello,{DAY}\nfunny",{DAY}\n'
    assert bring_in(file, HEAD + quoting) == 1
    assert rejects(file) == [(2, 4)]
    assert bring_in(file, HEAD + quoting, "--rows-in-cells") == 0
    assert posts() == {"1": f"look, a row:\n2,ben,hello,{DAY}\nfunny"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("rows", "bad"),
    [
        (f'1,ann,six 6" wide,{DAY}\n2,ben,fine,{DAY}\n', [(2, 2)]),
        (f'1,ann,"closed"wrongly,{DAY}\n2,ben,fine,{DAY}\n', [(2, 2)]),
        (f"1,ann,one, two,{DAY}\n2,ben,fine,{DAY}\n", [(2, 2)]),
        (f"1,ann\n2,ben,fine,{DAY}\n", [(2, 2)]),
        (f'2,ben,fine,{DAY}\n3,cara,"never closed,{DAY}\n4,dan,lost,{DAY}\n', [(3, 4)]),
        (f'1,ann,"{"x" * 1_200_000}",{DAY}\n2,ben,fine,{DAY}\n', [(2, 2)]),
        (f'1,ann,"{("x" * 999 + chr(10)) * 1_200}",{DAY}\n2,ben,fine,{DAY}\n', [(2, 1202)]),
        (f"1,ann,caf\udce9,{DAY}\n2,ben,fine,{DAY}\n", [(2, 2)]),
    ],
    ids=["within", "closed wrongly", "more cells", "fewer cells", "open", "long", "long lines", "not UTF-8"],
)
def test_what_cannot_be_read_is_named_by_its_lines(
    town: Town, tmp_path: Path, rows: str, bad: list[tuple[int, int]]
) -> None:
    """Nothing of it comes in, and it swallows no row behind it."""
    file = tmp_path / "old.csv"
    status = bring_in(file, (HEAD + rows).encode("utf-8", "surrogateescape"))

    assert status == 1
    assert posts() == {"2": "fine"}
    assert rejects(file) == bad


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("old.csv", (HEAD + f"2,ben,fine,{DAY}\n").replace("\n", "\r").encode()),
        ("old.csv", (HEAD + f"2,ben,fine,{DAY}\n").replace("\n", "\r\n").encode("utf-8-sig")),
        ("old.csv", (HEAD + f"2,ben,fine,{DAY}\n").replace(",", ";").encode()),
        ("old.csv", b"sep=;\r\n" + (HEAD + f"2,ben,fine,{DAY}\n").replace(",", ";").encode()),
        ("old.tsv", (HEAD + f"2,ben,fine,{DAY}\n").replace(",", "\t").encode()),
        ("old.csv", (HEAD + f"2,ben,fine,{DAY}\n").encode("utf-16")),
        ("OLD.CSV", (HEAD + f"2,ben,fine,{DAY}\n").encode()),
    ],
    ids=["CR", "CR LF and BOM", "semicolons", "sep=", "tabs", "UTF-16", "capitals"],
)
def test_what_spreadsheets_write_is_read(town: Town, tmp_path: Path, name: str, content: bytes) -> None:
    """Whatever the line ends, the separator, the encoding by its mark, and the case of the name's end."""
    assert bring_in(tmp_path / name, content) == 0
    assert posts() == {"2": "fine"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("content", "said"),
    [
        ((HEAD + "x").encode("utf-16-le"), "Save it as CSV in UTF-8"),
        (b"id,author,text,text,created_at\n", "two columns of one name"),
        (b'id,author,"text,created_at\n1,a,b,c\n', "no first line of column names that can be read"),
        (b"id|author|text|created_at\n", "its first line is 'id|author|text|created_at'"),
    ],
)
def test_what_cannot_begin_says_why_and_how_to_go_on(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str
) -> None:
    """One line on stderr, and nothing brought in."""
    assert bring_in(tmp_path / "old.csv", content) == 1
    assert said in capsys.readouterr().err
    assert posts() == {}


@pytest.mark.django_db(transaction=True)
def test_a_list_that_may_be_incomplete_is_refused_whole(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was in force stays so, and the lines are named."""
    file = tmp_path / "known.csv"
    command = ["lists", "import", str(file), "--community", "plaza", "--purpose", "illegal"]
    one, two = "the lamp by the river went out", "nobody has seen the ferry since"
    file.write_text(f"id,type,value\n1,text,{one}\n2,text,{two}\n")
    assert main(command) == 0
    file.write_text(f'id,type,value\n1,text,"{one}\n2,text,{two}"\n3,text,something else entirely\n')
    before = town.verbs()

    assert main(command) == 1
    assert "may be incomplete: 1 row cannot be read; what was in force stays so" in capsys.readouterr().err
    assert [known.size for known in queries.lists(community_id=town.plaza)] == [2]
    assert rejects(file) == [(2, 3)]
    assert town.verbs() == before


@pytest.mark.django_db(transaction=True)
def test_a_text_of_several_lines_may_come_first(town: Town, tmp_path: Path) -> None:
    """The end of its last line looks like a row only to whoever does not see that the first is none."""
    head, row = "text,id,author,created_at\n", f"2,ben,{DAY}\n"
    assert bring_in(tmp_path / "old.csv", f'{head}"hello\nthere",{row}') == 0
    assert posts() == {"2": "hello\nthere"}
    assert bring_in(tmp_path / "other.csv", f'{head}"oh no,{row}six 6",{row}') == 1
    assert rejects(tmp_path / "other.csv") == [(2, 3)]


def test_no_command_is_told_of_an_option_that_it_does_not_have(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where doubtful rows cannot be taken as they are, nothing says that they can."""
    file = tmp_path / "old.csv"
    file.write_text('id,text\n1,"oh no\n2,six 6"\n')

    assert main(["screen", str(file), "--processes", "1"]) == 1
    said = capfd.readouterr().err
    assert "lines 2 to 3: a quoted cell goes over lines" in said
    assert "--rows-in-cells" not in said


@pytest.mark.parametrize("command", ["match-thresholds", "recall-guarantee"])
def test_figures_are_made_from_a_whole_file_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """A stray quote in a log or an audit is named by its lines."""
    head = {"match-thresholds": "text,attribute,score", "recall-guarantee": "text,broke,score"}[command]
    middle = {"match-thresholds": "TOXICITY", "recall-guarantee": "yes"}[command]
    file = tmp_path / "old.csv"
    file.write_text(f'{head}\n"oh no,{middle},0.5\nsix 6",{middle},0.5\nplain,{middle},0.5\n')

    assert main(["detect", command, str(file)]) == 1
    assert "lines 2 to 3" in capsys.readouterr().err


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.integers(1, 99_999).map(str),
            st.from_regex(r"[a-z]{3,9}", fullmatch=True),
            st.text(st.sampled_from('ab ,;"\n\r1é☂'), max_size=20).map(lambda text: text + "."),
        ),
        max_size=8,
    ),
    ends=st.sampled_from(["\n", "\r\n"]),
    separator=st.sampled_from(",;\t"),
)
def test_what_was_written_by_the_rules_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]], ends: str, separator: str
) -> None:
    """Whatever quotes, separators and line breaks a text holds."""
    columns = ("id", "author", "text")
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator, lineterminator=ends, quoting=csv.QUOTE_ALL)
    writer.writerows([columns, *rows])
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(written.getvalue().encode())
    read = list(read_rows(path, needed=columns, optional=(), trusting=True).rows)

    assert [row.fields for row in read] == [dict(zip(columns, row, strict=True)) for row in rows]
