from tests.scenario import HELD, PLAIN, Town
from tests.web.conftest import Browser, said

from wardmote.communities.policy import Action
from wardmote.journeys.members import appeal
from wardmote.moderation.models import Appeal
from wardmote.moderation.queries import sheet_of_appeal


def _judged(town: Town, action: Action, *, days: int | None = None) -> tuple[str, int]:
    """Carol reports Bob's post and Dave decides: the post's path and the decision."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    return post.path, town.decide("dave", action, days=days)


def test_a_report_is_made_and_answered(town: Town, browser: Browser) -> None:
    """Carol chooses a reason, is thanked, sees that it waits, and then what came of it."""
    post, carol = town.post("bob", PLAIN), browser("carol")

    assert carol.post(post.path + "/report", {"reason": "", "comment": "Look."}).status_code == 422
    assert carol.post(post.path + "/report", {"reason": "threat", "comment": "Look."}).status_code == 302
    assert "Thank you. A moderator will look at it" in said(carol.get(post.path).content.decode())
    assert "Waiting for a moderator" in said(carol.get("/reports").content.decode())
    town.decide("dave", Action.REMOVE)
    assert "A moderator acted" in said(carol.get("/reports").content.decode())
    assert "Your report was decided" in said(carol.get("/notices").content.decode())


def test_reporting_the_same_twice_is_a_conflict(town: Town, browser: Browser) -> None:
    """It says so, with status 409, and keeps the comment."""
    post, carol = town.post("bob", PLAIN), browser("carol")
    carol.post(post.path + "/report", {"reason": "threat"})
    response = carol.post(post.path + "/report", {"reason": "spam", "comment": "And this."})

    assert response.status_code == 409
    assert "And this." in response.content.decode()


def test_a_profile_can_be_reported(town: Town, browser: Browser) -> None:
    """The page shows what is reported; an unknown handle is 404."""
    browser("bob").post("/settings", {"display_name": "Bob the Terrible", "bio": ""})
    carol = browser("carol")

    assert "Bob the Terrible" in carol.get("/@bob/report").content.decode()
    assert carol.post("/@bob/report", {"reason": "other"}).status_code == 302
    assert carol.get("/@nobody/report").status_code == 404


def test_a_removed_post_says_so_and_leads_to_the_reasons(town: Town, browser: Browser) -> None:
    """Bob reads his text, that it was removed, and where to appeal; Carol reads that it was removed, and no text."""
    path, decision = _judged(town, Action.REMOVE)
    bob, carol = browser("bob").get(path), browser("carol").get(path)

    assert PLAIN in bob.content.decode()
    assert f'href="/why/{decision}"' in bob.content.decode()
    assert PLAIN not in carol.content.decode()
    assert "A moderator removed this post." in said(carol.content.decode())
    assert "/why/" not in carol.content.decode()


def test_a_hidden_post_opens_at_a_click(town: Town, browser: Browser) -> None:
    """It stands behind a sentence that names the rule; the author also finds the reasons."""
    path, decision = _judged(town, Action.HIDE)
    seen, own = browser("carol").get(path).content.decode(), browser("bob").get(path).content.decode()

    assert '<details class="shield">' in seen
    assert "A moderator hid this post." in said(seen)
    assert PLAIN in seen.split("<details")[1].split("</details>")[0]
    assert f'href="/why/{decision}"' in own
    assert f'href="/why/{decision}"' not in seen


def test_a_label_is_named_on_the_post(town: Town, browser: Browser) -> None:
    """Everybody reads the post and the rule that it broke."""
    path, decision = _judged(town, Action.LABEL)
    seen = browser("carol").get(path).content.decode()

    assert PLAIN in seen
    assert "A moderator labelled this post: “No threats”" in said(seen)
    assert f'href="/why/{decision}"' in browser("bob").get(path).content.decode()


def test_the_reasons_are_the_authors_alone(town: Town, browser: Browser) -> None:
    """Bob reads the clause, the reason and his own words; to everybody else the page does not exist."""
    _path, decision = _judged(town, Action.REMOVE)
    why = said(browser("bob").get(f"/why/{decision}").content.decode())

    assert "1.1 No threats" in why
    assert "It is a threat." in why
    assert PLAIN in why
    assert "You can appeal, free of charge, until" in why
    for name in ("carol", "alice", "dave"):
        assert browser(name).get(f"/why/{decision}").status_code == 404
        assert browser(name).post(f"/why/{decision}/appeal", {"text": "Mine."}).status_code == 404
    assert "dave" not in why


def test_the_reasons_show_which_words_screening_found(town: Town, browser: Browser) -> None:
    """The words are underlined with the category named, and a machine's part is said."""
    town.post("bob", HELD)
    decision = town.decide("dave", Action.REMOVE)
    html = browser("bob").get(f"/why/{decision}").content.decode()

    assert "<mark" in html
    assert "Underlined: threat" in said(html)
    assert "Our automatic screening pointed it out" in said(html)


