"""What can be wrong with something the ledger is handed.

    LedgerError (a ValueError)
    ├── FormatError       it cannot be read: not in the form its specification gives
    ├── SignatureError    it is read, but not signed by the key that was asked for
    └── ProofError        it is read and signed, but does not prove what it says
"""  # fmt: skip


class LedgerError(ValueError):
    """The base of every error the ledger raises on purpose; its text is one line meant for people."""


class FormatError(LedgerError):
    """The bytes are not in the form their specification gives."""


class SignatureError(LedgerError):
    """No signature by the asked-for key, or one that does not verify."""


class ProofError(LedgerError):
    """A Merkle proof or a commitment that does not lead to the hash it should."""
