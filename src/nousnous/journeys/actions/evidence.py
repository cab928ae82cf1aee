"""Fractures: noting one moment with both sides of it under a step, reading them, and erasing them with a person."""

from collections.abc import Iterable

from django.db.models import Q

from nousnous.base import clock
from nousnous.base.errors import Missing, Place, Refused
from nousnous.base.mentions import Mentions
from nousnous.facts.events import EVENTS
from nousnous.facts.evidence import KINDS, RESOLVED_KINDS, EvidenceFound, EvidenceShape
from nousnous.facts.scores import SCORES
from nousnous.journeys.actions.versions import journey_of
from nousnous.journeys.models import Evidence
from nousnous.warehouse.lake import lake_of
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace
from nousnous.workspaces.naming import perhaps_naming

REFERENCE_LETTERS = 500


def record_evidence(workspace: Workspace, found: EvidenceFound, actor: str) -> Evidence:
    """Keep evidence under a step. What points to an event or an answer takes its moment and its person from there."""
    journey = journey_of(workspace, found.journey).journey
    if found.step not in {step.id for step in journey.steps}:
        raise Refused(f"The journey {journey.id} has no step “{found.step}”.", Place(field="step"))
    if found.kind not in KINDS:
        raise Refused(f"“{found.kind}” is no kind of evidence; kinds are {', '.join(KINDS)}.", Place(field="kind"))
    if not (found.meant.strip() or found.felt.strip() or found.reference.strip()):
        raise Refused("Say what was meant, what was felt, or what it refers to.", Place(field="felt"))
    if len(found.reference) > REFERENCE_LETTERS:
        raise Refused(f"A reference has at most {REFERENCE_LETTERS} letters.", Place(field="reference"))
    if not 0 <= found.weight <= 1:
        raise Refused("A weight is from 0 to 1.", Place(field="weight"))
    moment_us, identity_key = found.moment_us, found.identity_key
    if found.kind in RESOLVED_KINDS:
        told_us, identity_key = _resolved(workspace, found)
        moment_us = told_us if moment_us is None else moment_us
    evidence = Evidence.objects.create(
        workspace=workspace,
        journey=journey.id,
        step=found.step,
        kind=found.kind,
        reference=found.reference.strip(),
        moment_us=moment_us,
        weight=found.weight,
        meant=found.meant.strip(),
        felt=found.felt.strip(),
        identity_key=identity_key,
        noted_by=actor,
        noted_at=clock.now(),
    )
    audit(workspace, actor, "note evidence", f"{journey.id}/{found.step} {evidence.id}")
    return evidence


def keep_found(workspace: Workspace, journey_id: str, kind: str, found: Iterable[EvidenceFound], actor: str) -> None:
    """Keep what a part of the product found by itself in place of what it found of that kind before."""
    mine = Evidence.objects.filter(workspace=workspace, journey=journey_id, kind=kind, noted_by=actor)
    stale = {(one.step, one.reference): one for one in mine}
    for one in found:
        before = stale.pop((one.step, one.reference), None)
        told = {"moment_us": one.moment_us, "weight": one.weight, "meant": one.meant, "felt": one.felt}
        if before is None:
            about = {"workspace": workspace, "journey": journey_id, "step": one.step, "kind": kind}
            about |= {"reference": one.reference, "noted_by": actor, "noted_at": clock.now()}
            Evidence.objects.create(**about, **told)
        elif any(getattr(before, name) != value for name, value in told.items()):
            mine.filter(pk=before.pk).update(**told)
    mine.filter(pk__in=[one.pk for one in stale.values()]).delete()


def list_evidence(workspace: Workspace, journey_id: str, step: str | None = None) -> list[Evidence]:
    """The evidence of a journey, or of one step, heaviest first."""
    found = Evidence.objects.filter(workspace=workspace, journey=journey_id)
    return list(found.filter(step=step) if step else found)


def evidence_of(workspace: Workspace, journey_id: str) -> dict[str, list[EvidenceShape]]:
    """The evidence of a journey by step, as the gap report shows it."""
    by_step: dict[str, list[EvidenceShape]] = {}
    for one in list_evidence(workspace, journey_id):
        by_step.setdefault(one.step, []).append(one.as_dict())
    return by_step


def remove_evidence(workspace: Workspace, evidence_id: str, actor: str) -> Evidence:
    """Take evidence away; answers what it was."""
    found = Evidence.objects.filter(workspace=workspace, id=evidence_id).first()
    if found is None:
        raise Missing(f"There is no evidence “{evidence_id}” in this workspace.")
    found.delete()
    audit(workspace, actor, "remove evidence", f"{found.journey}/{found.step} {evidence_id}")
    return found


def erase_evidence(workspace: Workspace, identity_keys: Iterable[int], mentions: Mentions) -> int:
    """Erase what is of a person or names one of their ids; returns how many rows."""
    mine, texts = Evidence.objects.filter(workspace=workspace), ("reference", "meant", "felt")
    near = perhaps_naming(mine, mentions, *texts)
    named = [one.pk for one in near if any(mentions.stand_in(getattr(one, text)) for text in texts)]
    return mine.filter(Q(identity_key__in=list(identity_keys)) | Q(pk__in=named)).delete()[0]


def _resolved(workspace: Workspace, found: EvidenceFound) -> tuple[int, int | None]:
    """Moment and identity of the event or the answer that evidence points to."""
    table, column = (EVENTS, "message_id") if found.kind == "event" else (SCORES, "score_id")
    rows = lake_of(workspace).snapshot(table).table(table)
    mine = rows.filter(rows[column] == found.reference.strip()).select("ts_us", "identity_key").limit(1)
    told = mine.to_pyarrow().to_pylist()
    if not told:
        raise Missing(f"There is no {found.kind} “{found.reference}” in this workspace.")
    return told[0]["ts_us"], told[0]["identity_key"]
