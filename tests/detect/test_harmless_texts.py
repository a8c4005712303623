"""The careful harmless texts that were written to count false alarms on: what each line must be."""

import json
import re
from importlib.resources import files

from wardmote.detect.training.data.corpus import read_pairs


def test_each_line_is_a_text_with_its_kind() -> None:
    """Nothing else stands there, and no text stands twice or among the pairs, whatever its capitals and signs."""
    content = files("wardmote.detect").joinpath("data", "harmless.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in content.splitlines()]
    plain = [re.sub(r"\W+", "", each["text"].casefold()) for each in lines]
    pairs = {re.sub(r"\W+", "", each["text"].casefold()) for each in read_pairs()}

    assert all(set(each) == {"text", "kind"} for each in lines)
    assert all(re.fullmatch(r"[a-z]+", each["kind"]) for each in lines)
    assert all(plain)
    assert len(set(plain)) == len(plain)
    assert not pairs & set(plain)
