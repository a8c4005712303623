"""A chat endpoint of a test's own: a real server that says what the test tells it to, and keeps what it was asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.hosting.site import Answer, Site, serve

from wardmote.outside.chat import Allowance, Endpoint, breaker_of

PATH = "/v1/chat/completions"
KEY = "sk-test-KEEP-THIS-TO-YOURSELF"
PLENTY = Allowance(calls=100, tokens=1_000_000)


def completion(content: Any, **more: Any) -> str:
    """An answer in OpenAI's shape whose message is `content`, as JSON unless it is text."""
    said = content if isinstance(content, str) or content is None else json.dumps(content)
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": said}}], **more})


@dataclass
class Model:
    """The endpoint and, through `site`, who came."""

    site: Site
    more: dict[str, Any] = field(default_factory=dict)

    def says(self, content: Any, *, status: int = 200, **more: Any) -> None:
        """Answer every question with this message."""
        self.site.pages[PATH] = (status, completion(content, **more))

    def sends(self, body: str, *, status: int = 200) -> None:
        """Answer with these very bytes."""
        self.site.pages[PATH] = (status, body)

    def does(self, answer: Answer) -> None:
        """Answer in a way of its own."""
        self.site.pages[PATH] = answer

    @property
    def asked(self) -> list[dict[str, Any]]:
        """What was asked, oldest first."""
        return [json.loads(body) for body in self.site.bodies]

    def endpoint(self, **other: Any) -> Endpoint:
        """How this endpoint is configured."""
        usual: dict[str, Any] = {
            "url": f"http://127.0.0.1:{self.site.port}{PATH}",
            "model": "test-model-1",
            "day": PLENTY,
            "community_day": PLENTY,
            "key": KEY,
            "private": True,
            "timeout": 5.0,
        }
        return Endpoint(**{**usual, **other})


@contextmanager
def running_model() -> Iterator[Model]:
    """An endpoint that answers for as long as the block lasts."""
    breaker_of.cache_clear()
    with serve() as site:
        yield Model(site)
    breaker_of.cache_clear()
