from collections.abc import Sequence

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.detect.test_sentence_hash import NEWS
from tests.scenario import THREAT, Town

from wardmote.communities.policy import Action
from wardmote.config.jobs import HANDLERS
from wardmote.jobs import engine
from wardmote.journeys.members import edit_post, erase
from wardmote.kernel.urn import Urn
from wardmote.moderation import queries
from wardmote.moderation.models import Alert, Case, Naming
from wardmote.moderation.policy.distinct_authors import Voice, count_distinct_authors
from wardmote.moderation.tasks import look_for_targets
from wardmote.record import queries as record

OWN = {
    "bob": f"Somebody should shoot Mayor Harlan. [{THREAT} 0.9]",
    "carol": f"I know where Mayor Harlan parks, bring a rope. [{THREAT} 0.9]",
    "erin": f"hang Harlan, all of you, on the 6th [{THREAT} 0.9]",
}


def work(town: Town) -> None:
    engine.run_due(engine.resolve(HANDLERS), now=town.now)


def say(town: Town, *texts: tuple[str, str]) -> None:
    for name, text in texts:
        town.post(name, text)
        work(town)


def alerts(town: Town) -> Sequence[queries.AlertView]:
    return queries.alerts(community_id=town.plaza, now=town.now)


def test_three_people_who_name_one_target_make_one_alert(town: Town) -> None:
    """It links their cases, says what they name, and is on the record; two had made none."""
    say(town, ("bob", OWN["bob"]), ("carol", OWN["carol"]))
    before = alerts(town)
    say(town, ("erin", OWN["erin"]))
    (alert,) = alerts(town)
    (entry,) = record.entries_about(Urn("alert", alert.alert_id))

    assert before == []
    assert (alert.kind, alert.shown, alert.authors) == ("person", "Harlan", 3)
    assert [linked.case_id for linked in alert.cases] == list(Case.objects.order_by("pk").values_list("pk", flat=True))
    assert (entry.verb, entry.actor) == ("alert.raised", Urn("system", 1))
    assert entry.values["voices"] == 3
    assert entry.values["target"] == "Harlan"
    assert entry.values["cases"] == [str(Urn("case", linked.case_id)) for linked in alert.cases]


def test_an_innocent_edit_takes_no_target_off_an_alert(town: Town) -> None:
    """Bob names Harlan, is reported, and writes of the weather: his case still counts for what it said."""
    post = town.post("bob", OWN["bob"].replace("0.9", "0.6"))
    work(town)
    edit_post.edit_post(
        community_id=town.plaza,
        member_id=town.members["bob"],
        post_id=post.post_id,
        text="Rain on Sunday.",
        now=town.pass_time(seconds=1),
    )
    work(town)
    town.report("dave", post.post_id)
    work(town)

    assert [naming.shown for naming in Naming.objects.filter(case__subject=str(Urn("post", post.post_id)))] == [
        "Mayor Harlan"
    ]


def test_a_fourth_joins_the_alert(town: Town) -> None:
    """No second one is raised: the case is linked, and the record says that it widened, with the new case alone."""
    say(town, *OWN.items(), ("dave", f"We will burn Harlan alive. [{THREAT} 0.9]"))
    (alert,) = alerts(town)
    verbs = [entry.verb for entry in record.entries_about(Urn("alert", alert.alert_id))]
    last = record.entries_about(Urn("alert", alert.alert_id))[-1]

    assert (alert.authors, len(alert.cases)) == (4, 4)
    assert verbs == ["alert.raised", "alert.widened"]
    assert last.values["cases"] == [str(Urn("case", Case.objects.latest("pk").pk))]


def test_one_who_repeats_themselves_is_one(town: Town) -> None:
    """Bob says it in five ways: no alert."""
    say(
        town,
        *(("bob", f"Shoot Mayor Harlan, {n} {n} {n}. [{THREAT} 0.9]") for n in ("now", "soon", "today", "we", "go")),
    )

    assert (alerts(town), Naming.objects.filter(key="harlan").count()) == ([], 5)


def test_a_sentence_that_is_passed_on_is_one_voice(town: Town) -> None:
    """Four people pass on the same news, each with a word before it: no alert. Two who add their own threats to it make
    one, with all of them in it."""
    say(town, *((name, f"{name}: {NEWS} [{THREAT} 0.6]") for name in ("bob", "carol", "erin", "dave")))
    quoted = alerts(town)
    say(town, ("bob", OWN["bob"]), ("carol", OWN["carol"]))

    assert quoted == []
    assert {(a.kind, a.shown, a.authors) for a in alerts(town) if a.kind == "person"} == {("person", "Mayor Harlan", 3)}


def test_a_place_and_a_date_are_targets_too(town: Town) -> None:
    """Three who say "town hall", and "the 6th", name no person and are heard."""
    say(
        town,
        ("bob", f"Bring rope to the town hall on the 6th. [{THREAT} 0.9]"),
        ("carol", f"On the 6th they will bleed, at the Town Hall. [{THREAT} 0.9]"),
        ("erin", f"See you at the town hall, guns and all, on the 6th. [{THREAT} 0.9]"),
    )

    assert {(alert.kind, alert.authors) for alert in alerts(town)} == {("place", 3), ("time", 3)}


