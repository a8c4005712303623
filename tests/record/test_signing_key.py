import stat
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from tests.record.cast import NOW, Publish

from wardmote.outside import signing
from wardmote.outside.signing import SigningKeyError
from wardmote.record import engine, queries

pytestmark = pytest.mark.django_db
PEM = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def test_the_first_run_makes_an_owner_only_key(home: Path) -> None:
    """The key lies in a file of mode 0600 in a folder of mode 0700, alone, and is the same at the next run."""
    key = engine.signer().verifier
    file = home / "keys" / "record.ed25519"

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]
    assert signing.read_key(file).public_key().public_bytes_raw() == key.public
    assert engine.signer().verifier == key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o644])
def test_a_key_that_others_can_reach_is_refused(home: Path, mode: int) -> None:
    """Loose permissions are one line that names the file and the remedy."""
    file = home / "keys" / "record.ed25519"
    signing.make_key(file)
    file.chmod(mode)

    with pytest.raises(SigningKeyError, match=f"chmod 600 {file}"):
        engine.signer()


def test_a_lost_key_is_not_replaced(publish: Publish, home: Path) -> None:
    """Once something was signed, a missing key is an error: a new one would disown every checkpoint."""
    publish()
    engine.sequence(NOW)
    signing._read_once.cache_clear()  # noqa: SLF001 - as after a restart
    (home / "keys" / "record.ed25519").unlink()

    with pytest.raises(SigningKeyError, match="restore it from a backup"):
        engine.signer()
    assert list((home / "keys").iterdir()) == []


def test_there_is_no_public_key_before_the_first_run(publish: Publish, home: Path) -> None:
    """A page may ask for the key at any time: before the first run it is empty, and asking makes none."""
    before = queries.verifier_key()
    publish()
    engine.sequence(NOW)

    assert before == ""
    assert queries.verifier_key().startswith("wardmote.test/record+")


@pytest.mark.parametrize("raw", [b"", b"rubbish", X25519PrivateKey.generate().private_bytes(*PEM)])
def test_a_file_that_is_no_key_is_refused(home: Path, raw: bytes) -> None:
    """An empty, damaged or different key is one line."""
    file = home / "keys" / "record.ed25519"
    signing.make_key(file)
    file.write_bytes(raw)

    with pytest.raises(SigningKeyError, match=str(file)):
        engine.signer()


def test_an_existing_key_is_never_overwritten(home: Path) -> None:
    """Making a key where there is one leaves the one there is."""
    file = home / "key"
    signing.make_key(file)
    before = file.read_bytes()
    signing.make_key(file)

    assert file.read_bytes() == before
    assert list(home.iterdir()) == [file]


def test_processes_that_start_together_agree_on_one_key(home: Path) -> None:
    """However many make the first key at once, all read the same whole key."""
    file = home / "keys" / "record.ed25519"
    found: list[bytes] = []
    gate = threading.Barrier(8)

    def start() -> None:
        gate.wait()
        signing.make_key(file)
        found.append(signing.read_key(file).public_key().public_bytes_raw())

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_key_is_readable_by_other_tools(home: Path) -> None:
    """The file is PKCS #8 in PEM, the form that openssl reads."""
    file = home / "key"
    signing.make_key(file)

    assert isinstance(serialization.load_pem_private_key(file.read_bytes(), None), Ed25519PrivateKey)
