
import django.db.models.deletion
import nousnous.base.clock
import nousnous.plays.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workspaces', '0002_browsers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Play',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('play_id', models.CharField(help_text='Id of the play, as its text says.', max_length=60)),
                ('name', models.CharField(max_length=200)),
                ('on', models.BooleanField(default=False)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='plays', to='workspaces.workspace')),
            ],
            options={
                'ordering': ('name', 'play_id'),
            },
        ),
        migrations.CreateModel(
            name='Firing',
            fields=[
                ('id', models.CharField(default=nousnous.plays.models.new_firing_id, editable=False, max_length=32, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('message_key', models.BigIntegerField(help_text='The event that pulled the trigger, by its key in the lake.')),
                ('identity_key', models.BigIntegerField(help_text='Who did it; erased with them.')),
                ('person', models.CharField(help_text='Their id, as the event bears it.', max_length=500)),
                ('event', models.CharField(max_length=300)),
                ('moment_us', models.BigIntegerField()),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('said', models.TextField(blank=True, help_text='What came of it, in sentences.')),
                ('references', models.JSONField(default=list, help_text='What the other side calls what was done.')),
                ('pulled_at', models.DateTimeField(default=nousnous.base.clock.now)),
                ('due_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('play', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='firings', to='plays.play')),
            ],
            options={
                'ordering': ('-pulled_at', 'id'),
            },
        ),
        migrations.CreateModel(
            name='PlayVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('text', models.TextField(help_text='The TOML as it was given, with its comments.')),
                ('actor', models.CharField(max_length=200)),
                ('applied_at', models.DateTimeField(default=nousnous.base.clock.now)),
                ('play', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='plays.play')),
            ],
            options={
                'ordering': ('-number',),
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('landed_us', models.BigIntegerField()),
                ('workspace', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='workspaces.workspace')),
            ],
        ),
        migrations.AddConstraint(
            model_name='play',
            constraint=models.UniqueConstraint(fields=('workspace', 'play_id'), name='a_play_has_its_own_id'),
        ),
        migrations.AddIndex(
            model_name='firing',
            index=models.Index(fields=['identity_key', 'state'], name='firings_of_a_person'),
        ),
        migrations.AddConstraint(
            model_name='firing',
            constraint=models.UniqueConstraint(fields=('play', 'message_key'), name='an_event_pulls_a_trigger_once'),
        ),
        migrations.AddConstraint(
            model_name='playversion',
            constraint=models.UniqueConstraint(fields=('play', 'number'), name='a_play_version_has_one_number'),
        ),
    ]
