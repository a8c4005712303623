import json
from typing import Any

import pytest
from tests.hosting.desk import Desk
from tests.scenario import PLAIN, QUEUED

from wardmote.communities.policy import Action
from wardmote.hosting.policy import NoticeKind
from wardmote.journeys.members import edit_post, export
from wardmote.kernel.errors import Refused
from wardmote.ledger import verify_receipt
from wardmote.outside.signing import record_verifier

TEXT = "I will be at your door on Friday, and you will be sorry."


def mine(desk: Desk, name: str) -> Any:
    return json.loads(export.export_mine(community_id=desk.town.plaza, member_id=desk.town.members[name], now=desk.now))


def test_a_member_takes_everything_of_theirs_along(desk: Desk) -> None:
    """Posts with earlier texts, also the removed ones; measures with their reasons; nobody else's words."""
    town = desk.town
    first = town.post("bob", PLAIN)
    town.post("carol", "Carol's own.", answers=first.post_id)
    judged = town.post("bob", QUEUED)
    edit_post.edit_post(
        community_id=town.plaza, member_id=town.members["bob"], post_id=first.post_id, text="Lime trees.", now=desk.now
    )
    town.decide("dave", Action.REMOVE)
    taken = mine(desk, "bob")

    assert [(post["id"], post["text"]) for post in taken["posts"]] == [
        (str(judged.post_id), QUEUED),
        (str(first.post_id), "Lime trees."),
    ]
    assert [version["text"] for version in taken["posts"][1]["earlier"]] == [PLAIN]
    assert [measure["action"] for measure in taken["measures"]] == ["remove"]
    assert [letter["subject"] for letter in taken["letters"]] == ["Your post was removed (The Plaza)"]
    assert "Carol's own." not in json.dumps(taken)
    assert "dave" not in json.dumps(taken).lower()


def test_more_than_a_page_is_taken_along(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many posts there are, all of them come."""
    monkeypatch.setattr(export, "PAGE", 2)
    texts = [f"Number {number}." for number in range(5)]
    for text in texts:
        desk.town.post("bob", text)

    assert [post["text"] for post in reversed(mine(desk, "bob")["posts"])] == texts


def test_from_a_suspended_community_too(desk: Desk) -> None:
    """Behind the lock members and the owner take along what is theirs, and the receipts in it still verify."""
    desk.town.post("carol", PLAIN)
    desk.bring_to_suspended(TEXT)
    taken = json.loads(
        export.export_community(community_id=desk.town.plaza, member_id=desk.town.members["alice"], now=desk.now)
    )
    kinds = [json.loads(letter).get("kind") for letter in taken["host"]["letters"]]

    assert [post["text"] for post in mine(desk, "carol")["posts"]] == [PLAIN]
    assert PLAIN in [post["text"] for post in taken["posts"]]
    assert [kind for kind in kinds if kind in set(NoticeKind)] == [
        "notice",
        "warning",
        "restriction",
        "proposal",
        "suspension",
    ]
    assert all(verify_receipt(text, record_verifier()) for text in taken["host"]["receipts"])
    assert len(taken["host"]["receipts"]) == 2 * len(kinds)


def test_only_the_owner_takes_the_community_along(desk: Desk) -> None:
    """A moderator does not."""
    with pytest.raises(Refused, match="owner"):
        export.export_community(community_id=desk.town.plaza, member_id=desk.town.members["dave"], now=desk.now)
