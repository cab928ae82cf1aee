"""The records of an embedded installation keep up with the code by themselves."""

import hashlib
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from nousnous.runs.locks import exclusive


def prepare_records() -> None:
    """Bring the SQLite records up to date; costs a listing of folders when they are.

    PostgreSQL is migrated by whoever runs it (`nous migrate`): several machines share it.
    """
    if settings.NOUS.database:
        return
    stamp = settings.NOUS.home / "records.stamp"
    wanted = _fingerprint()
    if _stands(stamp, wanted):
        return
    with exclusive("records"):
        if not _stands(stamp, wanted):
            call_command("migrate", verbosity=0, interactive=False)
            stamp.write_text(wanted)


def pending_migrations() -> list[str]:
    """Names of migrations that the records have not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [str(migration) for migration, _ in plan]


def newer_migrations() -> list[str]:
    """Names of migrations that the records have seen, and this version does not know."""
    loader = MigrationExecutor(connection).loader
    ours = {app.label for app in apps.get_app_configs()}
    unknown = loader.applied_migrations.keys() - (loader.disk_migrations or {}).keys()
    return sorted(f"{app}.{name}" for app, name in unknown if app in ours)


def _stands(stamp: Path, wanted: str) -> bool:
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    return database.exists() and stamp.exists() and stamp.read_text() == wanted


def _fingerprint() -> str:
    """A hash of the names of all migrations, without importing one."""
    names = []
    for app in apps.get_app_configs():
        if spec := find_spec(f"{app.name}.migrations") if (Path(app.path) / "migrations").is_dir() else None:
            for folder in spec.submodule_search_locations or ():
                names += [f"{app.label}/{path.stem}" for path in Path(folder).glob("[0-9]*.py")]
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()
