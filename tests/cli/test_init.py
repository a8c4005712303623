"""A real installation is made once, by somebody who is asked for as little as possible."""

import http.client
import os
import pty
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.installation import PATIENCE, Installation, one_line

PASSWORD = "a fine long password"


def init(installation: Installation, *arguments: str, password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    """`wardmote init` by Alice, with her password on standard input."""
    command = [sys.executable, "-m", "wardmote", "init", "--owner-email", "alice@example.org", *arguments]
    return subprocess.run(
        command,
        env=installation.environment,
        input=f"{password}\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_one_command_makes_a_whole_installation(installation: Installation) -> None:
    """Alice gets keys, settings, a login of the host's staff, a community with a policy, and is its owner."""
    made = init(installation, "--domain", "plaza.example.org", "--title", "The Plaza")
    community = installation.sql("SELECT slug, title, domain FROM communities_community")
    owner = installation.sql(
        "SELECT p.email, m.role FROM people_person p JOIN communities_membership m ON m.person_id = p.id"
        " WHERE p.is_host_staff"
    )
    clauses = installation.sql("SELECT count(*) FROM communities_clause")
    settings = (installation.home / "settings.env").read_text(encoding="utf-8")

    assert made.returncode == 0, made.stderr
    assert [tuple(row) for row in community] == [("plaza", "The Plaza", "plaza.example.org")]
    assert [tuple(row) for row in owner] == [("alice@example.org", "owner")]
    assert clauses[0][0] > 3
    assert "WARDMOTE_LOG_ORIGIN=plaza.example.org/record" in settings
    assert "WARDMOTE_HTTPS=yes" in settings
    assert "https://plaza.example.org" in made.stdout


@pytest.mark.alike_on_both
def test_an_installation_for_this_machine_says_where_it_answers(tmp_path: Path) -> None:
    """A name below localhost has neither certificate nor name server: plain HTTP, and nothing told of either."""
    made = init(Installation(tmp_path / "home", ""), "--domain", "plaza.localhost")
    settings = (tmp_path / "home" / "settings.env").read_text(encoding="utf-8")

    assert made.returncode == 0, made.stderr
    assert "WARDMOTE_HTTPS=no" in settings
    assert "Sign in at http://plaza.localhost" in made.stdout
    assert not [word for word in ("https:", "DNS", "TLS") if word in made.stdout]


@pytest.mark.alike_on_both
def test_nobody_else_can_read_what_was_made(tmp_path: Path) -> None:
    """Home, keys, settings and database belong to their owner alone, whatever the mask says."""
    installation = Installation(tmp_path / "home", "")
    init(installation, "--domain", "example.org")
    files = [installation.home, *installation.home.rglob("*")]

    assert len(files) > 5
    assert {oct(stat.S_IMODE(path.stat().st_mode) & 0o077) for path in files} == {"0o0"}


def test_a_second_init_changes_nothing(installation: Installation) -> None:
    """What stands is never overwritten: neither a home with settings, nor a database with a community."""
    init(installation, "--domain", "example.org")
    kept = (installation.home / "settings.env").read_bytes()
    again = init(installation, "--domain", "example.net")
    (installation.home / "settings.env").unlink()
    without_file = init(installation, "--domain", "example.net")
    domains = installation.sql("SELECT domain FROM communities_community")

    assert [again.returncode, without_file.returncode] == [1, 1]
    for refused in (again, without_file):
        assert "holds an installation already; nothing was changed" in one_line(refused.stderr)
    assert b"example.org" in kept
    assert [tuple(row) for row in domains] == [("example.org",)]


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (["--domain", "https://example.org"], PASSWORD, "is not a domain such as example.org"),
        (["--domain", "example.org", "--host-domain", "example.org"], PASSWORD, "choose another name"),
        (["--domain", "example.org"], "short", "This password is too short"),
        (["--domain", "example.org"], "", "no password was given"),
        (["--domain", "example.org", "--owner-email", "alice"], PASSWORD, "Enter a valid email address"),
        (["--domain", "example.org", "--handle", "Al ice"], PASSWORD, "A handle has 1 to 30 letters"),
        (["--domain", "example.org", "--mail", "pigeon"], PASSWORD, "WARDMOTE_MAIL must be console or smtp://"),
    ],
)
def test_what_cannot_be_is_said_before_there_is_a_table(
    installation: Installation, arguments: list[str], password: str, said: str
) -> None:
    """A wish that cannot be granted is one line, and leaves no settings and no database behind it."""
    refused = init(installation, *arguments, password=password)

    assert refused.returncode == 1
    assert said in one_line(refused.stderr)
    assert not (installation.home / "settings.env").exists()
    assert not (installation.home / "wardmote.sqlite3").exists()


