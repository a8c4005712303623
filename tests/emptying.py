"""After a test that commits, its rows are deleted, where Django would cut every table to nothing.

Cutting a hundred tables takes PostgreSQL a second or more, whatever they hold, and making the kinds of content and the
permissions anew, which no test changes, takes as long again.
"""

from django.db import connection, transaction
from django.test import TransactionTestCase

_STAYS = {"django_content_type", "auth_permission"}
"""What migrating itself writes."""


def empty_tables(_: TransactionTestCase) -> None:
    """Delete every row of the models' tables, in one transaction, at whose end the keys between them are looked at."""
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - _STAYS
    deletes = [f"DELETE FROM {connection.ops.quote_name(table)}" for table in sorted(tables)]  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in [";".join(deletes)] if connection.vendor == "postgresql" else deletes:
            cursor.execute(statement)