def test_an_appeal_is_filed_once_and_answered(town: Town, browser: Browser) -> None:
    """Empty it is refused; filed it waits; decided by another it is granted, and the post is back."""
    path, decision = _judged(town, Action.REMOVE)
    bob = browser("bob")

    assert bob.post(f"/why/{decision}/appeal", {"text": " "}).status_code == 422
    assert bob.post(f"/why/{decision}/appeal", {"text": "It is about trees."}).status_code == 302
    assert "A different moderator will look at it" in said(bob.get(f"/why/{decision}").content.decode())
    again = bob.post(f"/why/{decision}/appeal", {"text": "Once more."})
    assert again.status_code == 409
    appeal.decide_appeal(
        community_id=town.plaza,
        member_id=town.members["erin"],
        appeal_id=Appeal.objects.get().pk,
        reverse=True,
        reason="It is about trees indeed.",
        seen=sheet_of_appeal(community_id=town.plaza, appeal_id=Appeal.objects.get().pk),
        now=town.pass_time(hours=1),
    )
    why = said(bob.get(f"/why/{decision}").content.decode())
    assert "The decision is undone." in why
    assert "It is about trees indeed." in why
    assert PLAIN in browser("carol").get(path).content.decode()
    assert "reversed on appeal" in said(bob.get("/measures").content.decode())


def test_the_suspended_are_told_until_when_and_can_appeal(town: Town, browser: Browser) -> None:
    """Every page says it; writing keeps what was typed; the appeal goes through; after the end all is as before."""
    _path, decision = _judged(town, Action.SUSPEND, days=3)
    bob = browser("bob")
    refused = bob.post("/post", {"text": "One more thing."})

    assert "Your account is suspended until 25 November 2026" in said(bob.get("/local").content.decode())
    assert refused.status_code == 403
    assert "One more thing." in refused.content.decode()
    assert bob.post(f"/why/{decision}/appeal", {"text": "I am sorry."}).status_code == 302
    town.pass_time(days=3, minutes=1)
    assert "suspended" not in said(bob.get("/local").content.decode())
    assert bob.post("/post", {"text": "One more thing."}).status_code == 302


def test_a_letter_is_shown_as_it_was_sent_and_counted_until_read(town: Town, browser: Browser) -> None:
    """The rail counts it; opening it marks it as read; nobody else can open it."""
    _judged(town, Action.REMOVE)
    bob = browser("bob")
    inbox = bob.get("/notices").content.decode()
    address = inbox.split('href="/notices/')[1].split('"')[0]

    assert "1 unread" in said(inbox)
    assert browser("carol").get(f"/notices/{address}").status_code == 404
    letter = said(bob.get(f"/notices/{address}").content.decode())
    assert "Your post was removed." in letter
    assert "It is a threat." in letter
    assert "unread" not in said(bob.get("/notices").content.decode())
    assert town.verbs().count("notice.read") == 1