@pytest.mark.alike_on_both
def test_the_settings_file_is_read_and_the_environment_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bad value in the file stops a command by its name; the same variable set well outside lets it go on."""
    installation = Installation(tmp_path / "home", "")
    installation.home.mkdir()
    (installation.home / "settings.env").write_text("# mine\nWARDMOTE_PORT=eighty\n", encoding="utf-8")
    by_the_file = installation.command("migrate")
    monkeypatch.setenv("WARDMOTE_PORT", "8080")
    by_the_environment = installation.command("migrate")

    assert by_the_file.returncode == 1
    assert "WARDMOTE_PORT must be a whole number, not 'eighty'" in one_line(by_the_file.stderr)
    assert by_the_environment.returncode == 0


@pytest.mark.alike_on_both
def test_a_slip_of_the_pen_in_the_settings_file_is_named(tmp_path: Path) -> None:
    """A name that is no setting is not passed over: its file and line are said."""
    installation = Installation(tmp_path / "home", "")
    installation.home.mkdir()
    (installation.home / "settings.env").write_text("\nWARDMOTE_MIAL=console\n", encoding="utf-8")
    refused = installation.command("migrate")

    assert refused.returncode == 1
    assert "settings.env, line 2: 'WARDMOTE_MIAL' is not a setting" in one_line(refused.stderr)


def status(installation: Installation, host: str) -> int:
    """What a page says to somebody who came by the proxy in front, under that name."""
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=10)
    connection.request("GET", "/", headers={"Host": host, "X-Forwarded-Proto": "https"})
    answer = connection.getresponse()
    connection.close()
    assert answer.headers["Strict-Transport-Security"] is not None
    return answer.status


def test_what_was_made_starts_and_answers_under_its_names(installation: Installation) -> None:
    """`wardmote run` needs nothing but the home: the community and the host answer, and no other name does."""
    init(installation, "--domain", "plaza.example.org", "--host-domain", "desk.example.org")
    with installation.running():
        statuses = {host: status(installation, f"{host}.example.org") for host in ("plaza", "desk", "harbour")}

    assert statuses == {"plaza": 200, "desk": 200, "harbour": 404}


def type_in(installation: Installation, arguments: list[str], answers: list[tuple[str, str]]) -> tuple[int, str]:
    """Run `wardmote init` at a terminal, type each answer at its question; gives all that was seen."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "wardmote", "init", *arguments]
    process = subprocess.Popen(
        command, env=installation.environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    os.close(theirs)
    seen = ""
    for question, answer in answers:
        while not seen.endswith(question):
            seen += os.read(ours, 1000).decode()
        os.write(ours, f"{answer}\n".encode())
    try:
        while more := os.read(ours, 1000).decode():
            seen += more
    except OSError:
        pass  # how Linux says that the other end was closed
    os.close(ours)
    return process.wait(PATIENCE), seen


def test_a_person_at_a_terminal_is_asked_and_the_password_is_not_shown(installation: Installation) -> None:
    """Alice types address and password twice; two that differ change nothing, and neither is echoed."""
    asked = [("owner: ", "alice@example.org"), ("[Example]: ", "The Plaza"), ("Password: ", PASSWORD)]
    differs, said = type_in(installation, ["--domain", "example.org"], [*asked, ("again: ", "another password")])
    made, seen = type_in(installation, ["--domain", "example.org"], [*asked, ("again: ", PASSWORD)])
    owners = installation.sql("SELECT email FROM people_person")
    titles = installation.sql("SELECT title FROM communities_community")

    assert (differs, made) == (1, 0)
    assert "the two passwords differ; nothing was changed" in said
    assert PASSWORD not in said + seen
    assert [tuple(row) for row in owners] == [("alice@example.org",)]
    assert [tuple(row) for row in titles] == [("The Plaza",)]


@pytest.mark.alike_on_both
def test_what_was_not_named_has_a_name_all_the_same(tmp_path: Path) -> None:
    """Without `--title` the community is called by the first part of its domain, as people write names."""
    installation = Installation(tmp_path / "home", "")
    init(installation, "--domain", "the-plaza.example.org")
    titles = installation.sql("SELECT title FROM communities_community")

    assert [tuple(row) for row in titles] == [("The Plaza",)]


@pytest.mark.alike_on_both
def test_without_init_too_nobody_else_can_read_what_is_made(tmp_path: Path) -> None:
    """Whatever the mask says; and what an earlier version left open is closed at the next start."""
    plain = Installation(tmp_path / "plain", "")
    migrate = [sys.executable, "-m", "wardmote", "migrate"]
    subprocess.run(migrate, env=plain.environment, umask=0o022, check=True, timeout=PATIENCE, capture_output=True)
    made = {path.name: oct(stat.S_IMODE(path.stat().st_mode) & 0o077) for path in (plain.home, *plain.home.rglob("*"))}
    for path in (plain.home, plain.home / "wardmote.sqlite3"):
        path.chmod(0o755)
    subprocess.run(migrate, env=plain.environment, umask=0o022, check=True, timeout=PATIENCE, capture_output=True)
    closed = [oct(stat.S_IMODE(path.stat().st_mode) & 0o077) for path in (plain.home, plain.home / "wardmote.sqlite3")]

    assert set(made.values()) == {"0o0"}, made
    assert "wardmote.sqlite3" in made
    assert closed == ["0o0", "0o0"]
