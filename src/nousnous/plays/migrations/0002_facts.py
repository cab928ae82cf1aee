
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plays', '0001_first'),
    ]

    operations = [
        migrations.AddField(
            model_name='firing',
            name='details',
            field=models.JSONField(help_text='What a fact said; null of an event, which the lake keeps.', null=True),
        ),
        migrations.AlterField(
            model_name='firing',
            name='event',
            field=models.CharField(help_text='Name of the event or the fact.', max_length=300),
        ),
        migrations.AlterField(
            model_name='firing',
            name='message_key',
            field=models.BigIntegerField(help_text='What pulled the trigger: the key of an event in the lake, or of a fact.'),
        ),
    ]
