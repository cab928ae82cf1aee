"""What imports keep of people, taken away with them: rejected rows, names of files, constants of mappings."""

import os
from dataclasses import dataclass
from pathlib import Path

from nousnous.base.mentions import Mentions
from nousnous.collector.imports.rejects import reject_path
from nousnous.collector.models import Import
from nousnous.runs.locks import exclusive_if_free
from nousnous.runs.scratch import scratch_folder
from nousnous.workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class CleanedRejects:
    """How many reject files named somebody, and whether an import at work may still write one."""

    files: int
    at_work: bool


def erase_from_rejects(workspace: Workspace, mentions: Mentions) -> CleanedRejects:
    """Take the rows that name somebody out of the reject files of this workspace; another's may hold the same id."""
    files, at_work = 0, False
    for record in Import.objects.filter(workspace=workspace).exclude(state=Import.WAITING):
        path = reject_path(record.id)
        if not path.exists() and record.state != Import.RUNNING:
            continue
        with exclusive_if_free(f"import-{record.id}") as mine:
            at_work |= not mine
            files += mine and path.exists() and _cleaned(path, mentions)
    return CleanedRejects(files, at_work)


def rejects_name(workspace: Workspace, mentions: Mentions) -> bool:
    """Whether a rejected row of this workspace names one of some ids."""
    paths = map(reject_path, Import.objects.filter(workspace=workspace).values_list("id", flat=True))
    return any(_names(path, mentions) for path in paths if path.exists())


def take_out_of_imports(workspace: Workspace, mentions: Mentions) -> int:
    """Take ids out of the records of imports; answers how many."""
    changed = 0
    for record in Import.objects.filter(workspace=workspace):
        told = {
            "file_name": mentions.without(record.file_name)[:300],
            "reason": mentions.cut_at(500).without(record.reason)[:500],
            "mapping": mentions.without_in(record.mapping),
        }
        if any(getattr(record, name) != value for name, value in told.items()):
            changed += Import.objects.filter(pk=record.pk).update(**told)
    return changed


def _names(path: Path, mentions: Mentions) -> bool:
    with path.open("rb") as rows:
        return any(map(mentions.stand_in, rows))


def _cleaned(path: Path, mentions: Mentions) -> bool:
    with scratch_folder() as folder:
        dropped = 0
        with path.open("rb") as rows, (folder / path.name).open("wb") as kept:
            for row in rows:
                if mentions.stand_in(row):
                    dropped += 1
                else:
                    kept.write(row)
        if dropped:
            os.replace(folder / path.name, path)
    return dropped > 0
