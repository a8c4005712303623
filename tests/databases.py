"""The database of the running test, for a process of its own."""

from urllib.parse import quote

from django.db.backends.base.base import BaseDatabaseWrapper


def database_url(connection: BaseDatabaseWrapper) -> str:
    """A DATABASE_URL that leads another process to the same test database."""
    setting = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{quote(str(setting['NAME']))}"
    login = quote(setting["USER"]) + (f":{quote(setting['PASSWORD'])}" if setting["PASSWORD"] else "")
    return f"postgresql://{login}@{setting['HOST']}:{setting['PORT']}/{quote(str(setting['NAME']))}"
