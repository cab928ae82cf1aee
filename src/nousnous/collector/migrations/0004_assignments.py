from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations


def add_columns(apps: Any, _: Any) -> None:
    """Events get the columns of experiments; homes without any are not even looked into."""
    for workspace_id in apps.get_model("workspaces", "Workspace").objects.values_list("id", flat=True):
        folder = f"{settings.NOUS.lake_folder}/{workspace_id}"
        if (Path(folder) / "events").exists():
            from nousnous.collector.upgrading import add_assignments  # loads engines
            from nousnous.warehouse.lake import Lake

            add_assignments(Lake(folder))


class Migration(migrations.Migration):
    dependencies = [("collector", "0003_recordings_apart"), ("workspaces", "0002_browsers")]

    operations = [migrations.RunPython(add_columns, migrations.RunPython.noop)]
