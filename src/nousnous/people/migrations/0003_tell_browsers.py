from typing import Any

from django.db import migrations


def tell_browsers(apps: Any, _: Any) -> None:
    """Browsers of workspaces that needed consents before there was a script for pages ask for them, too."""
    needed, told = apps.get_model("people", "NeededConsent"), apps.get_model("workspaces", "BrowserConfiguration")
    for workspace_id in needed.objects.values_list("workspace_id", flat=True).distinct():
        purposes = needed.objects.filter(workspace_id=workspace_id).values_list("purpose", flat=True)
        row, _created = told.objects.get_or_create(workspace_id=workspace_id)
        row.parts = {**row.parts, "consent": sorted(purposes)}
        row.save()


class Migration(migrations.Migration):
    dependencies = [("people", "0002_receipts"), ("workspaces", "0002_browsers")]

    operations = [migrations.RunPython(tell_browsers, migrations.RunPython.noop)]
