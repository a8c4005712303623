from django.db.backends.sqlite3.base import DatabaseWrapper as DatabaseWrapper  # noqa: PLC0414 - found by name
