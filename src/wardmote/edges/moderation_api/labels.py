"""Suggested scores in a file, for a server without a database: one JSON object a line, to be reviewed by a person."""

import json
import os
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from wardmote.edges.moderation_api.perspective.request import Suggestion
from wardmote.kernel.clock import to_rfc3339
from wardmote.people.policy import Terms


class LabelFile:
    """Appends suggestions; each is on disk when it is answered."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        self._path, self._now = path, now
        self._lock = threading.Lock()
        path.touch(mode=0o600)

    def __call__(self, suggestion: Suggestion, terms: Terms) -> None:
        line = {
            "received_at": to_rfc3339(self._now()),
            "key": terms.name,
            "text": suggestion.text,
            "scores": suggestion.scores,
            "languages": suggestion.languages,
            "community_id": suggestion.community_id,
        }
        with self._lock, self._path.open("a", encoding="ascii") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())
