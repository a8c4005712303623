"""Reads the environment; bad configuration fails loudly, with the name of the variable."""

import os
import secrets
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf.locale import LANG_INFO

from wardmote.config.catalogue import RENAMED, SETTINGS
from wardmote.edges.moderation_api.origins import BadOrigin, Origins
from wardmote.kernel.errors import Invalid, WardmoteError
from wardmote.kernel.hosts import ascii_host

SETTINGS_FILE = "settings.env"
"""In the home folder: lines of `NAME=value`, as systemd's EnvironmentFile and a shell's `set -a` take them too."""
_IN_FILE = frozenset(name for setting in SETTINGS if setting.in_file for name in (setting.name, setting.former) if name)


class BadConfiguration(WardmoteError):
    """A setting that cannot be used: one line that names it."""


def read_settings_file(home: Path) -> None:
    """Set from the home's settings file what the environment has not set; the environment wins.

    Raises BadConfiguration for a line that sets nothing we know: a slip of the pen must not pass for a default.
    """
    path = home / SETTINGS_FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    except NotADirectoryError:
        return  # whoever writes there next says so
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path} cannot be read: {error}") from error
    for name, value in parse_settings(text, path).items():
        os.environ.setdefault(name, value)


def parse_settings(text: str, path: Path) -> dict[str, str]:
    """The settings that a file's text makes, under their new names; `path` names it in what BadConfiguration says."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or name.strip() not in _IN_FILE:
            raise BadConfiguration(f"{path}, line {number}: {name.strip()!r} is not a setting that this file can make")
        found[name.strip()] = value.strip()
    return under_new_names(found, str(path))


def under_new_names(given: Mapping[str, str], place: str) -> dict[str, str]:
    """What is given, with each former name of a setting replaced by the new one.

    Raises BadConfiguration where both are set and differ: nobody could say which is meant. A value may be a secret, so
    it is not printed.
    """
    found = {name: value for name, value in given.items() if name not in RENAMED}
    for former in sorted(given.keys() & RENAMED.keys()):
        if found.setdefault(RENAMED[former], given[former]) != given[former]:
            raise BadConfiguration(
                f"{place}: {former} is the former name of {RENAMED[former]}, and both are set and differ; remove one"
            )
    return found


def env_text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def env_bool(name: str, default: bool = False) -> bool:
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise BadConfiguration(f"{name} must be yes or no, not {raw!r}")


def env_int(name: str, default: int) -> int:
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    try:
        return int(raw)
    except ValueError:
        raise BadConfiguration(f"{name} must be a whole number, not {raw!r}") from None


def env_hosts(name: str, default: str = "") -> list[str]:
    """Names of hosts, with commas between, as requests carry them; raises BadConfiguration for what is none."""
    try:
        return [ascii_host(host) for host in env_text(name, default).split(",") if host.strip()]
    except Invalid as error:
        raise BadConfiguration(f"{name}: {error}") from None


def env_origins(name: str) -> frozenset[str]:
    """Origins of web pages, with commas between; raises BadConfiguration for what is none."""
    found = frozenset(origin.strip() for origin in env_text(name).split(",") if origin.strip())
    try:
        Origins(found)
    except BadOrigin as error:
        raise BadConfiguration(f"{name}: {error}") from None
    return found


def env_networks(name: str, default: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses or networks, with commas between; `none` is none. Raises BadConfiguration for what is neither."""
    raw = env_text(name) or default
    try:
        return tuple(ip_network(part.strip()) for part in raw.split(",") if part.strip() not in ("", "none"))
    except ValueError as error:
        raise BadConfiguration(f"{name}: {error}") from None


def languages(codes: str) -> list[tuple[str, str]]:
    """The languages on offer, each with its own name for itself; `codes` have commas between, English comes first."""
    chosen = dict.fromkeys(["en", *(code.strip().lower() for code in codes.split(",") if code.strip())])
    if unknown := [code for code in chosen if "name_local" not in LANG_INFO.get(code, {})]:
        raise BadConfiguration(f"WARDMOTE_LANGUAGES names {unknown[0]!r}, which is no language we know the name of")
    return [(code, str(LANG_INFO[code]["name_local"])) for code in chosen]


def secret_file(path: Path) -> str:
    """A secret kept in an owner-only file, made at first use."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        # Each by itself: the mode is that of the last folder alone.
        path.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.parent.mkdir(exist_ok=True, mode=0o700)
        secret = secrets.token_urlsafe(48)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").strip()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secret)
        return secret


def database(url: str, home: Path) -> dict[str, Any]:
    """Django's database setting from a `DATABASE_URL`; empty means SQLite in the home folder."""
    if not url:
        return sqlite_database(home / "wardmote.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite_database(Path(unquote(parts.path.removeprefix("/")) or "wardmote.sqlite3"))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadConfiguration(f"DATABASE_URL must begin with postgresql:// or sqlite://, not {parts.scheme!r}")
    return {
        "ENGINE": "wardmote.config.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": _POSTGRESQL | dict(parse_qsl(parts.query)),
    }


_POSTGRESQL = {
    "connect_timeout": "5",
    # A server whose machine or network is gone is known to be after a minute, also where nothing is being sent.
    "keepalives": "1",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""What the driver is told unless `DATABASE_URL` says otherwise."""


def sqlite_database(path: Path) -> dict[str, Any]:
    """SQLite as Wardmote uses it: WAL, a transaction takes the write lock at its start, a commit is on disk, and what
    is deleted is overwritten, so that an erased text is not left in free pages."""
    return {
        "ENGINE": "wardmote.config.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON; PRAGMA mmap_size=268435456;",
        },
        "TEST": {"NAME": str(path.with_name("test-" + path.name))},
    }
