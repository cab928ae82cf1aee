
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('surveys', '0001_first'),
        ('workspaces', '0002_browsers'),
    ]

    operations = [
        migrations.AddField(
            model_name='asking',
            name='key',
            field=models.CharField(blank=True, help_text='Asked again under it, nobody is.', max_length=200, null=True),
        ),
        migrations.AddConstraint(
            model_name='asking',
            constraint=models.UniqueConstraint(fields=('workspace', 'key'), name='asked_once_under_a_key'),
        ),
    ]
