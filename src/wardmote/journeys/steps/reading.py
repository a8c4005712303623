"""A page read and compared in a process apart: whatever is in it, the one who looks is told something.

python -m wardmote.journeys.steps.reading     reads one question from standard input, answers; knows no database
"""

import json
import sys
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from wardmote.hosting.policy.kinds import Finding
from wardmote.hosting.policy.recheck import Look, Page, compare
from wardmote.kernel.i18n import noted
from wardmote.outside import apart
from wardmote.outside.charset import decoded

if TYPE_CHECKING:
    # The process apart does without the network and its settings.
    from wardmote.outside.fetch import Fetched

_TEXTS = frozenset({"application/json", "application/xml"})


def check_page(capture: str, fetched: "Fetched") -> Look:
    """What a fetched page says about the captured text. Never raises for what came: that is `unreachable`, and why."""
    if fetched.status == 200 and not _is_text(fetched):
        return Look(Finding.UNREACHABLE, f"no text came but {ascii(fetched.media_type)[1:-1]}"[:200])
    question = {
        "capture": capture,
        "status": fetched.status,
        "charset": fetched.charset,
        "html": fetched.is_html,
        "body": b64encode(fetched.body).decode(),
    }
    try:
        said = json.loads(apart.ask(__name__, json.dumps(question).encode()))
        return Look(Finding(said["finding"]), str(said["why"])[:200])
    except apart.Broken as broken:
        return Look(Finding.UNREACHABLE, str(broken))
    except (ValueError, KeyError, TypeError):
        return Look(Finding.UNREACHABLE, noted("reading it failed"))


def _is_text(fetched: "Fetched") -> bool:
    media_type = fetched.media_type
    return fetched.is_html or not media_type or media_type.startswith("text/") or media_type in _TEXTS


def answer(question: bytes) -> bytes:
    """What the process apart says to one question."""
    asked = json.loads(question)
    text = decoded(b64decode(asked["body"]), header=asked["charset"], is_html=asked["html"])
    look = compare(asked["capture"], Page(asked["status"], text, is_html=asked["html"]))
    return json.dumps({"finding": look.finding, "why": look.why}).encode()


if __name__ == "__main__":
    apart.confine()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
