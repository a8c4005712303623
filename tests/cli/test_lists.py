import json
from pathlib import Path

import pytest
from tests.known import ILLEGAL, LISTED, NEARLY, PDQ, write_list
from tests.scenario import PLAIN, Town

from wardmote.edges.cli.main import main
from wardmote.journeys.steps import screening
from wardmote.kernel.urn import Urn
from wardmote.moderation import queries
from wardmote.moderation.models import Case, KnownEntry, KnownList, QuarantinedCase
from wardmote.moderation.policy import Route
from wardmote.network.models import Post
from wardmote.notices.models import Notice
from wardmote.record import queries as record
from wardmote.record.models import Disclosure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None, town: Town) -> Town:
    """The command opens durable transactions of its own."""
    return town


def run(file: Path, *more: str, purpose: str = "illegal") -> int:
    return main(["lists", "import", str(file), "--community", "plaza", "--purpose", purpose, *more])


def rejects(path: Path) -> list[tuple[int, str]]:
    lines = path.with_name(path.name + ".rejects.jsonl").read_text("utf-8").splitlines()
    return [(row["line"], row["reason"]) for row in map(json.loads, lines)]


def test_a_list_is_in_force_once_it_is_in(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Named after its file; the record has its name, purpose, size and the file's hash, and nothing that is on it."""
    status = run(write_list(tmp_path / "known.csv", [("1", "text", ILLEGAL), ("2", "pdq", PDQ)]))
    (known,) = queries.lists(community_id=town.plaza)
    (entry,) = record.history([Urn("known_list", known.list_id)])
    facts = {row.name: json.loads(bytes(row.content or b"")) for row in Disclosure.objects.filter(entry_id=entry.id)}

    assert status == 0
    assert "The list 'known' is in force with 2 entries; 0 rows rejected." in capsys.readouterr().out
    assert (known.name, known.size, known.purpose) == ("known", 2, "illegal")
    assert entry.verb == "list.imported"
    assert set(facts) == {"name", "purpose", "category", "score", "size", "file_hash"}
    assert "lantern" not in str(list(KnownEntry.objects.values()))


def test_the_rows_that_cannot_be_matched_by_are_named_and_the_others_come_in(town: Town, tmp_path: Path) -> None:
    """Each with its line and why, none of its content; the status says that something was left out."""
    file = write_list(
        tmp_path / "mixed.csv",
        [
            ("1", "HASH_PDQ", PDQ),
            ("2", "text_tlsh", "T1" + PDQ),
            ("3", "pdq", "short"),
            ("4", "TEXT", ILLEGAL),
            ("5", "TEXT", "two\nlines " + LISTED),
            ("6", "", LISTED),
            ("7", "pdq", PDQ),
        ],
        header=("indicator_id", "type", "indicator"),
    )
    status = run(file)

    assert status == 1
    assert queries.lists(community_id=town.plaza)[0].size == 3
    assert [(line, reason.split(";")[0]) for line, reason in rejects(file)] == [
        (3, "TLSH hashes of texts cannot be matched here"),
        (4, "a PDQ hash has 64 hexadecimal digits, not 5"),
        (8, "no type"),
    ]


def test_a_list_of_the_same_name_takes_the_place_of_the_one_before(town: Town, tmp_path: Path) -> None:
    """What stood on the old one alone matches nothing; both steps are on the record."""
    run(write_list(tmp_path / "known.csv", [("1", "text", ILLEGAL)]))
    run(write_list(tmp_path / "known.csv", [("1", "text", LISTED)]))

    assert [known.size for known in queries.lists(community_id=town.plaza)] == [1]
    assert KnownEntry.objects.count() == 1
    assert town.post("bob", ILLEGAL).route is Route.PUBLISH
    with pytest.raises(screening.Locked):
        town.post("bob", LISTED)
    assert [verb for verb in town.verbs() if verb.startswith("list.")] == [
        "list.imported",
        "list.removed",
        "list.imported",
    ]


def test_a_file_with_nothing_to_match_by_changes_nothing(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An export that came empty must not put the list out of force."""
    run(write_list(tmp_path / "known.csv", [("1", "text", ILLEGAL)]))
    status = run(write_list(tmp_path / "known.csv", [("1", "md5", "abc")]))

    assert status == 1
    assert "what was in force stays so" in capsys.readouterr().err
    assert [known.size for known in queries.lists(community_id=town.plaza)] == [1]
    run(write_list(tmp_path / "known.csv", [("1", "text", ILLEGAL)]))
    assert KnownList.objects.filter(ready_at=None).count() == 0


def test_a_list_is_shown_and_removed(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its name, with its size and what it matched; what is on it is printed nowhere, and deleted in the end."""
    run(write_list(tmp_path / "known.csv", [("1", "text", ILLEGAL)]))
    with pytest.raises(screening.Locked):
        town.post("bob", ILLEGAL)
    main(["lists", "show", "--community", "plaza"])
    shown = capsys.readouterr().out
    removed = main(["lists", "remove", "known", "--community", "plaza"])
    again = main(["lists", "remove", "known", "--community", "plaza"])

    assert "known  illegal  1 entry since" in shown
    assert "matched 1 time," in shown
    assert "lantern" not in shown
    assert (removed, again, KnownEntry.objects.count()) == (0, 1, 0)
    assert town.verbs()[-1] == "list.removed"
    assert QuarantinedCase.objects.get().known_list.name == "known"


@pytest.mark.parametrize(
    ("more", "purpose", "said"),
    [
        (["--category", "harassment"], "illegal", "has no category"),
        ([], "hold", "The category must be one that a rule"),
        (["--category", "gardening"], "hold", "The category must be one that a rule"),
        (["--category", "harassment"], "flag", "has a score from 0 to 1"),
        (["--category", "harassment", "--score", "1.5"], "flag", "above 0 and at most 1"),
        (["--category", "harassment", "--score", "0.5"], "hold", "has a score from 0 to 1"),
        (["--name", " "], "illegal", "name is 1 to 80"),
        (["--community", "nowhere"], "illegal", "no community called 'nowhere'"),
    ],
)
def test_a_list_that_could_do_nothing_is_refused(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], purpose: str, said: str
) -> None:
    """Before anything is read."""
    status = run(write_list(tmp_path / "known.csv", [("1", "text", LISTED)]), *more, purpose=purpose)

    assert status == 1
    assert said in capsys.readouterr().err
    assert not KnownList.objects.exists()


def test_a_list_to_hold_by_holds_under_the_rule_it_is_about(town: Town, tmp_path: Path) -> None:
    """As screening would: a case with the list as its reason, and a letter to the author; the record names the list."""
    run(write_list(tmp_path / "campaign.csv", [("1", "text", LISTED)]), "--category", "harassment", purpose="hold")
    published = town.post("bob", LISTED)
    case = Case.objects.get()
    (row,) = queries.queue(community_id=town.plaza, member_id=town.members["dave"])
    (notice,) = Notice.objects.all()
    named = Disclosure.objects.get(name="lists")

    assert published.route is Route.HOLD
    assert (case.held, case.category) == (True, "harassment")
    assert row.why == "on the list “campaign”"
    assert notice.kind == "held"
    assert json.loads(bytes(named.content or b"")) == [str(KnownList.objects.get().urn)]
    assert queries.lists(community_id=town.plaza)[0].matches == 1


def test_a_list_to_flag_by_raises_a_score_and_the_policy_decides(town: Town, tmp_path: Path) -> None:
    """To what it was given; below every threshold nothing follows but the score."""
    file = write_list(tmp_path / "flagged.csv", [("1", "text", LISTED)])
    run(file, "--category", "violence.threat", "--score", "0.6", purpose="flag")
    queued = town.post("bob", LISTED)
    run(file, "--category", "violence.threat", "--score", "0.3", purpose="flag")
    published = town.post("carol", LISTED)

    assert (queued.route, published.route) == (Route.QUEUE, Route.PUBLISH)
    assert Case.objects.get().screening is not None
    scores = [case.screening.scores for case in Case.objects.all() if case.screening]
    assert scores[0]["violence.threat"] == 0.6


def test_imported_posts_that_are_illegal_are_locked_too(town: Town, tmp_path: Path) -> None:
    """Those beside them come in; what is rejected is said without the text."""
    run(write_list(tmp_path / "known.csv", [("1", "text", ILLEGAL)]))
    day = "2024-05-06T07:08:09Z"
    posts = [
        {"id": str(n), "author": "zoe", "text": t, "created_at": day} for n, t in enumerate((PLAIN, NEARLY, "Yes."))
    ]
    file = tmp_path / "old.jsonl"
    file.write_text("\n".join(map(json.dumps, posts)), encoding="utf-8")
    status = main(["import", "posts", str(file), "--community", "plaza"])

    assert status == 1
    assert sorted(Post.objects.values_list("text", flat=True)) == [PLAIN, "Yes."]
    assert QuarantinedCase.objects.get().text == NEARLY
    assert rejects(file) == [(2, "This cannot be published here.")]


def test_imported_reports_of_what_is_illegal_open_no_case(town: Town, tmp_path: Path) -> None:
    """What stood here goes to the lane, and out of sight."""
    post = town.post("bob", ILLEGAL)
    run(write_list(tmp_path / "known.csv", [("1", "text", ILLEGAL)]))
    row = {"item": str(post.post_id), "reporter": "yan", "reason": "threat", "created_at": "2026-11-22T07:08:09Z"}
    file = tmp_path / "reports.jsonl"
    file.write_text(json.dumps(row), encoding="utf-8")
    status = main(["import", "reports", str(file), "--community", "plaza"])

    assert status == 1
    assert not Case.objects.exists()
    assert QuarantinedCase.objects.get().subject == str(Urn("post", post.post_id))
    assert Post.objects.get().text == ""


def test_a_policy_that_dropped_the_rule_does_not_set_a_list_to_hold_by_aside(town: Town, tmp_path: Path) -> None:
    """Held under no rule, the letter says that it was a list, and a moderator decides as always."""
    run(write_list(tmp_path / "campaign.csv", [("1", "text", LISTED)]), "--category", "harassment", purpose="hold")
    KnownList.objects.update(category="gone")
    published = town.post("bob", LISTED)

    assert published.route is Route.HOLD
    assert "on a list that this community keeps" in Notice.objects.get().body
    assert Case.objects.get().held
