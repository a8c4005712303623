import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.ledger.memory_log import PLAZA, SIGNER, a_log

from wardmote.ledger import FormatError, LedgerError, Receipt, verify_receipt

KEY = SIGNER.verifier
FILE = a_log(5, 6).receipt(7)


def test_a_receipt_proves_its_entry() -> None:
    """The file and the key of the log are enough to learn what stands where, and what it says."""
    proven = verify_receipt(FILE, KEY)

    assert (proven.index, proven.checkpoint.size, proven.checkpoint.origin) == (7, 11, "wardmote.example/record")
    assert (proven.leaf.id, proven.leaf.verb, proven.leaf.community) == (1007, "post.published", PLAZA)
    assert proven.values == {"score": 0.7, "text": "post 7"}


def test_a_receipt_comes_back_from_its_file() -> None:
    """Reading a file and writing it again gives the same text."""
    assert Receipt.parse(FILE).to_json() == FILE
    assert verify_receipt(Receipt.parse(FILE), KEY) == verify_receipt(FILE.encode(), KEY)


def test_a_receipt_may_open_less() -> None:
    """Whoever hands a receipt on may leave out what it opens; the entry is proven all the same."""
    fields = json.loads(FILE)
    del fields["disclosures"]["text"]

    assert verify_receipt(json.dumps(fields), KEY).values == {"score": 0.7}


ALTERATIONS: list[tuple[str, Callable[[dict[str, Any]], object]]] = [
    ("index", lambda f: f.update(index=6)),
    ("index", lambda f: f.update(index=11)),
    ("index", lambda f: f.update(index=-1)),
    ("index", lambda f: f.update(index=True)),
    ("index", lambda f: f.update(index="7")),
    ("leaf", lambda f: f.update(leaf=f["leaf"].replace("published", "deleted"))),
    ("leaf", lambda f: f.update(leaf="{}")),
    ("leaf", lambda f: f.update(leaf="\ud800")),
    ("leaf", lambda f: f.update(leaf=None)),
    ("inclusion", lambda f: f["inclusion"].pop()),
    ("inclusion", lambda f: f["inclusion"].reverse()),
    ("inclusion", lambda f: f.update(inclusion=["AAAA"])),
    ("inclusion", lambda f: f.update(inclusion=7)),
    ("checkpoint", lambda f: f.update(checkpoint=f["checkpoint"].replace("\n11\n", "\n12\n"))),
    ("checkpoint", lambda f: f.update(checkpoint="")),
    ("checkpoint", lambda f: f.update(checkpoint=a_log(5).notes[0].note)),
    ("disclosures", lambda f: f["disclosures"]["text"].update(value="post 8")),
    ("disclosures", lambda f: f["disclosures"]["text"].update(salt="00" * 32)),
    ("disclosures", lambda f: f["disclosures"]["text"].update(salt="zz")),
    ("disclosures", lambda f: f["disclosures"].update(other=f["disclosures"]["text"])),
    ("disclosures", lambda f: f.update(disclosures=[])),
    ("v", lambda f: f.update(v=2)),
    ("format", lambda f: f.update(format="receipt")),
    ("more", lambda f: f.update(more=1)),
]


@pytest.mark.parametrize(("_what", "alter"), ALTERATIONS)
def test_an_altered_receipt_is_refused(_what: str, alter: Callable[[dict[str, Any]], object]) -> None:
    """Whatever is altered, the receipt is refused with one line and never with another error."""
    fields = json.loads(FILE)
    alter(fields)

    with pytest.raises(LedgerError) as refusal:
        verify_receipt(json.dumps(fields), KEY)
    assert "\n" not in str(refusal.value)


def test_a_truncated_file_is_refused() -> None:
    """Half a file is not a receipt."""
    with pytest.raises(FormatError):
        Receipt.parse(FILE[: len(FILE) // 2])
