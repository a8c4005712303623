from datetime import timedelta
from pathlib import Path

import pytest
from tests.scenario import NOON

from wardmote.edges.moderation_api.auth import Authenticator
from wardmote.edges.moderation_api.keyfile import BadKeyFile, KeyFile, MemoryMeter, add_key, read_keys, remove_key
from wardmote.edges.moderation_api.wire import Refusal
from wardmote.people.policy import Scope


def authenticator(keys: Path) -> Authenticator:
    return Authenticator(KeyFile(keys).find, MemoryMeter())


def make(keys: Path, name: str = "blog", *, minute: int = 2, day: int = 5) -> str:
    return add_key(keys, name=name, scopes=[Scope.ANALYZE], requests_per_minute=minute, texts_per_day=day)


def test_a_key_is_not_in_the_file(keys: Path) -> None:
    """Only its hash and its first characters are, and others cannot read even those."""
    secret = make(keys)

    assert secret not in keys.read_text(encoding="utf-8")
    assert keys.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("secret", "status"), [("", 401), ("wm_wrong", 401)])
def test_who_has_no_key_is_not_let_in(keys: Path, secret: str, status: int) -> None:
    """No key and a wrong one are told apart in words alone."""
    make(keys)
    with pytest.raises(Refusal) as refused:
        authenticator(keys).admit(secret, Scope.ANALYZE, NOON)

    assert (refused.value.status, refused.value.code) == (status, "invalid_api_key")


def test_a_key_opens_its_scopes_alone(keys: Path) -> None:
    """Any other scope is refused; what needs none is open to every key."""
    secret, door = make(keys), authenticator(keys)
    with pytest.raises(Refusal) as refused:
        door.admit(secret, Scope.SCREEN, NOON)

    assert (refused.value.status, refused.value.code) == (403, "missing_scope")
    assert door.admit(secret, None, NOON).terms.name == "blog"


def test_requests_are_counted_by_the_minute(keys: Path) -> None:
    """The headers say what is left; the next minute begins anew."""
    secret, door = make(keys), authenticator(keys)
    late = NOON + timedelta(seconds=40)
    left = [door.admit(secret, None, late).headers()["x-ratelimit-remaining-requests"] for _ in range(2)]
    with pytest.raises(Refusal) as refused:
        door.admit(secret, None, late)

    assert left == ["1", "0"]
    assert (refused.value.status, refused.value.headers["retry-after"]) == (429, "20")
    assert door.admit(secret, None, late + timedelta(seconds=20)).requests.left == 1


def test_texts_are_counted_by_the_day(keys: Path) -> None:
    """A batch that does not fit is refused as a whole and costs nothing; clients are told not to try again."""
    secret, door = make(keys), authenticator(keys)
    admission = door.admit(secret, None, NOON)
    first = door.spend(admission, 4, NOON)
    with pytest.raises(Refusal) as refused:
        door.spend(admission, 2, NOON)

    assert first.headers()["x-ratelimit-remaining-texts"] == "1"
    assert (refused.value.status, refused.value.code) == (429, "insufficient_quota")
    assert refused.value.headers["x-should-retry"] == "false"
    assert door.spend(admission, 1, NOON).texts.left == 0


def test_a_key_that_is_taken_out_of_the_file_opens_nothing(keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is looked at again while the server runs; the other keys go on."""
    monkeypatch.setattr("wardmote.edges.moderation_api.keyfile.LOOK_EVERY", -1.0)
    first, second = make(keys), make(keys, "news")
    door = authenticator(keys)
    remove_key(keys, name="blog")

    assert door.admit(second, None, NOON).terms.name == "news"
    with pytest.raises(Refusal):
        door.admit(first, None, NOON)


@pytest.mark.parametrize(
    "content",
    [
        "not toml",
        "key = 3",
        "[[key]]\nname = 'x'",
        "[[key]]\nname = 'x'\nsha256 = 'y'\nscopes = ['events']",
        "[[key]]\nname = 'x'\nsha256 = 'y'\ntexts_per_day = -1",
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_one_line(keys: Path, content: str) -> None:
    """The line names the file."""
    keys.write_text(content, encoding="utf-8")
    with pytest.raises(BadKeyFile) as refused:
        read_keys(keys)

    assert str(keys) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_name_is_used_once(keys: Path) -> None:
    """A second key of the same name could not be told from the first when one is revoked."""
    make(keys, 'the "blog"')

    assert [terms.name for terms in read_keys(keys).values()] == ['the "blog"']
    with pytest.raises(BadKeyFile):
        make(keys, 'the "blog"')
