"""What is said of records that another version wrote."""

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from nousnous.site.health import look
from nousnous.workspaces.models import Workspace


def test_records_of_a_newer_version_are_told_apart(workspace: Workspace) -> None:
    assert workspace
    assert records() == ("ok", connection.vendor)
    MigrationRecorder(connection).record_applied("plays", "9999_later")
    told = "a newer version wrote the records (plays.9999_later); install that version again"
    assert records() == ("failed", told)
    MigrationRecorder(connection).record_unapplied("plays", "9999_later")


def records() -> tuple[str, str]:
    (found,) = [one for one in look() if one.name == "records"]
    return found.state, found.detail
