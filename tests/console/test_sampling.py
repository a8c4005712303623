"""Sampling: drawn by lot, judged blind, and what it guarantees."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.console.conftest import Browser
from tests.scenario import HELD, PLAIN, QUEUED, THREAT, Town

from wardmote.communities.policy import Action
from wardmote.config.jobs import HANDLERS
from wardmote.edges.cli.main import main
from wardmote.jobs import engine
from wardmote.journeys.members import delete_post, edit_post, erase
from wardmote.journeys.moderators import sampling
from wardmote.kernel.errors import Conflict, Refused
from wardmote.kernel.urn import Urn
from wardmote.moderation import queries
from wardmote.moderation.models import Sample, SampledPost
from wardmote.moderation.policy.sampling import SAMPLE_LIMIT, drawn_by_lot, sample_seen
from wardmote.network.models import Post
from wardmote.record import queries as record
from wardmote.record.models import Disclosure

MONDAY = datetime(2026, 11, 23, 0, 5, tzinfo=UTC)
"""The first draw after the town's Sunday."""


def _plan(town: Town, posts: int) -> None:
    sampling.plan(community_id=town.plaza, member_id=town.members["alice"], posts_a_week=posts, now=town.now)


def _draw(town: Town, when: datetime = MONDAY) -> Sample:
    town.now = max(town.now, when)
    engine.run_due(engine.resolve(HANDLERS), now=town.now)
    return Sample.objects.latest("begins")


def _judge_all(town: Town, *, threats: bool = True) -> None:
    """Dave and Erin judge whatever is left; a post that holds a marked threat breaks the rule."""
    for name in ("dave", "erin"):
        while post := queries.next_to_judge(community_id=town.plaza, member_id=town.members[name]):
            broke = [THREAT] if threats and "[" in post.text else []
            sampling.judge(
                community_id=town.plaza,
                member_id=town.members[name],
                sampled_id=post.sampled_id,
                broke=broke,
                seen=sample_seen(post.content_hash, sampling.categories(town.plaza)),
                now=town.now,
            )


def _seen(town: Town, row: SampledPost) -> str:
    """What the sheet of a drawn post carries."""
    return sample_seen(row.content_hash, sampling.categories(town.plaza))


def test_an_owner_plans_and_the_week_is_drawn_when_it_is_over(town: Town, browser: Browser) -> None:
    """Alice's plan and the draw stand on record; held posts can be drawn, and the draw can be repeated."""
    for n in range(6):
        town.post("bob", f"{PLAIN} {n}")
    town.post("carol", HELD)
    answer = browser("alice").post("/console/recall-guarantee/plan", {"posts_a_week": "5"})
    assert answer.status_code == 302
    drawn = _draw(town)

    assert [verb for verb in town.verbs() if verb.startswith("audit.")] == ["audit.planned", "audit.drawn"]
    assert (drawn.begins, drawn.population, drawn.drawn, drawn.left_out) == (date(2026, 11, 16), 7, 5, 0)
    again = drawn_by_lot(drawn.seed, Post.objects.values_list("pk", flat=True), 5)
    subjects = SampledPost.objects.order_by("place").values_list("subject", flat=True)
    assert [str(Urn("post", post_id)) for post_id in again] == list(subjects)
    (entry,) = record.history([drawn.urn])
    facts = {
        row.name: json.loads(bytes(row.content or b"null")) for row in Disclosure.objects.filter(entry_id=entry.id)
    }
    assert drawn.seed in json.dumps(facts)


def test_a_week_is_drawn_once(town: Town) -> None:
    """Running what is due again draws nothing; the next week is asked for, and is drawn a week later."""
    _plan(town, 3)
    town.post("bob", PLAIN)
    _draw(town)
    engine.run_due(engine.resolve(HANDLERS), now=town.now)
    assert Sample.objects.count() == 1
    town.pass_time(days=1)
    town.post("bob", "Another week.")
    town.pass_time(days=7)
    engine.run_due(engine.resolve(HANDLERS), now=town.now)
    assert list(Sample.objects.order_by("begins").values_list("begins", "population")) == [
        (date(2026, 11, 16), 1),
        (date(2026, 11, 23), 1),
    ]


