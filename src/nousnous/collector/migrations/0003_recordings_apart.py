from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations


def take_apart(apps: Any, _: Any) -> None:
    """Recordings leave the table in which 0.1.0 kept them; homes without any are not even looked into."""
    for workspace_id, salt in apps.get_model("workspaces", "Workspace").objects.values_list("id", "salt"):
        folder = f"{settings.NOUS.lake_folder}/{workspace_id}"
        if any(Path(folder).glob("replay_chunks*")):
            from nousnous.collector.upgrading import take_recordings_apart  # loads engines
            from nousnous.warehouse.lake import Lake

            take_recordings_apart(Lake(folder), bytes(salt))


class Migration(migrations.Migration):
    dependencies = [("collector", "0002_blank_rows"), ("workspaces", "0002_browsers")]

    operations = [migrations.RunPython(take_apart, migrations.RunPython.noop)]