@pytest.mark.parametrize("place", ["at his house tonight", "on Saturday at 6pm"])
def test_what_could_be_anybodys_links_nobody(town: Town, place: str) -> None:
    """A house, "tonight", a weekday, an hour: three people mean three things."""
    say(
        town,
        ("bob", f"I come {place}. [{THREAT} 0.9]"),
        ("carol", f"Be there {place}! [{THREAT} 0.9]"),
        ("erin", f"bring rope {place}, friends [{THREAT} 0.9]"),
    )

    assert alerts(town) == []


def test_what_is_said_three_days_apart_is_not_linked(town: Town) -> None:
    """The window is 72 hours, and it slides."""
    say(town, ("bob", OWN["bob"]))
    town.pass_time(hours=73)
    say(town, ("carol", OWN["carol"]), ("erin", OWN["erin"]))
    apart = alerts(town)
    say(town, ("dave", f"We will burn Harlan alive. [{THREAT} 0.9]"))

    assert apart == []
    assert [(a.authors, len(a.cases)) for a in alerts(town)] == [(3, 3)]


def test_only_cases_of_violence_count(town: Town) -> None:
    """Three who insult one person, with cases of harassment, make no alert of violence."""
    say(town, *((name, text.replace(THREAT, "harassment")) for name, text in OWN.items()))

    assert (alerts(town), Naming.objects.count()) == ([], 0)


def test_what_a_moderator_found_harmless_does_not_count(town: Town) -> None:
    """Dave decided Bob's case with no action before the third spoke."""
    say(town, ("bob", OWN["bob"]))
    town.decide("dave", Action.NONE)
    say(town, ("carol", OWN["carol"]), ("erin", OWN["erin"]))

    assert alerts(town) == []


def test_communities_are_not_mixed(town: Town) -> None:
    """Grace's post in the Harbour is no third voice in the Plaza."""
    say(town, ("bob", OWN["bob"]), ("carol", OWN["carol"]), ("grace", OWN["erin"]))

    assert Alert.objects.count() == 0


def test_looking_twice_changes_nothing(town: Town) -> None:
    """The job may be done again."""
    say(town, *OWN.items())
    before = (town.verbs(), Naming.objects.count(), alerts(town))
    for case_id in Case.objects.values_list("pk", flat=True):
        look_for_targets(case_id, now=town.now)

    assert (town.verbs(), Naming.objects.count(), alerts(town)) == before


def test_erasing_takes_what_was_noted_of_ones_words(town: Town) -> None:
    """What Bob's text named goes with the text."""
    say(town, ("bob", OWN["bob"]))
    town.decide("dave", Action.NONE)
    erase.erase_member(community_id=town.plaza, member_id=town.members["bob"], now=town.now)

    assert Naming.objects.count() == 0


def test_an_alert_leaves_the_desk_when_all_its_cases_are_decided(town: Town) -> None:
    """It stays with its cases, and off the queue."""
    say(town, *OWN.items())
    (alert,) = alerts(town)
    for name in ("dave", "dave", "alice"):
        town.decide(name, Action.REMOVE)

    assert alerts(town) == []
    assert [a.alert_id for a in queries.alerts_of_case(community_id=town.plaza, case_id=alert.cases[0].case_id)] == [
        alert.alert_id
    ]


def test_the_comparison_reads_one_target_within_the_window(town: Town) -> None:
    """Its question names community, kind, key and both ends of the window, and a limit."""
    say(town, ("bob", OWN["bob"]))
    with CaptureQueriesContext(connection) as seen:
        look_for_targets(Case.objects.get().pk, now=town.now)
    (asked,) = [q["sql"] for q in seen if q["sql"].startswith("SELECT") and '"moderation_naming"."saying"' in q["sql"]]

    for part in ('"community_id" =', '"kind" =', '"key" =', '"at" >', '"at" <=', "LIMIT 200"):
        assert part in asked


A, B = tuple(range(10)), tuple(range(20, 30))


@pytest.mark.parametrize(
    ("said", "voices"),
    [
        ([], 0),
        ([("x", ()), ("x", ())], 1),
        ([("x", ()), ("y", ())], 2),
        ([("x", A), ("y", A), ("z", A)], 1),
        ([("x", A), ("y", A), ("z", B)], 2),
        ([("x", A), ("x", B), ("x", ()), ("y", A), ("z", A)], 2),
        ([("x", A), ("y", A), ("y", B), ("z", B), ("z", ())], 3),
    ],
)
def test_voices_are_people_with_words_of_their_own(said: list[tuple[str, tuple[int, ...]]], voices: int) -> None:
    """No person counts twice, no sentence counts twice, and nobody is left out who has one to themselves."""
    assert count_distinct_authors([Voice(author, saying) for author, saying in said]) == voices
    assert count_distinct_authors([Voice(author, saying) for author, saying in reversed(said)]) == voices
