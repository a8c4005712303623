"""The portable receipt: one file that proves one entry, kept by the other party and verified without the log.

    {"format": "wardmote-receipt", "v": 1, "index": 4, "leaf": "{…}", "inclusion": ["base64", …],
     "checkpoint": "signed note", "disclosures": {"clause": {"salt": "64 hexadecimal digits", "value": …}}}

`leaf` is the text of the leaf itself. `inclusion` runs from the leaf to the root. A disclosure opens one commitment;
which ones are opened is the choice of whoever hands the receipt on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from wardmote.ledger.canonical import Json, canonical_bytes, parse_json
from wardmote.ledger.checkpoint import Checkpoint, Cosignature, open_checkpoint, verified_cosignatures
from wardmote.ledger.commitment import check_opening
from wardmote.ledger.errors import FormatError, ProofError
from wardmote.ledger.leaf import Leaf
from wardmote.ledger.note import VerifierKey, decode_base64, encode_base64
from wardmote.ledger.proofs import verify_inclusion
from wardmote.ledger.tree import HASH_SIZE, leaf_hash

FORMAT = "wardmote-receipt"
VERSION = 1
_KEYS = {"format", "v", "index", "leaf", "inclusion", "checkpoint", "disclosures"}


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment was made from: the salt (32 bytes) and the value."""

    salt: bytes
    value: Json


@dataclass(frozen=True, slots=True)
class Receipt:
    """One entry with all that proves it; see the module for the file."""

    index: int
    leaf: bytes
    inclusion: tuple[bytes, ...]
    checkpoint: str
    disclosures: Mapping[str, Opening] = field(default_factory=dict)

    def to_json(self) -> str:
        """The text of the file; the same receipt always gives the same text."""
        fields = {
            "format": FORMAT,
            "v": VERSION,
            "index": self.index,
            "leaf": self.leaf.decode(),
            "inclusion": [encode_base64(element) for element in self.inclusion],
            "checkpoint": self.checkpoint,
            "disclosures": {
                name: {"salt": opening.salt.hex(), "value": opening.value}
                for name, opening in sorted(self.disclosures.items())
            },
        }
        return json.dumps(fields, indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def parse(cls, text: str | bytes) -> "Receipt":
        """Read the text of a file without verifying anything; raises FormatError."""
        fields: Any = parse_json(text)
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            raise FormatError("not a receipt of Wardmote")
        if fields.get("v") != VERSION or set(fields) != _KEYS:
            raise FormatError(f"a receipt of a version that is not known here: {fields.get('v')!r}")
        try:
            return cls(
                index=_as_index(fields["index"]),
                leaf=fields["leaf"].encode(),
                inclusion=tuple(_as_hash(element) for element in fields["inclusion"]),
                checkpoint=str(fields["checkpoint"]),
                disclosures={
                    name: Opening(bytes.fromhex(opening["salt"]), opening["value"])
                    for name, opening in fields["disclosures"].items()
                },
            )
        except (TypeError, AttributeError, KeyError, ValueError) as error:
            raise FormatError(f"a damaged receipt: {error}") from error


@dataclass(frozen=True, slots=True)
class Proven:
    """What a receipt proves: this leaf is at `index` of the log under `checkpoint`, and says `values`."""

    leaf: Leaf
    index: int
    checkpoint: Checkpoint
    values: Mapping[str, Json]
    cosignatures: tuple[Cosignature, ...]


def verify_receipt(receipt: Receipt | str | bytes, key: VerifierKey, witnesses: tuple[VerifierKey, ...] = ()) -> Proven:
    """What `receipt` (or the text of its file) proves to somebody who trusts `key`, the key of the log.

    Raises FormatError, SignatureError or ProofError; needs neither the log nor a network. Without a cosignature by one
    of `witnesses` the log could have told somebody else another story: compare checkpoints, or call it unwitnessed.
    """
    if not isinstance(receipt, Receipt):
        receipt = Receipt.parse(receipt)
    checkpoint = open_checkpoint(receipt.checkpoint, key)
    leaf = Leaf.decode(receipt.leaf)
    verify_inclusion(receipt.index, checkpoint.size, leaf_hash(receipt.leaf), receipt.inclusion, checkpoint.root)
    for name, opening in receipt.disclosures.items():
        if name not in leaf.commitments:
            raise ProofError(f"the leaf commits to nothing called {name}")
        check_opening(leaf.commitments[name], opening.salt, canonical_bytes(opening.value))
    return Proven(
        leaf=leaf,
        index=receipt.index,
        checkpoint=checkpoint,
        values=MappingProxyType({name: opening.value for name, opening in receipt.disclosures.items()}),
        cosignatures=verified_cosignatures(receipt.checkpoint, witnesses),
    )


def _as_index(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise FormatError("the index of a receipt is a number")
    return value


def _as_hash(text: str) -> bytes:
    raw = decode_base64(text)
    if len(raw) != HASH_SIZE:
        raise FormatError(f"a hash has {HASH_SIZE} bytes, not {len(raw)}")
    return raw
