"""How long each table of a workspace is kept, and the receipts of what was let go."""

from django.db import models

from nousnous.workspaces.models import Workspace


class Retention(models.Model):
    """A workspace's own term for one of its tables; without one the default holds."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    table = models.CharField(max_length=60)
    days = models.PositiveIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("workspace", "table"), name="one_term_per_table"),)

    def __str__(self) -> str:
        return f"{self.table}: {self.days} days"


class RetentionReceipt(models.Model):
    """What one run of retention took away."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE)
    table = models.CharField(max_length=60)
    before_at = models.DateTimeField(help_text="Everything older than this is gone.")
    rows = models.PositiveBigIntegerField()
    done_at = models.DateTimeField()

    class Meta:
        ordering = ("-done_at", "table")

    def __str__(self) -> str:
        return f"{self.rows} rows of {self.table} before {self.before_at:%Y-%m-%d}"