def test_a_plan_that_ends_or_changes_leaves_no_draw_behind(town: Town) -> None:
    """After 0 nothing is drawn, and of two plans in a week only the newer one draws."""
    town.post("bob", PLAIN)
    town.post("carol", "So are the tulips.")
    _plan(town, 2)
    _plan(town, 1)
    assert _draw(town).drawn == 1
    _plan(town, 0)
    town.pass_time(days=8)
    engine.run_due(engine.resolve(HANDLERS), now=town.now)
    assert Sample.objects.count() == 1
    assert town.verbs().count("audit.planned") == 3


@pytest.mark.parametrize("number", ["-1", str(SAMPLE_LIMIT + 1), "many", ""])
def test_a_plan_out_of_bounds_is_refused(town: Town, browser: Browser, number: str) -> None:
    """The page says so, and nothing is planned."""
    assert browser("alice").post("/console/recall-guarantee/plan", {"posts_a_week": number}).status_code == 422
    assert queries.posts_a_week(community_id=town.plaza) == 0
    assert "audit.planned" not in town.verbs()


def test_a_moderator_judges_blind(town: Town, browser: Browser) -> None:
    """Dave sees the words and no score, report or decision; his answer is on record, and the next post comes."""
    queued = town.post("carol", QUEUED)
    town.report("bob", queued.post_id, comment="He means it.")
    town.decide("erin", Action.REMOVE)
    _plan(town, 5)
    _draw(town)
    client = browser("dave")
    page = client.get("/console/sampling").content.decode()
    assert "Somebody should teach you." in page
    assert '<details class="shield" data-shield>' in page  # covered until it is asked for, as at every desk
    shown = page.split("<blockquote")[1].split("</form>")[0].replace(f"[{THREAT} 0.6]", "")
    for word in ("0.6", "He means it", "removed", "@carol", "It is a threat"):
        assert word not in shown
    row = SampledPost.objects.get()
    # What the page itself carries is what a browser sends.
    carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    answer = client.post("/console/sampling", {**carried, "answer": "broke", "broke": [THREAT]})
    assert answer.status_code == 302
    assert town.verbs()[-1] == "audit.judged"
    row.refresh_from_db()
    assert (row.broke, row.judged_by_id) == ([THREAT], town.members["dave"])
    assert "Nothing is left to judge" in client.get("/console/sampling").content.decode()


@pytest.mark.parametrize(
    ("answer", "broke"), [("broke", []), ("none", [THREAT]), ("skip", []), ("broke", ["violence.unheard_of"])]
)
def test_an_answer_that_contradicts_itself_is_asked_for_again(
    town: Town, browser: Browser, answer: str, broke: list[str]
) -> None:
    """The page comes back with the error, and nothing is judged."""
    town.post("bob", PLAIN)
    _plan(town, 1)
    _draw(town)
    row = SampledPost.objects.get()
    found = browser("dave").post(
        "/console/sampling", {"sampled": row.pk, "seen": _seen(town, row), "answer": answer, "broke": broke}
    )
    assert found.status_code == 422
    row.refresh_from_db()
    assert row.judged_at is None
    assert "audit.judged" not in town.verbs()


def test_nobody_judges_their_own_post_or_one_that_is_judged(town: Town) -> None:
    """Dave is not asked about his own post and refused if he tries; Erin's second answer conflicts."""
    town.post("dave", PLAIN)
    _plan(town, 1)
    _draw(town)
    row = SampledPost.objects.get()

    def say_none(name: str) -> None:
        sampling.judge(
            community_id=town.plaza,
            member_id=town.members[name],
            sampled_id=row.pk,
            broke=[],
            seen=_seen(town, row),
            now=town.now,
        )

    assert queries.next_to_judge(community_id=town.plaza, member_id=town.members["dave"]) is None
    with pytest.raises(Refused, match="somebody else"):
        say_none("dave")
    say_none("erin")
    with pytest.raises(Conflict, match="already"):
        say_none("erin")


