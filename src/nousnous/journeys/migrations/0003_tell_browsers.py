from typing import Any

from django.db import migrations

from nousnous.journeys.definition import study_journey
from nousnous.journeys.matching import asked_in


def tell_browsers(apps: Any, _: Any) -> None:
    """Browsers hear of what journeys ask for that were applied before they did."""
    versions, archivals = apps.get_model("journeys", "JourneyVersion"), apps.get_model("journeys", "Archival")
    told = apps.get_model("workspaces", "BrowserConfiguration")
    away = set(archivals.objects.values_list("workspace_id", "journey_id"))
    newest: dict[str, dict[str, str]] = {}
    for one in versions.objects.order_by("number"):
        if (one.workspace_id, one.journey_id) not in away:
            newest.setdefault(one.workspace_id, {})[one.journey_id] = one.text
    for workspace_id, texts in newest.items():
        journeys = [found.journey for text in texts.values() if (found := study_journey(text).definition)]
        row, _created = told.objects.get_or_create(workspace_id=workspace_id)
        row.parts = {**row.parts, "journeys": asked_in(journeys)}
        row.save()


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_kept_visits"), ("workspaces", "0002_browsers")]

    operations = [migrations.RunPython(tell_browsers, migrations.RunPython.noop)]
