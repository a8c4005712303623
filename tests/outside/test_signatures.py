import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from wardmote.ledger import Signer
from wardmote.outside.signatures import (
    SKEW,
    BadSignature,
    Message,
    claimed_key,
    key_id,
    sign,
    signature_base,
    signer_of,
    verify,
)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOST = Signer("host.test/record", Ed25519PrivateKey.generate())
OTHER = Signer("other.test/record", Ed25519PrivateKey.generate())
LETTER = Message("POST", "plaza.example", "/exchange/community/notice", "urn:wardmote:host_notice:7", b'{"a":1}')


def test_the_base_is_that_of_the_standard() -> None:
    """The published Ed25519 example of RFC 9421 (B.2.6) verifies over our signature base."""
    key = load_der_public_key(base64.b64decode("MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="))
    components = [
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    ]
    names = " ".join(f'"{name}"' for name, _ in components)
    base = signature_base(components, f'({names});created=1618884473;keyid="test-key-ed25519"')
    signature = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="

    key.verify(base64.b64decode(signature), base)  # type: ignore[call-arg, union-attr]
    assert base.endswith(b'keyid="test-key-ed25519"')


def test_what_was_signed_verifies() -> None:
    """The message as it was sent, under the sender's key, within the time."""
    headers = sign(LETTER, HOST, NOON)

    verify(LETTER, headers, HOST.verifier, NOON + SKEW)
    assert claimed_key(headers).startswith("host.test/record+")
    assert signer_of(LETTER, headers, [OTHER.verifier, HOST.verifier], NOON) == HOST.verifier


@pytest.mark.parametrize(
    "changed",
    [
        replace(LETTER, method="PUT"),
        replace(LETTER, authority="other.example"),
        replace(LETTER, path="/exchange/community/receipt"),
        replace(LETTER, key="urn:wardmote:host_notice:8"),
        replace(LETTER, body=b'{"a":2}'),
    ],
)
def test_no_part_of_a_message_can_be_changed(changed: Message) -> None:
    """Method, authority, path, idempotency key and body are all signed."""
    with pytest.raises(BadSignature):
        verify(changed, sign(LETTER, HOST, NOON), HOST.verifier, NOON)


@pytest.mark.parametrize("apart", [SKEW + timedelta(seconds=1), -SKEW - timedelta(seconds=1)])
def test_an_old_message_is_not_taken(apart: timedelta) -> None:
    """A message that somebody kept and sends again later proves nothing, nor does one from the future."""
    with pytest.raises(BadSignature, match="too old"):
        verify(LETTER, sign(LETTER, HOST, NOON), HOST.verifier, NOON + apart)


def test_another_key_is_told_apart() -> None:
    """Who signs as somebody else is found out, by the name of the key or by the signature."""
    headers = sign(LETTER, OTHER, NOON)
    claimed = headers["Signature-Input"].replace(key_id(OTHER.verifier), key_id(HOST.verifier))
    forged = headers | {"Signature-Input": claimed}

    with pytest.raises(BadSignature, match="another key"):
        verify(LETTER, headers, HOST.verifier, NOON)
    with pytest.raises(BadSignature, match="does not verify"):
        verify(LETTER, forged, HOST.verifier, NOON)
    with pytest.raises(BadSignature, match="nobody"):
        signer_of(LETTER, headers, [HOST.verifier], NOON)


@pytest.mark.parametrize(
    "change",
    [
        {"Signature": ""},
        {"Signature": "wardmote=:AAAA:"},
        {"Signature-Input": ""},
        {"Signature-Input": 'wardmote=("@method");created=1;keyid="host";alg="ed25519"'},
        {"Signature-Input": 'wardmote=("@method");created=1;keyid="host";alg="none"'},
        {"Content-Digest": ""},
    ],
)
def test_a_message_that_is_signed_otherwise_is_refused(change: dict[str, str]) -> None:
    """Fewer components, another algorithm, nothing at all: none is read as if it were ours."""
    with pytest.raises(BadSignature):
        verify(LETTER, sign(LETTER, HOST, NOON) | change, HOST.verifier, NOON)
