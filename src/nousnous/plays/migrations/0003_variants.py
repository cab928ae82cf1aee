from typing import Any

from django.db import migrations, models

ARMS = {"acting": "acted", "acted": "acted", "failed": "acted", "held out": "held_out"}


def tell_arms(apps: Any, _: Any) -> None:
    for state, arm in ARMS.items():
        apps.get_model("plays", "Firing").objects.filter(state=state).update(arm=arm)


class Migration(migrations.Migration):
    dependencies = [("plays", "0002_facts")]
    operations = [
        migrations.AddField(
            model_name="firing",
            name="arm",
            field=models.CharField(
                blank=True, help_text="The arm of the play's experiment that they are in.", max_length=60
            ),
        ),
        migrations.RunPython(tell_arms, migrations.RunPython.noop),
    ]
