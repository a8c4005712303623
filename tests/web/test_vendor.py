import hashlib
import re
from pathlib import Path

import wardmote.edges.ui

VENDOR = Path(wardmote.edges.ui.__file__).parent / "static" / "ui" / "vendor"


def test_what_we_carry_of_others_is_what_they_published() -> None:
    """Every vendored file has its SHA-256 in the README, and every line there its file."""
    noted = dict(re.findall(r"^\| `([^`]+)` .*`([0-9a-f]{64})` \|$", (VENDOR / "README.md").read_text(), re.MULTILINE))
    there = {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in VENDOR.iterdir() if f.name != "README.md"}

    assert noted == there
    assert there
