
import django.db.models.deletion
import nousnous.base.clock
import nousnous.capabilities.cases.models
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('workspaces', '0002_browsers'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.CharField(default=nousnous.capabilities.cases.models.new_case_id, editable=False, max_length=32, primary_key=True, serialize=False)),
                ('key', models.CharField(help_text='Opened again under it, the same case is answered.', max_length=200)),
                ('identity_key', models.BigIntegerField(help_text='Whose case; erased with them.')),
                ('person', models.CharField(max_length=500)),
                ('source', models.CharField(help_text='What it came from: the name of a fact or an event, or hand.', max_length=60)),
                ('said', models.TextField(help_text='What happened, in a sentence.')),
                ('moment_us', models.BigIntegerField(help_text='When it happened.')),
                ('play', models.CharField(blank=True, max_length=60)),
                ('arm', models.CharField(blank=True, help_text="The arm of the play's experiment that they are in.", max_length=60)),
                ('offer', models.TextField(blank=True, help_text='What may be offered, as the play says.')),
                ('team', models.CharField(max_length=60)),
                ('priority', models.CharField(choices=[('urgent', 'Urgent'), ('normal', 'Normal'), ('low', 'Low')], default='normal', max_length=10)),
                ('stake', models.FloatField(help_text='What they spent in the year before it was opened.', null=True)),
                ('cents', models.BigIntegerField(default=0, help_text='What was given back to them since.')),
                ('owner', models.CharField(blank=True, max_length=254)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('opened_at', models.DateTimeField(default=nousnous.base.clock.now)),
                ('given_at', models.DateTimeField(help_text='When it was given to its owner; the clock runs from there.', null=True)),
                ('due_at', models.DateTimeField(help_text='When the clock is over, or while it waits, when it begins.', null=True)),
                ('reminded_at', models.DateTimeField(null=True)),
                ('escalated_at', models.DateTimeField(null=True)),
                ('claimed_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('cause', models.CharField(blank=True, help_text='The root cause, as who closed it found it.', max_length=200)),
                ('resolved', models.BooleanField(null=True)),
                ('journey', models.CharField(blank=True, help_text='Where the cause lies, if it lies in a step.', max_length=200)),
                ('step', models.CharField(blank=True, max_length=200)),
                ('survey', models.CharField(blank=True, help_text='Id of the recovery survey that was sent.', max_length=60)),
                ('asked', models.TextField(blank=True, help_text='How they were asked whether it helped.')),
                ('trouble', models.TextField(blank=True, help_text='What could not be done for it, and why.')),
                ('reference', models.CharField(blank=True, help_text='Its message in Slack.', max_length=300)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='workspaces.workspace')),
            ],
            options={
                'ordering': ('-opened_at', 'id'),
                'indexes': [models.Index(fields=['workspace', 'identity_key'], name='cases_of_a_person')],
                'constraints': [models.UniqueConstraint(fields=('workspace', 'key'), name='a_case_is_opened_once'), models.UniqueConstraint(condition=models.Q(('state', 'closed'), _negated=True), fields=('workspace', 'identity_key'), name='a_person_has_one_case_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('resolved__isnull', False), models.Q(('cause', ''), _negated=True)), _connector='OR'), name='a_closed_case_says_what_it_was')],
            },
        ),
        migrations.CreateModel(
            name='Rota',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rota_id', models.CharField(max_length=60)),
                ('text', models.TextField(help_text='The TOML as it was given, with its comments.')),
                ('actor', models.CharField(max_length=200)),
                ('applied_at', models.DateTimeField(default=nousnous.base.clock.now)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rotas', to='workspaces.workspace')),
            ],
            options={
                'ordering': ('rota_id',),
                'constraints': [models.UniqueConstraint(fields=('workspace', 'rota_id'), name='a_rota_has_its_own_id')],
            },
        ),
    ]
