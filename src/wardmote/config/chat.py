"""The settings of the second opinion: whom to ask, with which key, within which budget."""

from pathlib import Path
from urllib.parse import urlsplit

from wardmote.config.environment import BadConfiguration, env_bool, env_int, env_text
from wardmote.outside.chat import Allowance, Endpoint, full_url

KEY_FILE = "chat"
"""In the folder of keys."""


def chat_endpoint(home: Path) -> Endpoint | None:
    """The endpoint that the environment names; None where it names none. Raises BadConfiguration."""
    base = env_text("WARDMOTE_LLM_URL").strip()
    if not base:
        return None
    private = env_bool("WARDMOTE_LLM_PRIVATE")
    _check(base, private=private)
    model = env_text("WARDMOTE_LLM_MODEL").strip()
    if not model or len(model) > 120 or not model.isprintable():
        raise BadConfiguration("WARDMOTE_LLM_MODEL must name the model that WARDMOTE_LLM_URL is asked for")
    return Endpoint(
        url=full_url(base),
        model=model,
        key=_key(home),
        private=private,
        timeout=float(_within("WARDMOTE_LLM_TIMEOUT", env_int("WARDMOTE_LLM_TIMEOUT", 30), least=1, most=300)),
        day=Allowance(
            _within("WARDMOTE_LLM_CALLS", env_int("WARDMOTE_LLM_CALLS", 1000)),
            _within("WARDMOTE_LLM_TOKENS", env_int("WARDMOTE_LLM_TOKENS", 2_000_000)),
        ),
        community_day=Allowance(
            _within("WARDMOTE_LLM_COMMUNITY_CALLS", env_int("WARDMOTE_LLM_COMMUNITY_CALLS", 200)),
            _within("WARDMOTE_LLM_COMMUNITY_TOKENS", env_int("WARDMOTE_LLM_COMMUNITY_TOKENS", 400_000)),
        ),
    )


def _check(base: str, *, private: bool) -> None:
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        raise BadConfiguration("WARDMOTE_LLM_URL is not an address") from None
    if parts.username or parts.password:
        # Said without the address: a password in it must not be printed.
        raise BadConfiguration("WARDMOTE_LLM_URL has a login in it; a key belongs into WARDMOTE_LLM_KEY")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.fragment or port == 0:
        raise BadConfiguration("WARDMOTE_LLM_URL must be https://name/path")
    if parts.scheme == "http" and not private:
        raise BadConfiguration("WARDMOTE_LLM_URL must begin with https:// unless WARDMOTE_LLM_PRIVATE is yes")
    if len(base) > 500 or not base.isascii() or not base.isprintable() or " " in base:
        raise BadConfiguration("WARDMOTE_LLM_URL must be at most 500 plain ASCII characters")


def _key(home: Path) -> str:
    key, source = env_text("WARDMOTE_LLM_KEY").strip(), "WARDMOTE_LLM_KEY"
    if not key:
        path = home / "keys" / KEY_FILE
        source = str(path)
        try:
            key = path.read_text(encoding="utf-8").strip()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except (OSError, UnicodeDecodeError):
            raise BadConfiguration(f"{path} cannot be read") from None
    if len(key) > 1000 or not key.isascii() or not key.isprintable() or " " in key:
        raise BadConfiguration(f"{source} must be one line of plain ASCII without spaces")
    return key


def _within(name: str, value: int, *, least: int = 0, most: int = 2_000_000_000) -> int:
    if not least <= value <= most:
        raise BadConfiguration(f"{name} must be a whole number from {least} to {most}, not {value}")
    return value
