from tests.hosting.desk import Desk

from wardmote.config.tables import compare
from wardmote.hosting.models import Case, Item
from wardmote.hosting.policy import NoticeKind
from wardmote.journeys.members import erase
from wardmote.notices.models import Notice


def test_the_hosts_desk_is_compared(desk: Desk) -> None:
    """A case of the host's whose stage, or an item whose capture was changed, is named."""
    desk.open([(desk.publish("bob", "I will be at your door."), "I will be at your door.")])
    sound = compare().differences
    Case.objects.update(stage="suspended")
    Item.objects.update(capture="Something worse.")
    found = " ".join(map(str, compare().differences))

    assert sound == []
    assert "stage is not what the record says" in found
    assert "capture is not what the record says" in found


def test_an_owner_who_erases_empties_the_hosts_letters(desk: Desk) -> None:
    """Alice empties the host's letters to her with all she wrote: no difference. By another hand it is one."""
    case_id = desk.open([(desk.publish("bob", "I will be at your door."), "I will be at your door.")])
    desk.send(case_id, NoticeKind.NOTICE)
    desk.pass_time(seconds=2)
    letters = Notice.objects.filter(kind="host_notice")
    kept = dict(letters.values_list("pk", "body"))
    letters.update(body="")
    emptied = [difference.kind for difference in compare().differences]
    for pk, body in kept.items():
        letters.filter(pk=pk).update(body=body)
    erase.erase_member(community_id=desk.town.plaza, member_id=desk.town.members["alice"], now=desk.now)

    assert emptied == ["letters"] * len(kept) != []
    assert compare().differences == []
