from typing import Any

from django.db import migrations, models
from django.db.models import Count, Min
import django.db.models.deletion


def write_receipts(apps: Any, _: Any) -> None:
    """Erasures of the first version were complete when they were answered."""
    erasures, receipts = apps.get_model("people", "Erasure"), apps.get_model("people", "ErasureReceipt")
    given = erasures.objects.values("receipt", "workspace_id").annotate(identities=Count("pk"), at=Min("erased_at"))
    receipts.objects.bulk_create(
        [
            receipts(
                receipt=one["receipt"],
                workspace_id=one["workspace_id"],
                asked_at=one["at"],
                erased_at=one["at"],
                identities=one["identities"],
            )
            for one in given
        ]
    )


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_first'),
        ('workspaces', '0001_first'),
    ]

    operations = [
        migrations.AlterField(
            model_name='erasure',
            name='erased_at',
            field=models.DateTimeField(help_text='From when on what comes of it is refused.'),
        ),
        migrations.CreateModel(
            name='ErasureReceipt',
            fields=[
                ('receipt', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('asked_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(null=True)),
                ('identities', models.PositiveIntegerField()),
                ('rows', models.JSONField(default=dict)),
                ('files', models.PositiveIntegerField(default=0)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
        ),
        migrations.RunPython(write_receipts, migrations.RunPython.noop),
    ]
