import csv
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.scenario import HELD, PLAIN, QUEUED, Town

from wardmote.communities import operations as communities
from wardmote.communities.policy import Action, CommunityState
from wardmote.edges.cli.main import main
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, Report
from wardmote.moderation.policy import CaseState, ReportReason
from wardmote.network.models import Post, Profile
from wardmote.notices.models import Delivery, Notice

pytestmark = pytest.mark.django_db(transaction=True)
DAY = "2024-05-06T07:08:09Z"


@pytest.fixture
def town(transactional_db: None, town: Town) -> Town:
    """The command opens durable transactions of its own."""
    return town


def row(number: int, text: str | None = PLAIN, **changes: Any) -> dict[str, Any]:
    return {"id": f"p{number}", "author": "zoe", "text": text, "created_at": DAY} | changes


def as_lines(path: Path, rows: Sequence[object]) -> Path:
    path.write_bytes(b"".join(r if isinstance(r, bytes) else json.dumps(r).encode() + b"\n" for r in rows))
    return path


def rejects(path: Path) -> list[tuple[int, str]]:
    lines = path.with_name(path.name + ".rejects.jsonl").read_text("utf-8").splitlines()
    return [(row["line"], row["reason"]) for row in map(json.loads, lines)]


def test_imported_posts_take_the_way_of_every_post(town: Town, tmp_path: Path) -> None:
    """Each is screened, published, queued or held at its own date, with its case, its notice and its entry."""
    before = len(town.verbs())
    file = as_lines(tmp_path / "old.jsonl", [row(1), row(2, QUEUED), row(3, HELD)])
    status = main(["import", "posts", str(file), "--community", "plaza"])

    assert status == 0
    assert list(Post.objects.order_by("source_id").values_list("source_id", "visibility")) == [
        ("p1", "public"),
        ("p2", "public"),
        ("p3", "held"),
    ]
    assert {datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)} == set(Post.objects.values_list("created_at", flat=True))
    assert Case.objects.count() == 2
    assert list(Notice.objects.values_list("kind", flat=True)) == ["held"]
    assert town.verbs()[before:] == [
        "post.published",
        "post.published",
        "post.held",
        "case.opened",
        "case.opened",
        "notice.sent",
    ]


def test_nobody_is_mailed_at_an_address_that_does_not_exist(town: Town, tmp_path: Path) -> None:
    """The notice to an imported author lies in the inbox alone."""
    main(["import", "posts", str(as_lines(tmp_path / "old.jsonl", [row(1, HELD)])), "--community", "plaza"])

    assert list(Delivery.objects.values_list("channel", flat=True)) == ["in_app"]


