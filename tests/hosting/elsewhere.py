"""An installation elsewhere, played by the test: it has a key of its own, and says what it likes."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from tests.hosting.site import Site

from wardmote.kernel import clock
from wardmote.ledger import Signer
from wardmote.outside import signatures

ORIGIN = "elsewhere.test/record"


@dataclass
class Elsewhere:
    """Signs what it sends to us, and keeps what we deliver to it; `says` is how it answers: status and body."""

    site: Site
    signer: Signer = field(default_factory=lambda: Signer(ORIGIN, Ed25519PrivateKey.generate()))
    says: tuple[int, str] = (200, '{"taken": "urn:wardmote:upstream_notice:1"}')
    delivered: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for path in (
            *("community/policy", "community/notice", "community/receipt", "community/key"),
            *("host/answer", "host/receipt", "host/key"),
        ):
            self.site.pages[f"/exchange/{path}"] = self._take

    def _take(self, handler: BaseHTTPRequestHandler) -> None:
        self.delivered.append((handler.path, self.site.bodies[-1], dict(handler.headers)))
        status, body = self.says
        handler.send_response(status)
        handler.end_headers()
        handler.wfile.write(body.encode())

    @property
    def url(self) -> str:
        return self.site.url("")

    @property
    def key(self) -> str:
        return str(self.signer.verifier)

    def send(
        self,
        path: str,
        body: bytes,
        *,
        key: str = "urn:wardmote:test:1",
        signer: Signer | None = None,
        ago: timedelta = timedelta(0),
        instead: bytes | None = None,
    ) -> tuple[int, Any]:
        """Deliver a document, signed by us or by `signer`, `ago` before now; or `instead` of what was signed."""
        message = signatures.Message("POST", "127.0.0.1", f"/exchange/{path}", key, body)
        headers = signatures.sign(message, signer or self.signer, self._moment() - ago)
        return self.send_raw(path, body if instead is None else instead, headers)

    @staticmethod
    def send_raw(path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any]:
        answer = Client(headers={"host": "127.0.0.1", **headers}).post(
            f"/exchange/{path}", body, content_type="application/json"
        )
        return answer.status_code, json.loads(answer.content) if answer.content else None

    @staticmethod
    def _moment() -> datetime:
        return clock.now()
