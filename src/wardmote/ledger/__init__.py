"""The mathematics of the record: a Merkle tree, proofs, signed checkpoints, receipts, and the check of a whole log.

Pure: no Django, no network, no files. RFC 6962 for the tree, C2SP signed-note, tlog-checkpoint and tlog-cosignature for
what is signed, RFC 8785 for the bytes of a leaf.
"""

from wardmote.ledger.audit import Fault, Kind, LogReader, Progress, Report, fsck
from wardmote.ledger.canonical import Json, canonical_bytes, parse_json
from wardmote.ledger.checkpoint import (
    Checkpoint,
    Cosignature,
    open_checkpoint,
    sign_checkpoint,
    verified_cosignatures,
)
from wardmote.ledger.commitment import check_opening, commit, new_salt
from wardmote.ledger.errors import FormatError, LedgerError, ProofError, SignatureError
from wardmote.ledger.leaf import Leaf
from wardmote.ledger.note import KeyKind, Signature, SignedNote, Signer, VerifierKey
from wardmote.ledger.proofs import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from wardmote.ledger.receipt import Opening, Proven, Receipt, verify_receipt
from wardmote.ledger.succession import Succession, open_succession, plain_name, sign_succession
from wardmote.ledger.tree import Frontier, NodeReader, Position, leaf_hash, node_hash, root_at

__all__ = [
    "Checkpoint",
    "Cosignature",
    "Fault",
    "FormatError",
    "Frontier",
    "Json",
    "KeyKind",
    "Kind",
    "Leaf",
    "LedgerError",
    "LogReader",
    "NodeReader",
    "Opening",
    "Position",
    "Progress",
    "ProofError",
    "Proven",
    "Receipt",
    "Report",
    "Signature",
    "SignatureError",
    "SignedNote",
    "Signer",
    "Succession",
    "VerifierKey",
    "canonical_bytes",
    "check_opening",
    "commit",
    "consistency_proof",
    "fsck",
    "inclusion_proof",
    "leaf_hash",
    "new_salt",
    "node_hash",
    "open_checkpoint",
    "open_succession",
    "parse_json",
    "plain_name",
    "root_at",
    "sign_checkpoint",
    "sign_succession",
    "verified_cosignatures",
    "verify_consistency",
    "verify_inclusion",
    "verify_receipt",
]
