from pathlib import Path

import pytest

from wardmote.config.chat import chat_endpoint
from wardmote.config.environment import BadConfiguration
from wardmote.outside.chat import Allowance

SECRET = "sk-of-the-test"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Nothing set but what a test sets."""
    for name in ("URL", "MODEL", "KEY", "PRIVATE", "TIMEOUT", "CALLS", "TOKENS", "COMMUNITY_CALLS", "COMMUNITY_TOKENS"):
        monkeypatch.delenv(f"WARDMOTE_LLM_{name}", raising=False)
    return monkeypatch


def test_without_an_address_nobody_is_asked(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A model or a key alone switches nothing on."""
    environment.setenv("WARDMOTE_LLM_MODEL", "m")
    environment.setenv("WARDMOTE_LLM_KEY", SECRET)

    assert chat_endpoint(tmp_path) is None


def test_an_address_and_a_model_are_enough(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The rest has its defaults: no key, public addresses alone, half a minute, a budget."""
    environment.setenv("WARDMOTE_LLM_URL", "https://models.example/v1")
    environment.setenv("WARDMOTE_LLM_MODEL", "m")
    found = chat_endpoint(tmp_path)

    assert found is not None
    assert found.url == "https://models.example/v1/chat/completions"
    assert (found.key, found.private, found.timeout) == ("", False, 30.0)
    assert (found.day, found.community_day) == (Allowance(1000, 2_000_000), Allowance(200, 400_000))


def test_the_key_is_taken_from_a_file_where_the_environment_has_none(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`keys/chat` in the home folder; the environment goes before it."""
    environment.setenv("WARDMOTE_LLM_URL", "https://models.example/v1")
    environment.setenv("WARDMOTE_LLM_MODEL", "m")
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "chat").write_text(f"{SECRET}\n", encoding="utf-8")
    from_file = chat_endpoint(tmp_path)
    environment.setenv("WARDMOTE_LLM_KEY", "another")
    from_environment = chat_endpoint(tmp_path)

    assert from_file is not None
    assert from_environment is not None
    assert (from_file.key, from_environment.key) == (SECRET, "another")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("URL", "http://models.example/v1", "WARDMOTE_LLM_PRIVATE"),
        ("URL", "ftp://models.example/v1", "https://name/path"),
        ("URL", "https://user:sk-of-the-test@models.example/v1", "WARDMOTE_LLM_KEY"),
        ("URL", "https://models.example:99999/v1", "not an address"),
        ("URL", "https://models.example/v 1", "plain ASCII"),
        ("MODEL", "", "WARDMOTE_LLM_MODEL"),
        ("MODEL", "a\nb", "WARDMOTE_LLM_MODEL"),
        ("KEY", "sk-of-the-test\nsecond line", "WARDMOTE_LLM_KEY"),
        ("KEY", "sk-of-the-test with spaces", "WARDMOTE_LLM_KEY"),
        ("KEY", "sk-of-the-test-é", "WARDMOTE_LLM_KEY"),
        ("TIMEOUT", "0", "WARDMOTE_LLM_TIMEOUT"),
        ("TIMEOUT", "soon", "WARDMOTE_LLM_TIMEOUT"),
        ("CALLS", "-1", "WARDMOTE_LLM_CALLS"),
        ("PRIVATE", "perhaps", "WARDMOTE_LLM_PRIVATE"),
    ],
)
def test_what_cannot_be_used_stops_the_start_with_its_name(
    environment: pytest.MonkeyPatch, tmp_path: Path, name: str, value: str, said: str
) -> None:
    """One line that says which setting; never the key."""
    environment.setenv("WARDMOTE_LLM_URL", "https://models.example/v1")
    environment.setenv("WARDMOTE_LLM_MODEL", "m")
    environment.setenv(f"WARDMOTE_LLM_{name}", value)
    with pytest.raises(BadConfiguration, match=said) as caught:
        chat_endpoint(tmp_path)

    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_on_the_same_machine_needs_one_word(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without TLS and at a private address, once that is said to be meant."""
    environment.setenv("WARDMOTE_LLM_URL", "http://127.0.0.1:8081/v1")
    environment.setenv("WARDMOTE_LLM_MODEL", "m")
    environment.setenv("WARDMOTE_LLM_PRIVATE", "yes")
    found = chat_endpoint(tmp_path)

    assert found is not None
    assert found.aim().addresses == ("127.0.0.1",)
