"""The doctor finds what keeps an installation from working, and says what mends it."""

import json
import socket
from pathlib import Path

import pytest
from tests.cli.conftest import Found
from tests.cli.installation import Installation
from tests.outside.test_mail import PostOffice, post_office

__all__ = ["post_office"]

LONG_AGO = (
    (
        "INSERT INTO jobs_job (id, name, args, state, run_at, attempts, claimed_by, last_error, created_at) VALUES"
        " (7, 'kept', '[]', 'failed', '2026-01-02 12:00:00+00:00', 8, '', '', '2026-01-02 12:00:00+00:00'),"
        " (8, 'kept', '[]', 'ready', '2026-01-02 12:00:00+00:00', 0, '', '', '2026-01-02 12:00:00+00:00')"
    ),
    (
        "INSERT INTO record_entry (id, leaf, leaf_hash, subject, community, created)"
        " VALUES (9, 'x', 'x', 'urn:wardmote:post:9', '', '2026-01-02 12:00:00+00:00')"
    ),
)


@pytest.fixture
def founded(found: Found) -> Installation:
    """Alice's installation on her own machine, just made."""
    return found("--domain", "plaza.localhost", "--host-domain", "host.localhost")


def examine(installation: Installation, *arguments: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    """The doctor's status, and its findings that are not well, by what was looked at."""
    done = installation.command("doctor", "--json", *arguments)
    assert done.stdout, done.stderr
    found: dict[str, list[dict[str, str]]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        if finding["state"] != "ok":
            found.setdefault(finding["check"], []).append(finding)
    return done.returncode, found


def test_a_running_installation_is_well(founded: Installation) -> None:
    """Nothing but what a trial lacks, mail and a clock that is kept, is even mentioned; every check was made."""
    with founded.running():
        status, found = examine(founded)
        said = founded.command("doctor").stdout

    assert status == 0, found
    assert found.keys() <= {"mail", "clock"}
    assert {finding["state"] for findings in found.values() for finding in findings} == {"warning"}
    checks = (
        *("permissions", "disk", "database", "settings", "clock", "record", "jobs", "letters", "correction"),
        *("dns", "mail", "port"),
    )
    assert [check for check in checks if f" {check} " not in said] == []
    assert f"Wardmote at http://127.0.0.1:{founded.port}" in said


@pytest.mark.alike_on_both
def test_nothing_is_changed_where_there_is_nothing(tmp_path: Path) -> None:
    """A home that is not there, or holds nothing, is not made or filled by looking at it."""
    (tmp_path / "empty").mkdir()
    absent, found = examine(Installation(tmp_path / "home", ""))
    empty, _ = examine(Installation(tmp_path / "empty", ""))

    assert (absent, empty) == (1, 1)
    assert "wardmote init" in found["home"][0]["mend"]
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


def test_a_setting_that_cannot_be_used_is_a_finding(founded: Installation) -> None:
    """Where nothing else can be looked at, that much is said, as JSON where JSON was asked for."""
    with (founded.home / "settings.env").open("a", encoding="utf-8") as file:
        file.write("WARDMOTE_PORT=eighty\n")
    status, found = examine(founded)

    assert status == 1
    assert "WARDMOTE_PORT must be a whole number" in found["settings"][0]["found"]


def test_open_keys_are_a_fault(founded: Installation) -> None:
    """A key that others can read is named with the command that closes it."""
    key = founded.home / "keys" / "secret"
    key.chmod(0o644)
    status, found = examine(founded)

    assert status == 1
    assert found["permissions"][0]["mend"] == f"chmod go= {key}"


def test_a_lost_key_and_a_renamed_log_are_faults(founded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A record that could not go on is found before it is needed."""
    monkeypatch.setenv("WARDMOTE_LOG_ORIGIN", "elsewhere.example.org/record")
    _, renamed = examine(founded)
    monkeypatch.delenv("WARDMOTE_LOG_ORIGIN")
    (founded.home / "keys" / "record.ed25519").unlink()
    _, lost = examine(founded)

    assert "WARDMOTE_LOG_ORIGIN" in renamed["record"][0]["mend"]
    assert "from a backup" in lost["record"][0]["mend"]


def test_what_waits_too_long_is_found(founded: Installation) -> None:
    """A job long due, one given up, and an entry without a place: warnings, since nothing runs that would do them."""
    founded.sql(*LONG_AGO)
    status, found = examine(founded)

    assert status == 0
    assert "1 were given up" in found["jobs"][0]["found"]
    assert "has been due since 2026-01-02T12:00:00.000Z" in found["jobs"][1]["found"]
    assert "waited for its place since 2026-01-02T12:00:00.000Z" in found["record"][0]["found"]


def test_a_clock_behind_the_record_is_a_fault(founded: Installation) -> None:
    """An entry from the future means that the clock was set back, though what was written since then comes after it."""
    founded.sql(
        "UPDATE record_entry SET created = '2126-01-02 12:00:00+00:00' WHERE id = (SELECT MIN(id) FROM record_entry)"
    )
    status, found = examine(founded)

    assert status == 1
    assert "behind an entry of the record" in found["clock"][0]["found"]


def test_a_name_that_leads_nowhere_is_a_fault(founded: Installation) -> None:
    """A community that nobody can find is named with what to do."""
    founded.sql("UPDATE communities_community SET domain = 'plaza.invalid'")
    status, found = examine(founded)

    assert status == 1
    assert found["dns"][0]["found"].startswith("plaza.invalid has no address")
    assert "without https" in found["settings"][0]["found"]


def test_a_taken_port_is_a_fault(founded: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another server at our port is found before a start runs into it."""
    monkeypatch.setenv("WARDMOTE_PORT", str(founded.port))
    with socket.create_server(("127.0.0.1", founded.port)):
        status, found = examine(founded)

    assert status == 1
    assert f"port {founded.port} is taken" in found["port"][0]["found"]


def test_a_database_of_another_version_ends_the_round_early(founded: Installation) -> None:
    """Of tables that are not ours nothing more is asked, and the rest is still looked at."""
    founded.sql(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('network', '0999_future', CURRENT_TIMESTAMP)"
    )
    status, found = examine(founded)

    assert status == 1
    assert "newer Wardmote (it has network.0999_future)" in found["database"][0]["found"]
    assert "mail" in found


def test_mail_is_tried_and_sent_only_on_request(
    founded: Installation, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transport is greeted; a message goes out only to an address that was given; a dead one is a fault."""
    port = post_office.server_address[1]
    monkeypatch.setenv("WARDMOTE_MAIL", f"smtp://127.0.0.1:{port}")
    monkeypatch.setenv("WARDMOTE_MAIL_FROM", "wardmote@example.org")
    _, greeted = examine(founded)
    messages = len(post_office.messages)
    _, sent = examine(founded, "--send-mail-to", "alice@example.org")
    monkeypatch.setenv("WARDMOTE_MAIL", "smtp://127.0.0.1:1")
    status, dead = examine(founded)

    assert "mail" not in greeted
    assert messages == 0
    assert "mail" not in sent
    assert len(post_office.messages) == 1
    assert status == 1
    assert "127.0.0.1:1" in dead["mail"][0]["found"]


def test_whom_a_second_opinion_is_asked_of_is_said_and_the_key_is_not(
    founded: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off; a model on the same machine with and without leave to be there; the key never."""
    off = founded.command("doctor").stdout
    with (founded.home / "settings.env").open("a", encoding="utf-8") as file:
        file.write("WARDMOTE_LLM_URL=https://127.0.0.1:9/v1\nWARDMOTE_LLM_MODEL=small-model\n")
        file.write("WARDMOTE_LLM_KEY=sk-not-to-be-seen\n")
    status, found = examine(founded)
    monkeypatch.setenv("WARDMOTE_LLM_PRIVATE", "yes")
    on = founded.command("doctor").stdout

    assert "nobody is asked for a second opinion" in " ".join(off.split())
    assert (status, found["chat"][0]["state"]) == (1, "fault")
    assert "WARDMOTE_LLM_PRIVATE=yes" in found["chat"][0]["mend"]
    assert "small-model at 127.0.0.1:9, with a key; today 0 of 1,000 calls" in " ".join(on.split())
    assert "sk-not-to-be-seen" not in on + str(found)
