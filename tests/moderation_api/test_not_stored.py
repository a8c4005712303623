import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from tests.moderation_api.live import Live
from tests.scenario import Town

from wardmote.journeys.owners.keys import issue_key

SECRET = "seventeen lanterns over the harbour"
REQUESTS = (
    (
        "/v1alpha1/comments:analyze",
        {
            "comment": {"text": SECRET},
            "requestedAttributes": {"THREAT": {}},
            "doNotStore": True,
            "clientToken": f"{SECRET} token",
            "context": {"entries": [{"text": SECRET}]},
        },
    ),
    ("/v1alpha1/comments:analyze", {"comment": {"text": SECRET}, "requestedAttributes": {SECRET: {}}}),
    ("/v1/moderations", {"input": [SECRET, SECRET + "\ud800"]}),
    ("/v1/moderations", {"input": SECRET, "model": SECRET}),
    ("/v1/screen", {"text": SECRET, "explain": True}),
    ("/v1/screen", {"texts": [{"id": SECRET, "text": SECRET}]}),
)
"""Texts in every place where a client may put one, in requests that are answered and in some that are refused."""


def everything_stored() -> str:
    """All rows of all tables."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - the database's own names
            rows += [str([bytes(c) if isinstance(c, memoryview) else c for c in row]) for row in cursor.fetchall()]
    return "\n".join(rows)


def test_nothing_that_is_only_scored_is_stored(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """Not in a table, the record and the jobs among them, and not in the log, whether answered or refused."""
    key = issue_key(name="blog", now=town.now)
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {key}"})
    statuses = [client.post(path, json.dumps(body), "application/json").status_code for path, body in REQUESTS]
    stored = everything_stored()

    assert statuses == [200, 400, 400, 404, 200, 200]
    assert "api_key" in stored
    assert "lanterns" not in stored
    assert "lanterns" not in caplog.text
    assert key not in caplog.text


def test_the_server_alone_writes_nothing_down(live: Live) -> None:
    """Neither what it printed nor any file beside it holds a text or a key."""
    for path, body in REQUESTS:
        live.send("POST", f"{path}?key={live.key}", body)
    written = "".join(path.read_text(encoding="utf-8") for path in Path(live.log).parent.iterdir())

    assert "sha256" in written
    assert "lanterns" not in written
    assert live.key not in written
