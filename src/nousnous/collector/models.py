"""Records of the collector: imports of files."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Sum

from nousnous.base import clock
from nousnous.base.errors import Missing
from nousnous.base.ids import random_id
from nousnous.workspaces.models import Workspace


def new_import_id() -> str:
    return random_id("imp")


class Imports(models.QuerySet["Import"]):
    def unfinished(self, workspace: Workspace, kind: str, digest: str, mapping: dict[str, Any]) -> "Import | None":
        """The import of the same file by the same mapping that was begun and not ended."""
        begun = self.filter(workspace=workspace, kind=kind, digest=digest, state__in=Import.OPEN)
        return next((one for one in begun if one.mapping == mapping), None)

    def of(self, workspace: Workspace, import_id: str) -> "Import":
        found = self.filter(workspace=workspace, id=import_id).first()
        if found is None:
            raise Missing(f"There is no import “{import_id}” here; `nous import list` shows them.")
        return found

    def totals(self) -> dict[str, int]:
        """Of the imports whose rows stand: files, rows added, rows that could not be read."""
        standing = self.exclude(state__in=(Import.WAITING, Import.UNDONE))
        sums = standing.aggregate(files=Count("id"), added=Sum("added"), rejected=Sum("rejected"))
        return {name: value or 0 for name, value in sums.items()}

    def open(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace, state__in=Import.OPEN)


class Import(models.Model):
    """One file brought into a workspace: what it was, how it was mapped, how far it came."""

    WAITING, RUNNING, INTERRUPTED, DONE, FAILED, UNDONE = (
        "waiting",
        "running",
        "interrupted",
        "done",
        "failed",
        "undone",
    )
    OPEN = (WAITING, RUNNING, INTERRUPTED, FAILED)

    id = models.CharField(primary_key=True, max_length=32, default=new_import_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="imports")
    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default=WAITING)
    reason = models.CharField(max_length=500, blank=True)
    rows_read = models.BigIntegerField(default=0)
    rows_done = models.BigIntegerField(default=0)
    added = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    blank = models.BigIntegerField(default=0)
    empty = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    started_by = models.CharField(max_length=200)

    objects = Imports.as_manager()

    class Meta:
        ordering = ("-started_at", "-id")
        indexes = [models.Index(fields=["workspace", "-started_at"], name="imports_newest_first")]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.state}"
