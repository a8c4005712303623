import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardmote.ledger import (
    Checkpoint,
    FormatError,
    KeyKind,
    Signature,
    SignatureError,
    SignedNote,
    Signer,
    VerifierKey,
    open_checkpoint,
    sign_checkpoint,
    verified_cosignatures,
)
from wardmote.ledger.checkpoint import cosigned_message
from wardmote.ledger.note import decode_base64

# The example of the Go implementation of signed notes, by which every implementation is checked.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_NOTE = (
    f"{GO_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of C2SP tlog-cosignature.
COSIGNED = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
ORIGIN = "wardmote.example/record"
STATEMENT = Checkpoint(ORIGIN, 12, bytes(range(32)))


def a_signer(name: str = ORIGIN, seed: int = 1) -> Signer:
    return Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def test_signs_as_the_reference_implementation_does() -> None:
    """With the reference's key and text the note is the reference's, byte for byte."""
    signer = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(decode_base64(GO_SECRET)[1:]))

    assert str(signer.sign(GO_TEXT)) == GO_NOTE
    assert str(signer.verifier) == GO_KEY


def test_verifies_the_reference_note() -> None:
    """The reference's note verifies under its key, and no longer when one letter changes."""
    key = VerifierKey.parse(GO_KEY)
    SignedNote.parse(GO_NOTE).verify(key)

    with pytest.raises(SignatureError):
        SignedNote.parse(GO_NOTE.replace("answer", "Answer")).verify(key)


def test_the_private_key_stays_out_of_sight() -> None:
    """A signer that ends in a log line shows its name only."""
    assert repr(a_signer()) == f"Signer(name='{ORIGIN}')"


@pytest.mark.parametrize(
    "note",
    [
        "",
        "no signature\n",
        "text\n\n",
        "text\n\nPeter abc\n",
        "text\n\n— Peter\n",
        "text\n\n— Peter AAAA\n",
        "text\n\n— Pe+ter AAAAAAAAAA==\n",
        "text\x07\n\n— Peter AAAAAAAAAA==\n",
        "text\n\n— Peter AAAAAAAAAA==",
        "text\ud800\n\n— Peter AAAAAAAAAA==\n",
        "text\n\n" + "— Peter AAAAAAAAAA==\n" * 65,
        "text\n\n— Peter AAAAAAAAAB==\n",
    ],
)
def test_what_is_not_a_signed_note_is_refused(note: str) -> None:
    """Anything but text, an empty line and whole signature lines is refused as a whole."""
    with pytest.raises(FormatError):
        SignedNote.parse(note)


@pytest.mark.parametrize(
    "key", ["", "Peter", GO_KEY.replace("c74f", "c74e"), GO_KEY[:-4], "PeterNeumann+c74f20a3+CRpc2Q=="]
)
def test_a_damaged_key_is_refused(key: str) -> None:
    """A verifier key that lost a character, or whose id is another's, is refused."""
    with pytest.raises(FormatError):
        VerifierKey.parse(key)


def test_signatures_by_strangers_are_skipped() -> None:
    """A note signed by the log and by somebody unknown verifies by the log's signature alone."""
    note = a_signer().sign(STATEMENT.text)
    both = SignedNote(note.text, (*a_signer("stranger", 2).sign(note.text).signatures, *note.signatures))

    assert open_checkpoint(str(both), a_signer().verifier) == STATEMENT


def test_one_false_signature_spoils_the_note() -> None:
    """Where a line claims to be by the log and is not, another true line by the log does not save the note."""
    note = a_signer().sign(STATEMENT.text)
    false = Signature(ORIGIN, a_signer().verifier.key_id, bytes(64))
    both = SignedNote(note.text, (*note.signatures, false))

    with pytest.raises(SignatureError):
        both.verify(a_signer().verifier)


def test_a_key_with_the_same_name_is_another_key() -> None:
    """A checkpoint signed by another key under the log's name is not the log's."""
    forged = sign_checkpoint(STATEMENT, a_signer(seed=2))

    with pytest.raises(SignatureError):
        open_checkpoint(forged, a_signer().verifier)


def test_a_checkpoint_of_another_log_is_refused() -> None:
    """A key may sign only for the log it is named after."""
    other = Checkpoint("elsewhere.example/record", 12, bytes(32))

    with pytest.raises(SignatureError):
        open_checkpoint(sign_checkpoint(other, a_signer()), a_signer().verifier)


def test_extension_lines_are_kept() -> None:
    """Lines after the root are part of what was signed and come back as they were."""
    statement = Checkpoint(ORIGIN, 0, bytes(32), ("first", "second"))

    assert open_checkpoint(sign_checkpoint(statement, a_signer()), a_signer().verifier) == statement


@pytest.mark.parametrize(
    "text",
    [
        "origin\n1\n",
        "origin\n01\nAAAA\n",
        "origin\n-1\nAAAA\n",
        "origin\n1\nAAAA\n",
        "origin\n\N{ARABIC-INDIC DIGIT ONE}\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "origin\n\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n",
    ],
)
def test_what_is_not_a_checkpoint_is_refused(text: str) -> None:
    """A size with a leading zero, a short root, an empty line: none is a checkpoint."""
    with pytest.raises(FormatError):
        Checkpoint.parse(text)


def test_reads_the_published_cosigned_checkpoint() -> None:
    """The specification's example parses to its size, and its witness's line to its key id and 72 bytes."""
    note = SignedNote.parse(COSIGNED)
    witness = note.signatures[1]

    assert Checkpoint.parse(note.text).size == 20852163
    assert (witness.name, witness.key_id.hex(), len(witness.value)) == ("witness.example.com/w1", "8d66cf3f", 72)
    assert int.from_bytes(witness.value[:8], "big") == 1679315147
    assert str(note) == COSIGNED


def a_cosigned_note(time: int, signed_time: int) -> tuple[str, VerifierKey]:
    private = Ed25519PrivateKey.from_private_bytes(bytes([9]) * 32)
    witness = VerifierKey("witness.example/w", private.public_key().public_bytes_raw(), KeyKind.COSIGNATURE)
    note = a_signer().sign(STATEMENT.text)
    value = time.to_bytes(8, "big") + private.sign(cosigned_message(note.text, signed_time))
    return str(SignedNote(note.text, (*note.signatures, Signature(witness.name, witness.key_id, value)))), witness


def test_a_witness_is_verified_with_its_time() -> None:
    """A cosignature verifies over the time it names."""
    note, witness = a_cosigned_note(1_800_000_000, 1_800_000_000)
    (found,) = verified_cosignatures(note, (witness,))

    assert (found.name, found.time) == ("witness.example/w", 1_800_000_000)
    assert open_checkpoint(note, a_signer().verifier) == STATEMENT


def test_a_witness_cannot_be_backdated() -> None:
    """A cosignature whose time was changed does not verify."""
    note, witness = a_cosigned_note(1_700_000_000, 1_800_000_000)

    with pytest.raises(SignatureError):
        verified_cosignatures(note, (witness,))


def test_a_cosignature_does_not_stand_for_the_log() -> None:
    """A witness's key cannot open a checkpoint as if it were the log's."""
    note, witness = a_cosigned_note(1_800_000_000, 1_800_000_000)

    with pytest.raises(SignatureError):
        SignedNote.parse(note).verify(witness)