def test_the_text_that_is_judged_is_the_one_that_was_drawn(town: Town) -> None:
    """An edit after the draw changes nothing; what is deleted disappears here too, and the week counts without it."""
    first, second = town.post("bob", PLAIN), town.post("bob", "Something else.")
    _plan(town, 5)
    _draw(town)
    bob = town.members["bob"]
    edit_post.edit_post(community_id=town.plaza, member_id=bob, post_id=first.post_id, text="Edited.", now=town.now)
    delete_post.delete_post(community_id=town.plaza, member_id=bob, post_id=second.post_id, now=town.now)
    post = queries.next_to_judge(community_id=town.plaza, member_id=town.members["dave"])
    assert post is not None
    assert (post.text, post.left) == (PLAIN, 1)
    _judge_all(town)
    (week,) = queries.samples(community_id=town.plaza)
    assert (week.judged, week.gone, week.left, week.whole) == (1, 1, 0, True)


def test_what_was_deleted_before_the_draw_is_counted(town: Town) -> None:
    """It cannot be drawn; the record and the page say how many there were."""
    post = town.post("bob", PLAIN)
    town.post("carol", "The tulips too.")
    delete_post.delete_post(community_id=town.plaza, member_id=town.members["bob"], post_id=post.post_id, now=town.now)
    _plan(town, 5)
    drawn = _draw(town)
    assert (drawn.population, drawn.drawn, drawn.left_out) == (1, 1, 1)


def test_what_was_erased_is_gone_and_counted(town: Town) -> None:
    """Bob has everything erased after the draw; the week counts without his post."""
    town.post("bob", PLAIN)
    town.post("carol", "The tulips too.")
    _plan(town, 5)
    _draw(town)
    erase.erase_member(community_id=town.plaza, member_id=town.members["bob"], now=town.now)
    _judge_all(town)
    (week,) = queries.samples(community_id=town.plaza)
    assert (week.judged, week.gone, week.left, week.whole) == (1, 1, 0, True)


def test_two_who_judge_at_once_are_asked_about_different_posts(town: Town) -> None:
    """Each has an order of their own."""
    for n in range(40):
        town.post("bob", f"{PLAIN} {n}")
    _plan(town, 40)
    _draw(town)
    asked = {
        name: queries.next_to_judge(community_id=town.plaza, member_id=town.members[name])
        for name in ("alice", "dave", "erin")
    }
    assert len({post.sampled_id for post in asked.values() if post}) > 1


def test_weeks_that_nobody_worked_through_are_drawn_later(town: Town) -> None:
    """After three weeks without a worker every week since the plan is drawn, each on record."""
    _plan(town, 5)
    town.post("bob", PLAIN)
    town.pass_time(days=22)
    engine.run_due(engine.resolve(HANDLERS), now=town.now)
    assert list(Sample.objects.order_by("begins").values_list("begins", "population")) == [
        (date(2026, 11, 16), 1),
        (date(2026, 11, 23), 0),
        (date(2026, 11, 30), 0),
        (date(2026, 12, 7), 0),
    ]
    assert town.verbs().count("audit.drawn") == 4


def test_a_judgement_is_not_shown_on_the_case_about_the_post(town: Town, browser: Browser) -> None:
    """Who decides a case reads nothing of the audit, and the other way round."""
    town.post("carol", QUEUED)
    _plan(town, 5)
    _draw(town)
    _judge_all(town)
    row = SampledPost.objects.get()
    assert [entry.verb for entry in record.history([row.sample.urn])] == ["audit.drawn", "audit.judged"]
    assert "audit.judged" not in [entry.verb for entry in record.history([Urn.parse(row.subject)])]