def test_csv_and_parquet_say_the_same_as_json_lines(town: Town, tmp_path: Path) -> None:
    """The same posts come in from any of the three, line breaks in a text too."""
    rows = [row(1, "one\nline more"), row(2, "„naïve“ ☂"), row(3, "an answer", reply_to="p1")]
    as_lines(tmp_path / "a.jsonl", rows)
    with (tmp_path / "b.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, ["created_at", "id", "reply_to", "text", "author"])
        writer.writeheader()
        writer.writerows(rows)
    table = pa.Table.from_pylist(
        [r | {"reply_to": r.get("reply_to"), "created_at": datetime.fromisoformat(DAY)} for r in rows]
    )
    pq.write_table(table, tmp_path / "c.parquet")
    for name in ("a.jsonl", "b.csv", "c.parquet"):
        assert main(["import", "posts", str(tmp_path / name), "--community", "plaza"]) == 0

    columns = ("source_id", "text", "created_at", "parent__source_id")
    found = {
        name: list(Post.objects.filter(source=name).order_by("source_id").values_list(*columns))
        for name in ("a.jsonl", "b.csv", "c.parquet")
    }
    assert found["a.jsonl"] == found["b.csv"] == found["c.parquet"]
    assert [r["text"] for r in rows] == [text for _, text, _, _ in found["a.jsonl"]]
    assert found["a.jsonl"][2][3] == "p1"


def test_bad_lines_are_kept_with_their_numbers_and_reasons(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot come in is told line by line and loses nothing but itself; the status is 1."""
    file = as_lines(
        tmp_path / "old.jsonl",
        [
            row(1),
            b"{not json}\n",
            b'{"id": "p3", "author": "zoe", "text": "\xff", "created_at": "2024-05-06"}\n',
            b"[1, 2]\n",
            b"\n",
            row(6, "x" * 1001),
            row(7, "bell \x07"),
            row(8, created_at="yesterday"),
            row(9, created_at="2200-01-01"),
            row(10, author=" "),
            row(11, text=None),
            row(12, id=True),
            row(13, "lone \ud800 surrogate"),
            b'{"id": "p14", "text": "' + b"y" * 1_000_000 + b'"}\n',
            row(15, id="x" * 201),
            row(16),
        ],
    )
    status = main(["import", "posts", str(file), "--community", "plaza"])

    assert status == 1
    assert {"p1", "p16"} == set(Post.objects.values_list("source_id", flat=True))
    assert rejects(file) == [
        (2, "not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (3, "not UTF-8 at byte 40"),
        (4, "not a JSON object"),
        (6, "The text has 1,001 characters; the most is 1,000."),
        (7, "The text has a control character at 6; please remove it."),
        (8, "created_at is not an ISO 8601 time: 'yesterday'"),
        (9, "created_at is not between 1970 and today: 2200-01-01T00:00:00+00:00"),
        (10, "author is not a name: nothing of it can be seen, or it has control characters"),
        (11, "no text"),
        (12, "id is neither a text nor a whole number"),
        (13, "The text is not valid Unicode at character 6."),
        (14, "the line is longer than 1,000,000 bytes"),
        (15, "id has 201 characters; the most is 200"),
    ]
    assert "13 rows were not brought in" in capsys.readouterr().err


def test_a_second_run_adds_nothing_and_clears_old_rejects(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A post is known by its source and its id there; a file mended since leaves no rejects behind."""
    file = as_lines(tmp_path / "old.jsonl", [row(1), row(1, "the same id again"), b"broken\n"])
    main(["import", "posts", str(file), "--community", "plaza"])
    verbs = town.verbs()
    as_lines(file, [row(1), row(2)])
    capsys.readouterr()
    status = main(["import", "posts", str(file), "--community", "plaza"])

    assert status == 0
    assert dict(Post.objects.values_list("source_id", "text")) == {"p1": PLAIN, "p2": PLAIN}
    assert town.verbs() == [*verbs, "post.published"]
    assert "1 were here already" in capsys.readouterr().out
    assert not (tmp_path / "old.jsonl.rejects.jsonl").exists()


def test_a_reply_is_tied_to_what_came_before_it_and_otherwise_stands_alone(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the same batch, from an earlier run, and never to a held post or to one that comes later."""
    first = as_lines(tmp_path / "1.jsonl", [row(1)])
    main(["import", "posts", str(first), "--community", "plaza", "--source", "elsewhere"])
    rows = [
        row(2, reply_to="p1"),
        row(3, reply_to="p2"),
        row(4, reply_to="p9"),
        row(5, HELD),
        row(6, reply_to="p5"),
        row(7, reply_to="p7"),
        row(9),
    ]
    second = as_lines(tmp_path / "2.jsonl", rows)
    status = main(["import", "posts", str(second), "--community", "plaza", "--source", "elsewhere"])

    assert status == 0
    tied = Post.objects.exclude(parent=None).values_list("source_id", "parent__source_id", "root__source_id")
    assert {("p2", "p1", "p1"), ("p3", "p2", "p1")} == set(tied)
    assert "3 answer a post that is not here, and stand alone" in capsys.readouterr().out


def test_foreign_names_never_speak_for_members(town: Town, tmp_path: Path) -> None:
    """Bob's name elsewhere becomes another handle here; names that are no handles get one that stays theirs."""
    names = ["bob", "Jürgen Müller", "Ju\u0308rgen M\u00fcller ", "李雷", "Zoe", "zoe"]
    rows = [row(n, author=name) for n, name in enumerate(names)]
    for _ in range(2):
        assert main(["import", "posts", str(as_lines(tmp_path / "old.jsonl", rows)), "--community", "plaza"]) == 0
    authors = dict(Post.objects.values_list("source_id", "author__handle"))

    assert town.members["bob"] not in set(Post.objects.values_list("author_id", flat=True))
    assert authors["p0"].startswith("bob_")
    assert authors["p1"].startswith("jurgen_muller_")
    assert authors["p3"].startswith("member_")
    assert (authors["p4"], authors["p5"]) == ("zoe", "zoe")
    assert Profile.objects.filter(handle__startswith="jurgen").count() == len({authors["p1"], authors["p2"]})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["{}/gone.jsonl", "--community", "plaza"], "gone.jsonl cannot be read: No such file or directory"),
        (["{}/posts.jsonl", "--community", "moon"], "there is no community called 'moon'"),
        (["{}/posts.txt", "--community", "plaza"], "posts.txt must end in .jsonl, .csv or .parquet"),
        (["{}/short.csv", "--community", "plaza"], "short.csv has no column author, created_at"),
        (["{}/bad.parquet", "--community", "plaza"], "bad.parquet is not Parquet"),
        (
            ["{}/posts.jsonl", "--community", "plaza", "--source", "s" * 81],
            "a source is a name of at most 80 characters",
        ),
    ],
)
def test_what_cannot_begin_is_one_line(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    """A missing file, community or column is told in one line, with status 1, and nothing is written."""
    as_lines(tmp_path / "posts.jsonl", [row(1)])
    for name, content in (("posts.txt", "x"), ("short.csv", "id,text\n1,a\n"), ("bad.parquet", "PAR?")):
        (tmp_path / name).write_text(content)
    status = main(["import", "posts", *[each.format(tmp_path) for each in arguments]])
    said = capsys.readouterr().err.strip().splitlines()

    assert status == 1
    assert len(said) == 1
    assert sentence in said[0]
    assert not Post.objects.exists()


def test_nothing_comes_into_a_community_that_its_host_has_stopped(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither posts nor reports, each refused in one line; nobody is made a member on the way."""
    members = Profile.objects.count()
    communities.set_state(
        community_id=town.plaza,
        state=CommunityState.SUSPENDED,
        reason="Two items are still up.",
        decision=Urn("hostcase", 1),
        now=town.now,
    )
    report = {"item": "p1", "reporter": "yan", "reason": "spam", "created_at": DAY}
    posts, reports = as_lines(tmp_path / "posts.jsonl", [row(1)]), as_lines(tmp_path / "reports.jsonl", [report])
    statuses = [
        main(["import", kind, str(file), "--community", "plaza"])
        for kind, file in (("posts", posts), ("reports", reports))
    ]

    assert statuses == [1, 1]
    assert capsys.readouterr().err.count("suspended") == 2
    assert not Post.objects.exists()
    assert Profile.objects.count() == members


def test_imported_reports_open_cases_and_join_them(town: Town, tmp_path: Path) -> None:
    """By the id elsewhere, by our own id, path and address; one person reports one thing once."""
    main(["import", "posts", str(as_lines(tmp_path / "posts.jsonl", [row(1), row(2, HELD)])), "--community", "plaza"])
    post = town.post("bob", PLAIN)
    ours = [str(post.post_id), f"urn:wardmote:post:{post.post_id}", post.path, f"https://plaza.localhost{post.path}"]
    rows = [
        {"item": item, "reporter": f"reader_{n}", "reason": "threat", "created_at": DAY, "comment": "Look."}
        for n, item in enumerate(["p1", "p2", *ours])
    ]
    file = as_lines(tmp_path / "reports.jsonl", [*rows, rows[0]])
    arguments = ["import", "reports", str(file), "--community", "plaza", "--source", "posts.jsonl"]
    statuses = [main(arguments), main(arguments)]

    assert statuses == [0, 0]
    assert Report.objects.count() == 6
    assert Case.objects.get(subject=f"urn:wardmote:post:{post.post_id}").reports.count() == 4
    assert Case.objects.get(held=True).reports.count() == 1
    assert {datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)} == set(Report.objects.values_list("filed_at", flat=True))
    assert town.verbs().count("report.filed") == 6


def test_a_report_of_a_case_that_was_decided_is_not_taken_for_a_new_one(town: Town, tmp_path: Path) -> None:
    """A second run after the decision opens nothing again."""
    main(["import", "posts", str(as_lines(tmp_path / "posts.jsonl", [row(1)])), "--community", "plaza"])
    report = {"item": "p1", "reporter": "yan", "reason": ReportReason.SPAM.value, "created_at": DAY}
    file = as_lines(tmp_path / "reports.jsonl", [report])
    arguments = ["import", "reports", str(file), "--community", "plaza", "--source", "posts.jsonl"]
    main(arguments)
    town.decide("dave", Action.NONE)
    main(arguments)

    assert [CaseState.DECIDED.value] == list(Case.objects.values_list("state", flat=True))
    assert Report.objects.count() == 1


def test_reports_that_name_nothing_are_rejected(town: Town, tmp_path: Path) -> None:
    """An unknown item, somebody else's address, a reason we do not know, one's own post: each says why."""
    main(["import", "posts", str(as_lines(tmp_path / "posts.jsonl", [row(1)])), "--community", "plaza"])
    report = {"item": "p1", "reporter": "yan", "reason": "spam", "created_at": DAY}
    file = as_lines(
        tmp_path / "reports.jsonl",
        [
            report | {"item": "p99"},
            report | {"item": "https://elsewhere.example/1"},
            report | {"reason": "ugly"},
            report | {"reporter": "zoe"},
            report | {"item": "12345"},
        ],
    )
    status = main(["import", "reports", str(file), "--community", "plaza", "--source", "posts.jsonl"])

    assert status == 1
    assert rejects(file) == [
        (1, "There is no post called 'p99' here."),
        (2, "No post of https://elsewhere.example/1 has been brought in."),
        (3, f"reason is none of {', '.join(ReportReason)}: 'ugly'"),
        (4, "This is your own; you can edit or delete it."),
        (5, "There is no such post here."),
    ]
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", ["山田　太郎", "علی\u200cرضا", "ക്രിസ്\u200dറ്റി", "Ana 👩\u200d🚀"])
def test_an_author_has_a_name_in_any_script(town: Town, tmp_path: Path, name: str) -> None:
    """The row is taken and its text screened; a name that shows nothing is none."""
    file = as_lines(tmp_path / "old.jsonl", [row(1, QUEUED, author=name), row(2, author="\u3164")])
    status = main(["import", "posts", str(file), "--community", "plaza"])

    assert status == 1
    assert Case.objects.count() == 1
    assert [line for line, _reason in rejects(file)] == [2]
    assert town.verbs()[-1] == "case.opened"
