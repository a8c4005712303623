import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from benchmarks.kills.book import Book, Faults, Write
from benchmarks.kills.browser import Answer, CutOff, find_form
from benchmarks.kills.checks import check_record, reckon
from benchmarks.kills.deeds import moved, persist
from benchmarks.kills.killing import order
from benchmarks.kills.letters import check_mail, check_notices
from benchmarks.kills.outside import Outside
from tests.scenario import Town, run_jobs

from wardmote.communities.policy import Action
from wardmote.network.models import Follow, Post
from wardmote.record.engine import signer


def written(book: Book, kind: str, *about: str, acknowledged: bool = True) -> Write:
    write = book.begin(kind, *about)
    write.acknowledged = acknowledged
    return write


def test_what_was_acknowledged_and_is_gone_is_lost_and_what_stands_twice_is_doubled(town: Town) -> None:
    """Of Bob's four posts one is whole, one was lost, one was never answered and is there, one is there twice."""
    book = Book()
    whole, lost, unanswered, twice = (written(book, "post", "bob", acknowledged=number != 2) for number in range(4))
    town.post("bob", f"The lime trees stand. {whole.token}")
    gone = town.post("bob", f"The lime trees fall. {lost.token}")
    town.post("bob", f"Who heard them? {unanswered.token}")
    for _ in range(2):
        town.post("bob", f"Nobody. {twice.token}")
    Post.objects.filter(pk=gone.post_id).update(text="")
    posts = next(row for row in reckon(book) if row.kind == "post")

    assert (posts.acknowledged, posts.unanswered) == (3, 1)
    assert posts.lost == (lost.token,)
    assert posts.doubled == (twice.token,)


def test_an_edit_is_found_beside_the_text_before_it(town: Town) -> None:
    """The first text of Bob's post counts as the post, the second as its edit, and neither for the other."""
    from wardmote.journeys.members.edit_post import edit_post

    book = Book()
    post, edit = written(book, "post"), written(book, "edit")
    first = town.post("bob", f"The lime trees stand. {post.token}")
    edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=first.post_id,
        text=f"They fall. {edit.token}",
        now=town.pass_time(minutes=1),
    )

    assert [(row.kind, row.lost, row.doubled) for row in reckon(book) if row.acknowledged] == [
        ("post", (), ()),
        ("edit", (), ()),
    ]


def test_a_follow_is_what_was_said_last(town: Town) -> None:
    """Carol follows Bob, and then no more: a row that is still there is a loss of the second."""
    book = Book()
    written(book, "follow", "carol", "bob", "follow")
    last = written(book, "follow", "carol", "bob", "unfollow")
    before = next(row for row in reckon(book) if row.kind == "follow")
    Follow.objects.create(
        community_id=town.plaza,
        follower_id=town.members["carol"],
        followed_id=town.members["bob"],
        created_at=town.now,
    )
    after = next(row for row in reckon(book) if row.kind == "follow")

    assert (before.lost, after.lost) == ((), (last.token,))


def test_a_letter_that_was_due_and_is_not_there_is_named(town: Town) -> None:
    """Carol reports Bob and Dave decides: both letters are there; without one of them that is a fault, and so is a mail
    that never came, and an entry of which the tables know nothing."""
    from wardmote.moderation.models import Decision
    from wardmote.notices.models import Delivery, Notice

    post = town.post("bob", "I will find you [violence.threat 0.6]")
    town.report("carol", post.post_id)
    town.decide("dave", Action.WARN)
    run_jobs(town.now)
    Decision.objects.update(told_at=town.now)
    sound, broken, unsent = Faults(), Faults(), Faults()
    check_notices(sound)
    outside = Outside(Random(1))  # noqa: S311
    check_mail(unsent, outside)
    outside.stop()
    answers = Notice.objects.filter(kind="report_answer")
    Delivery.objects.filter(notice__in=answers).delete()
    answers.delete()
    check_notices(broken)
    signer()
    check_record(broken)

    assert sound.faults == []
    assert any("no notice of the kind report_answer" in fault for fault in broken.faults)
    assert any(fault.startswith("notices: ") for fault in broken.faults)
    assert any("never came to the mail server" in fault for fault in unsent.faults)


def test_whoever_is_cut_off_sends_the_same_again_until_there_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two cut connections and an answer: one write, acknowledged, sent again twice."""
    monkeypatch.setattr("benchmarks.kills.deeds.time.sleep", lambda _seconds: None)
    monkeypatch.setattr("benchmarks.kills.deeds.GIVES_UP", 0.0)
    answers: Iterator[CutOff | Answer]
    answers = iter([CutOff("reset", sent=True), CutOff("refused"), Answer(302, "/@bob/1", b"")])

    def send() -> Answer:
        answer = next(answers)
        if isinstance(answer, CutOff):
            raise answer
        return answer

    write = Book().begin("post")
    persist(write, send, Random(1), moved)  # noqa: S311

    assert (write.acknowledged, write.cut, write.retried) == (True, 1, 2)


def test_a_form_is_sent_as_it_stands() -> None:
    """Hidden fields, the chosen option and the typed text go along; what is not chosen does not."""
    page = """<form action="/other"></form><form method="post"><input type="hidden" name="once" value="k&amp;y">
    <textarea name="text">as it stood</textarea><input type="radio" name="a" value="1"><select name="c">
    <option value="">none</option><option value="7" selected>seven</option></select></form>"""
    form = find_form(page, "/here", page="/here")

    assert form is not None
    assert form.fields == {"once": "k&y", "text": "as it stood", "c": "7"}
    assert form.choices == {"a": ["1"], "c": ["", "7"]}


def test_no_part_ends_so_often_that_all_would_be_given_up() -> None:
    """Between two kills of the parent the web server ends four times at most."""
    for seed in range(50):
        stretches = " ".join(order(15, Random(seed))).split("parent")  # noqa: S311
        assert max(stretch.count("web") + stretch.count("app") for stretch in stretches) <= 4


@pytest.mark.alike_on_both
def test_a_kill_of_the_web_server_loses_nothing(tmp_path: Path) -> None:
    """The whole run, with one kill: an installation of its own, its people, and the reckoning."""
    command = [sys.executable, "-m", "benchmarks", "kills", "--each", "1", "--only", "web", "--undo", "0"]
    environment = os.environ | {"DATABASE_URL": "", "TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=900, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing lost, nothing doubled" in done.stdout
