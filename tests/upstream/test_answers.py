"""The community's side: what its host asks becomes a case of its own, and what is decided is the answer."""

import pytest
from tests.hosting.desk import Desk
from tests.known import ILLEGAL, bring_in
from tests.scenario import PLAIN

from wardmote.communities.policy import Action
from wardmote.hosting.policy import ItemStatus, NoticeKind
from wardmote.journeys.hosts import enrol
from wardmote.journeys.owners import answer_host
from wardmote.journeys.tasks import answer_host_for_decision, hand_receipt, open_cases_for_notice
from wardmote.kernel.errors import Invalid, NotFound, Refused
from wardmote.kernel.urn import Urn
from wardmote.moderation.models import Case, Decision, QuarantinedCase
from wardmote.moderation.policy import CaseState, Lane, ReportReason, Source
from wardmote.network.models import Post
from wardmote.notices import queries as notices
from wardmote.record import queries as record
from wardmote.upstream import queries
from wardmote.upstream.models import Answer, Item, Notice, Receipt
from wardmote.upstream.policy import AnswerKind

TEXT = "I will be at your door on Friday, and you will be sorry."


def notify(desk: Desk, *items: tuple[str, str]) -> queries.NoticeView:
    """Heidi opens a case and sends its notice; gives what lies on Alice's desk."""
    desk.send(desk.open(list(items)), NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    return letter(desk)


def letter(desk: Desk) -> queries.NoticeView:
    (latest, *_) = queries.notices(community_id=desk.town.plaza)
    found = queries.notice(community_id=desk.town.plaza, notice_id=latest.notice_id)
    assert found is not None
    return found


def answer(desk: Desk, name: str, item_id: int, kind: AnswerKind = AnswerKind.REMOVED, words: str = "") -> int:
    return answer_host.answer_item(
        community_id=desk.town.home_of(name),
        member_id=desk.town.members[name],
        item_id=item_id,
        kind=kind,
        words=words,
        now=desk.now,
    )


def test_a_notice_becomes_one_case_a_post(desk: Desk) -> None:
    """Each of our own posts gets a case with its author and its present text, opened by a notice of the host."""
    first, second = desk.publish("bob", TEXT), desk.publish("carol", "Burn it down on Friday.")
    view = notify(desk, (first, TEXT), (second, "Burn it down on Friday."))
    cases = Case.objects.filter(source=Source.HOST.value).order_by("pk").select_related("item")

    assert [item.case_id for item in view.items] == [case.pk for case in cases]
    assert [Urn.parse(case.subject).kind for case in cases] == ["post", "post"]
    assert [case.item.author_id for case in cases] == [desk.town.members["bob"], desk.town.members["carol"]]
    assert {case.lane for case in cases} == {Lane.THREAT.value}
    assert cases[0].item.text == TEXT


def test_what_the_host_asks_about_and_is_illegal_goes_to_the_locked_lane(desk: Desk) -> None:
    """No case, and the post out of sight; the owner answers the host by hand."""
    url = desk.publish("bob", ILLEGAL)
    bring_in(desk.town, ILLEGAL)
    view = notify(desk, (url, "What the host saw."))
    open_cases_for_notice(view.notice_id, now=desk.now)
    answer(desk, "alice", view.items[0].item_id)

    assert view.items[0].case_id is None
    assert not Case.objects.exists()
    assert QuarantinedCase.objects.get().subject == str(Urn("post", int(url.rpartition("/")[2])))
    assert Post.objects.get().text == ""
    assert desk.town.verbs().count("locked_case.opened") == 1


def test_a_post_that_members_reported_too_is_judged_once(desk: Desk) -> None:
    """The host's notice joins the case that is open, and its decision answers both."""
    url = desk.publish("bob", TEXT)
    desk.town.report("carol", int(url.rpartition("/")[2]), ReportReason.THREAT)
    view = notify(desk, (url, TEXT))
    desk.town.decide("dave", Action.REMOVE)
    desk.pass_time(seconds=2)
    kinds = [n.kind for n in notices.inbox(community_id=desk.town.plaza, person_id=desk.town.people["carol"])]

    assert Case.objects.get().pk == view.items[0].case_id
    assert kinds == ["report_answer"]
    assert [a.kind for a in letter(desk).items[0].answers] == [AnswerKind.REMOVED]


def test_an_address_that_is_not_ours_is_judged_by_what_the_host_saw(desk: Desk) -> None:
    """No post of ours stands there: the case is about the capture, and deciding it answers all the same."""
    desk.site.pages["/elsewhere"] = (200, f"<p>{TEXT}</p>")
    view = notify(desk, (desk.site.url("/elsewhere"), TEXT))
    desk.town.decide("dave", Action.NONE)
    desk.pass_time(seconds=2)
    case = Case.objects.select_related("item").get()

    assert (case.subject, case.item.author_id) == (str(Urn("upstream_item", view.items[0].item_id)), None)
    assert case.item.text == TEXT
    assert [a.kind for a in letter(desk).items[0].answers] == [AnswerKind.DISPUTED]


@pytest.mark.parametrize(
    ("action", "kind", "status"),
    [
        (Action.REMOVE, AnswerKind.REMOVED, ItemStatus.ACKNOWLEDGED),
        (Action.HIDE, AnswerKind.DISPUTED, ItemStatus.DISPUTED),
        (Action.NONE, AnswerKind.DISPUTED, ItemStatus.DISPUTED),
    ],
)
def test_what_a_moderator_decides_is_the_answer(
    desk: Desk, action: Action, kind: AnswerKind, status: ItemStatus
) -> None:
    """It goes back by itself, in words that name the rule, and at the host it has the effect of any answer."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    desk.town.decide("dave", action)
    desk.pass_time(seconds=2)
    (given,) = letter(desk).items[0].answers
    (taken,) = desk.view(case_id).items[0].answers

    assert (given.kind, given.by_decision) == (kind, True)
    assert given.sent_at is not None
    assert taken.words == given.words
    assert ("1.1 No threats" in given.words) is (action is not Action.NONE)
    assert desk.statuses(case_id) == [status]


def test_the_author_is_told_that_the_host_gave_notice(desk: Desk) -> None:
    """The statement of reasons says how it came up, and neither a report nor a machine is invented."""
    notify(desk, (desk.publish("bob", TEXT), TEXT))
    desk.town.decide("dave", Action.REMOVE)
    (row,) = notices.inbox(community_id=desk.town.plaza, person_id=desk.town.people["bob"])
    told = notices.notice(community_id=desk.town.plaza, person_id=desk.town.people["bob"], notice_id=row.notice_id)

    assert told is not None
    assert "The host of this community gave notice of it." in told.body
    assert "screening" not in told.body


def test_jobs_that_run_twice_do_nothing_twice(desk: Desk) -> None:
    """A worker that died at the wrong moment leaves no second case, answer, letter or receipt."""
    view = notify(desk, (desk.publish("bob", TEXT), TEXT))
    desk.town.decide("dave", Action.REMOVE)
    desk.pass_time(seconds=2)
    decision = Decision.objects.get()
    given = Answer.objects.get()
    before = (record.count(), Receipt.objects.count())
    open_cases_for_notice(view.notice_id, now=desk.now)
    answer_host_for_decision(desk.town.plaza, decision.pk, now=desk.now)
    for kind, row in (("upstream_notice", view.notice_id), ("upstream_answer", given.pk)):
        hand_receipt(kind, row, now=desk.now)

    assert (record.count(), Receipt.objects.count()) == before
    assert Case.objects.count() == Answer.objects.count() == Notice.objects.count() == 1


def test_a_warning_asks_the_moderators_again(desk: Desk) -> None:
    """What they let stand, and the host still finds, is a case once more."""
    case_id = desk.open([(desk.publish("bob", TEXT), TEXT)])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    desk.answer(0, AnswerKind.NEEDS_TIME, "Until Monday.")
    desk.town.decide("dave", Action.LABEL)
    desk.pass_time(hours=1)
    first = Item.objects.get().case_id
    from wardmote.journeys.hosts import cases as host_case

    host_case.decide_dispute(
        staff_id=desk.staff("ivan"),
        case_id=case_id,
        item_id=desk.view(case_id).items[0].item_id,
        upheld=False,
        reason="A label leaves it up.",
        now=desk.now,
    )
    desk.pass_time(hours=80)
    desk.send(case_id, NoticeKind.WARNING)
    desk.pass_time(seconds=2)
    again = Item.objects.get().case_id

    assert again is not None
    assert again != first
    assert Case.objects.get(pk=again).state == CaseState.OPEN


def test_only_the_owner_answers(desk: Desk) -> None:
    """A moderator, a member and the owner of another community are refused, and the host hears nothing."""
    item = notify(desk, (desk.publish("bob", TEXT), TEXT)).items[0].item_id
    for name in ("dave", "bob"):
        with pytest.raises(Refused, match="owner"):
            answer(desk, name, item)
    with pytest.raises(NotFound):
        answer(desk, "frank", item)

    assert not Answer.objects.exists()


def test_another_communitys_letters_are_not_there(desk: Desk) -> None:
    """The Harbour's owner finds none of what the host wrote to the Plaza, however they ask."""
    view = notify(desk, (desk.publish("bob", TEXT), TEXT))
    (receipt, *_) = queries.receipts(community_id=desk.town.plaza)
    harbour = desk.town.harbour
    with pytest.raises(NotFound):
        answer_host.answer_notice(
            community_id=harbour,
            member_id=desk.town.members["frank"],
            notice_id=view.notice_id,
            kind=AnswerKind.ACKNOWLEDGED,
            words="",
            now=desk.now,
        )

    assert queries.notices(community_id=harbour) == []
    assert queries.notice(community_id=harbour, notice_id=view.notice_id) is None
    assert queries.receipt_file(community_id=harbour, receipt_id=receipt.receipt_id) is None
    assert queries.receipts(community_id=harbour) == []
    assert queries.open_count(community_id=harbour) == 0
    assert queries.open_count(community_id=desk.town.plaza) == 1


def test_a_community_without_a_host_has_nobody_to_answer(desk: Desk) -> None:
    """The Harbour is nobody's customer; nothing it could say would reach anybody."""
    assert queries.host_of(desk.town.harbour) is None
    assert queries.host_policy(community_id=desk.town.harbour) is None


def test_the_owner_is_told_in_the_inbox_and_by_mail(desk: Desk, mailoutbox: list[object]) -> None:
    """The letter lies in Alice's inbox, word for word, leads to her desk, and was mailed."""
    view = notify(desk, (desk.publish("bob", TEXT), TEXT))
    alice = desk.town.people["alice"]
    (row,) = notices.inbox(community_id=desk.town.plaza, person_id=alice)
    told = notices.notice(community_id=desk.town.plaza, person_id=alice, notice_id=row.notice_id)

    assert told is not None
    assert (told.kind, told.body, told.path) == ("host_notice", view.body, f"/owner/notices/{view.notice_id}")
    assert ("email", "delivered") in [(channel, state) for channel, state, _ in told.deliveries]
    assert len(mailoutbox) == 1


def test_an_answer_without_its_words_is_refused(desk: Desk) -> None:
    """A dispute says why, and a plan is not about one post."""
    view = notify(desk, (desk.publish("bob", PLAIN), PLAIN))

    with pytest.raises(Invalid, match="why"):
        answer(desk, "alice", view.items[0].item_id, AnswerKind.DISPUTED)
    with pytest.raises(Invalid, match="about one post, or about none"):
        answer(desk, "alice", view.items[0].item_id, AnswerKind.PLAN, "Two moderators from Monday.")


def test_a_host_elsewhere_is_named_by_the_owner(desk: Desk) -> None:
    """Nobody else can say whose letters the community takes."""
    with pytest.raises(Refused, match="owner"):
        enrol.name_host(
            community_id=desk.town.plaza,
            member_id=desk.town.members["dave"],
            base_url=desk.site.url(""),
            key="x",
            now=desk.now,
        )
