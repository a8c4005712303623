"""The town that most tests begin with is a copy: it must be what the journeys make."""

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet
from tests.mould import Mould
from tests.scenario import NOON, PASSWORD, PLAIN, Town, dictated_screener

from wardmote.journeys.operator.create_login import create_login
from wardmote.kernel.urn import Urn
from wardmote.record.queries import history


@pytest.fixture(autouse=True)
def dictated(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    screener = dictated_screener()
    monkeypatch.setattr("wardmote.journeys.steps.screening.screener", lambda: screener)


def _held(town: Town) -> tuple[dict[str, int], list[str]]:
    """How many rows of each kind the database has, and what the record says of the Plaza."""
    rows = {model._meta.label: QuerySet(model).count() for model in apps.get_models(include_auto_created=True)}
    return rows, [entry.verb for entry in history([Urn("community", town.plaza)])]


def test_a_copied_town_holds_what_founding_one_makes() -> None:
    """The second town of a mould has as many rows of each kind as the first, and its members can act."""
    mould = Mould()
    before = transaction.savepoint()
    first = mould.town(Town)
    founded = _held(first)
    transaction.savepoint_rollback(before)
    gone = _held(first)
    copy = mould.town(lambda: Town(people={"nobody": 0}))

    assert gone[1] == []
    assert _held(copy) == founded
    assert (copy.people, copy.members, copy.plaza) == (first.people, first.members, first.plaza)
    assert copy.people is not first.people
    copy.post("bob", PLAIN)
    assert copy.verbs() == ["post.published"]


def test_a_town_founded_beside_other_rows_is_no_model() -> None:
    """Where somebody had a login before, what is the town's cannot be told apart: the next town is founded anew."""
    mould = Mould()
    before = transaction.savepoint()
    create_login(email="zoe@example.org", password=PASSWORD, now=NOON)
    mould.town(Town)
    transaction.savepoint_rollback(before)
    founded: list[Town] = []

    def found() -> Town:
        founded.append(Town())
        return founded[0]

    assert mould.town(found) is founded[0]
