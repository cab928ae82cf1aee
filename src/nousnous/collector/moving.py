"""Records from SQLite into an empty PostgreSQL database, table after table, in one transaction."""

from itertools import islice
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction
from django.db.models import sql

ROWS_AT_ONCE: Final = 500
SOURCE: Final = "moved"


def move_records(records: Path) -> int:
    """Copy all rows of a SQLite file into the database of the settings, which holds nothing; answers how many.

    The file has seen the same migrations as this version. What migrations write by themselves is written over.
    """
    call_command("migrate", verbosity=0, interactive=False)
    connections.settings[SOURCE] = {
        **connections.settings["default"],
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(records),
        "OPTIONS": {},
        "CONN_HEALTH_CHECKS": False,
    }
    try:
        with transaction.atomic():  # references are checked at its end
            tables = apps.get_models(include_auto_created=True)
            for model in reversed(tables):
                sql.DeleteQuery(model).get_compiler("default").execute_sql(None)
            rows = sum(map(_copy, tables))
            with connection.cursor() as cursor:
                for statement in connection.ops.sequence_reset_sql(no_style(), tables):
                    cursor.execute(statement)
    finally:
        connections[SOURCE].close()
        del connections.settings[SOURCE]
    return rows


def _copy(model: type[models.Model]) -> int:
    """The rows of one table, each value as it is: nothing is stamped anew."""
    fields, count = model._meta.local_concrete_fields, 0  # noqa: SLF001  # Django documents it
    rows: Any = model._base_manager.using(SOURCE).order_by("pk").iterator(ROWS_AT_ONCE)  # noqa: SLF001  # as above
    while some := list(islice(rows, ROWS_AT_ONCE)):
        query = sql.InsertQuery(model)
        query.insert_values(fields, some, raw=True)
        query.get_compiler("default").execute_sql()
        count += len(some)
    return count