def test_the_addresses_of_before_lead_to_the_pages(town: Town, browser: Browser) -> None:
    """With what was asked and what was sent: a page that was open when the address changed still works."""
    client = browser("alice")
    moved = {path: client.get(f"/console/{path}?draft=1") for path in ("audit", "promises")}
    sent = client.post("/console/promises/plan", {"posts_a_week": "5"})
    client.post(sent.headers["Location"], {"posts_a_week": "5"})

    assert {path: (answer.status_code, answer.headers["Location"]) for path, answer in moved.items()} == {
        "audit": (308, "/console/sampling?draft=1"),
        "promises": (308, "/console/recall-guarantee?draft=1"),
    }
    assert sent.status_code == 308
    assert queries.posts_a_week(community_id=town.plaza) == 5
    assert "audit.planned" in town.verbs()


def test_a_guarantee_comes_with_enough_posts_and_whole_weeks(
    town: Town,
    browser: Browser,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With 29 threats found by lot there is a threshold and its price; before, it says how many more are needed."""
    monkeypatch.setenv("COLUMNS", "200")
    for n in range(30):
        town.post("bob", f"Number {n} will be sorry. [{THREAT} 0.{60 + n}]")
        town.post("carol", f"{PLAIN} {n}")
    _plan(town, 500)
    _draw(town)
    client = browser("alice")
    assert "No whole week was judged" in client.get("/console/recall-guarantee").content.decode()
    _judge_all(town)
    page = client.get("/console/recall-guarantee").content.decode()
    assert "at 0.6000 or above (0 of 30 here lie below)" in page
    assert "0 of 30 ordinary posts" in page
    assert "no guarantee yet: 29 more posts" in page
    guarantee = next(
        each for each in queries.guarantees(community_id=town.plaza, screener=_screener()) if each.category == THREAT
    )
    assert guarantee.posts == 60
    assert main(["detect", "recall-guarantee", "--community", "plaza", "--out", str(tmp_path / "samples")]) == 0
    assert "score 0.6000 or more" in capsys.readouterr().out
    assert main(["detect", "recall-guarantee", str(tmp_path / "samples" / f"{THREAT}.csv")]) == 0
    assert "score 0.6000 or more" in capsys.readouterr().out


def _screener() -> str:
    from wardmote.journeys.steps.screening import screener

    return screener().fingerprint


def test_what_another_version_scored_does_not_count(town: Town) -> None:
    """After the detectors changed, nothing is guaranteed of the new ones from the old ones' scores."""
    town.post("bob", PLAIN)
    _plan(town, 5)
    _draw(town)
    _judge_all(town)
    assert queries.sampled(community_id=town.plaza, screener="another") == {}
    assert len(queries.sampled(community_id=town.plaza, screener=_screener())[THREAT]) == 1


def test_one_community_sees_nothing_of_the_others_audit(town: Town, browser: Browser) -> None:
    """Grace of the Harbour is asked about nothing of the Plaza's, and cannot judge it by its number."""
    town.post("bob", PLAIN)
    _plan(town, 5)
    _draw(town)
    row = SampledPost.objects.get()
    client = browser("grace", host="harbour.localhost")
    assert PLAIN not in client.get("/console/sampling").content.decode()
    answer = client.post("/console/sampling", {"sampled": row.pk, "seen": _seen(town, row), "answer": "none"})
    assert answer.status_code == 404
    row.refresh_from_db()
    assert row.judged_at is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["detect", "recall-guarantee"], "name a file"),
        (["detect", "recall-guarantee", "x.csv", "--community", "plaza"], "name a file"),
        (["detect", "recall-guarantee", "x.csv", "--out", "there"], "--out goes with --community"),
        (["detect", "recall-guarantee", "--community", "nowhere"], "no community 'nowhere'"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused(
    town: Town, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    """One line says what is wrong."""
    assert main(given) != 0
    assert said in capsys.readouterr().err
