"""What people write into forms: line ends count once, and what shows nothing is not filled in."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from tests.hosting.conftest import desk, log, site
from tests.hosting.desk import EFFECT, Desk, recorded
from tests.scenario import PLAIN, QUEUED, Town
from tests.sheets import fill_in
from tests.web.conftest import Browser

from wardmote.communities.policy import Action
from wardmote.edges.ui.fields import Text
from wardmote.hosting.policy.notices import LIMIT
from wardmote.moderation.models import Appeal, Decision
from wardmote.moderation.policy import REASON_LIMIT
from wardmote.network.models import Post

__all__ = ["desk", "log", "site"]

EDGES = Path(import_module("wardmote.edges").__file__ or "").parent


def _filled(limit: int) -> str:
    """`limit` characters with 20 line breaks, as a browser sends them."""
    lines = ["y"] * 20
    return "\r\n".join([*lines, "x" * (limit - 40)])


def test_a_line_break_in_an_appeal_counts_once(town: Town, browser: Browser) -> None:
    """2,000 characters with 20 line breaks are 2,000; they are kept with LF."""
    post = town.post("bob", PLAIN)
    town.report("carol", post.post_id)
    decision = town.decide("dave", Action.REMOVE)
    response = browser("bob").post(f"/why/{decision}/appeal", {"text": _filled(REASON_LIMIT)})

    assert response.status_code == 302
    assert len(Appeal.objects.get().text) == REASON_LIMIT
    assert "\r" not in Appeal.objects.get().text
    assert town.verbs()[-1] == "appeal.filed"


def test_a_line_break_in_a_reason_counts_once(town: Town, browser: Browser) -> None:
    """At the moderators' desk: a reason of 2,000 characters, and the one that answers an appeal."""
    post = town.post("bob", QUEUED)
    client = browser("dave")
    case = client.post("/console/next").headers["Location"]
    typed = {"clause": town.clause().id, "action": "remove", "days": "", "reason": _filled(REASON_LIMIT)}
    decided = client.post(f"{case}/decide", fill_in(client, case, typed))
    appeal = town.appeal("bob", Decision.objects.get().pk)
    erin, hearing = browser("erin"), f"/console/appeals/{appeal}"
    heard = erin.post(
        f"{hearing}/decide", fill_in(erin, hearing, {"outcome": "uphold", "reason": _filled(REASON_LIMIT)})
    )

    assert (decided.status_code, heard.status_code) == (302, 302)
    assert len(Decision.objects.get().reason) == REASON_LIMIT
    assert len(Appeal.objects.get().outcome_reason) == REASON_LIMIT
    assert town.verbs()[-2:] == ["appeal.decided", "notice.sent"]
    assert post.post_id


def test_a_line_break_counts_once_at_the_hosts_desk(desk: Desk, browser: Browser) -> None:
    """A letter whose conditions have 4,000 characters with 20 line breaks is sent, with every word of them."""
    case_id = desk.open([(desk.publish("bob", PLAIN), PLAIN)])
    heidi, page = browser("heidi", host="127.0.0.1"), f"/host/cases/{case_id}/letter"
    typed = {"kind": "notice", "words": "", "effect": EFFECT, "return_conditions": _filled(LIMIT), "do": "send"}
    answer = heidi.post(page, fill_in(heidi, page, typed))
    (sent,) = desk.view(case_id).notices

    assert answer.status_code == 302
    assert _filled(LIMIT).replace("\r\n", "\n") in sent.body
    assert len(recorded("host_notice.issued")) == 1


@pytest.mark.parametrize("blank", ["\u200b", "\u2800", "\u3164", "\u200e"])
def test_a_blank_post_is_said_at_the_field(town: Town, browser: Browser, blank: str) -> None:
    """Nothing is published."""
    response = browser("bob").post("/post", {"text": blank})

    assert response.status_code == 422
    assert not Post.objects.exists()


def _forms() -> Iterator[type[forms.Form]]:
    for path in EDGES.rglob("*.py"):
        if "forms." in path.read_text("utf-8") or "Text(" in path.read_text("utf-8"):
            module = import_module(".".join(("wardmote.edges", *path.relative_to(EDGES).with_suffix("").parts)))
            yield from (
                each
                for each in vars(module).values()
                if isinstance(each, type) and issubclass(each, forms.Form) and each.__module__ == module.__name__
            )


def test_every_form_of_the_house_takes_text_by_the_one_field() -> None:
    """No form has a text field that counts line breaks twice, or takes what shows nothing."""
    fields = [
        (form.__name__, name, field)
        for form in _forms()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.HiddenInput)
    ]

    assert len(fields) > 25
    assert [(form, name) for form, name, field in fields if not isinstance(field, Text)] == []


def test_a_limit_counts_what_is_kept() -> None:
    """The field, as the host's forms use it: the limit is reached by characters, not by how a browser ends a line."""
    field = Text(max_length=3)

    assert field.clean("a\r\nb") == "a\nb"
    with pytest.raises(forms.ValidationError):
        field.clean("a\r\nbc")
    with pytest.raises(forms.ValidationError):
        field.clean("\u3164")
