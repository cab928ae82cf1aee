"""Finding signs of fading, keeping them with their evidence, and telling of new ones."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypedDict

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.core.exceptions import ValidationError
from django.db import transaction

from nousnous.base import clock
from nousnous.base.errors import Place, Refused
from nousnous.base.shapes import shaped
from nousnous.capabilities.attrition.measures.signals import CODES, OTHER, Signs, Timeline, signs_of
from nousnous.capabilities.attrition.models import Thresholds, thresholds_of
from nousnous.facts.attrition import RISKS, SIGNS_OF_FADING, AttritionSignalled
from nousnous.facts.events import EVENTS, LINKS
from nousnous.runs import outbox
from nousnous.runs.locks import exclusive
from nousnous.runs.registry import Advance, Work
from nousnous.warehouse.lake import lake_of
from nousnous.warehouse.maintenance import vacuum
from nousnous.warehouse.schemas import arrow_schema
from nousnous.workspaces.actions import audit
from nousnous.workspaces.models import Workspace

SIGNALS_RUN: Final = "attrition.signals"
FRESH_US: Final = 7 * clock.DAY_US
"""A sign that began earlier than this is history: it is kept, and nobody is told to act upon it."""


def perform_signals(work: Work) -> Advance:
    """Of one workspace, or by the calendar of all."""
    chosen = Workspace.objects.filter(pk=work.workspace_id) if work.workspace_id else Workspace.objects.all()
    for workspace in chosen:
        find_signals(workspace)
    return Advance()


def find_signals(workspace: Workspace) -> tuple[int, int]:
    """Find all signs anew in place of those that stand; answers how many there are, and how many were told."""
    lake = lake_of(workspace)
    with exclusive(f"lake-{workspace.id}"):
        snapshot = lake.snapshot(EVENTS, LINKS, SIGNS_OF_FADING)
        stood = SIGNS_OF_FADING.name in snapshot.versions
        known = snapshot.table(SIGNS_OF_FADING).select("person_key", "signal", "moment_us").to_pyarrow()
        found = _rows(signs_of(read_timeline(snapshot.events()), thresholds_of(workspace).limits))
        fresh = _fresh(found, known) if stood else []
        with transaction.atomic():
            for one in fresh:
                outbox.record(AttritionSignalled(workspace.id, one["person_key"], one["moment_us"], one["signal"]))
            lake.ensure(SIGNS_OF_FADING)
            lake.replace_where(SIGNS_OF_FADING, "moment_us IS NOT NULL", found)
            vacuum(lake, SIGNS_OF_FADING.name, hours=1)
    return found.num_rows, len(fresh)


def read_timeline(events: Any, codes: Mapping[str, int] = CODES) -> Timeline:
    """The events of people, sorted by person and time, up to the newest one: where data end, nobody pauses."""
    code = ibis.cases(*((events.event == name, code) for name, code in codes.items()), else_=OTHER)
    rows = events.filter(events.person_key.notnull() & events.event.notnull() & (events.ts_us <= clock.now_us()))
    read = rows.select("person_key", "ts_us", code=code.cast("int8")).order_by("person_key", "ts_us").to_pyarrow()
    person, ts_us, code = (read[name].to_numpy() for name in ("person_key", "ts_us", "code"))
    return Timeline(person, ts_us, code, int(ts_us.max(initial=0)))


def change_thresholds(workspace: Workspace, given: dict[str, Any], actor: str) -> Thresholds:
    """Set some thresholds; signs are found anew by them. Refuses what is out of bounds."""
    thresholds = thresholds_of(workspace)
    for name, value in given.items():
        setattr(thresholds, name, value)
    try:
        thresholds.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        name, said = next(iter(error.message_dict.items()))
        raise Refused(said[0], Place(field=name)) from error
    thresholds.save()
    audit(workspace, actor, "changed thresholds of fading", ", ".join(sorted(given)))
    find_signals(workspace)
    return thresholds


class LimitsShape(TypedDict):
    log_ins: int
    log_in_days: int
    wishes: int
    wish_days: int
    articles: int
    article_days: int
    article_chance: float
    pause_factor: float
    silence_days: int | None
    risk_chance: float


def limits_as_dict(workspace: Workspace) -> LimitsShape:
    return shaped(LimitsShape, thresholds_of(workspace))


def tell_signals(workspace: Workspace, _: int, identity_keys: Iterable[int]) -> dict[str, list[dict[str, Any]]]:
    """The signs of a person and their chance to leave, for their export."""
    snapshot, found = lake_of(workspace).snapshot(SIGNS_OF_FADING, RISKS), {}
    for table in (SIGNS_OF_FADING, RISKS):
        rows = snapshot.table(table)
        theirs = rows.filter(rows.person_key.isin(list(identity_keys))).order_by(*table.names[1:3])
        found[table.name] = theirs.drop("person_key").to_pyarrow().to_pylist()
    return found


def _rows(signs: Sequence[Signs]) -> Any:
    return pa.concat_tables([_rows_of(one) for one in signs])


def _rows_of(one: Signs) -> Any:
    lengths = one.last - one.first + 1
    ends = np.concatenate([[0], np.cumsum(lengths)])
    places = np.arange(ends[-1]) - np.repeat(ends[:-1] - one.first, lengths)
    columns = {
        "person_key": one.person,
        "signal": pa.array([one.signal] * one.person.size, pa.string()),
        "moment_us": one.moment_us,
        "evidence_us": pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(one.evidence_us[places])),
        "days": one.days,
        **{name: pa.array(getattr(one, name), from_pandas=True) for name in ("baseline", "chance")},
    }
    return pa.table(columns).cast(arrow_schema(SIGNS_OF_FADING))


def _fresh(found: Any, known: Any) -> list[dict[str, Any]]:
    """Those that began lately and were not known."""
    keys = ["person_key", "signal", "moment_us"]
    lately = found.select(keys).filter(pc.field("moment_us") >= clock.now_us() - FRESH_US)
    fresh: list[dict[str, Any]] = lately.join(known, keys, join_type="left anti").to_pylist()
    return fresh
