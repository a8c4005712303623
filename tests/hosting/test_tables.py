from tests.hosting.desk import Desk

from wardmote.config.tables import compare
from wardmote.hosting.models import Case, Item


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
