"""A process of its own that writes to a SQLite database: `python writer.py FILE SECONDS`, prints waits in ms."""

import json
import sys
import threading
import time
from pathlib import Path

import django
from django.conf import settings


def main(database: str, seconds: float, threads: int) -> None:
    from wardmote.config.environment import sqlite_database

    settings.configure(DATABASES={"default": sqlite_database(Path(database))}, USE_TZ=True)
    django.setup()
    from django.db import connection, transaction

    waits: list[float] = []
    end = time.monotonic() + seconds

    def write() -> None:
        while time.monotonic() < end:
            began = time.monotonic()
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("UPDATE counter SET n = n + 1")
            waits.append(time.monotonic() - began)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    print(json.dumps({"writes": len(waits), "longest": max(waits)}))  # noqa: T201 - this is how it answers


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
