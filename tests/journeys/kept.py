"""A visit of the oracle in the form in which visits are kept."""

from typing import Any

from nousnous.facts.journeys import SEGMENT_PROPERTIES


def kept_row(visit: Any, person_key: int | None) -> dict[str, Any]:
    stretches: list[int] = []
    for start, end in visit.active:
        offsets = [start - visit.opened_us, end - visit.opened_us]
        if stretches and stretches[-1] == offsets[0]:
            stretches[-1] = offsets[1]
        else:
            stretches += offsets
    cause, element = visit.cause or (None, None)
    segments = {name: visit.segment(name) for name in SEGMENT_PROPERTIES}
    return {
        "person_key": person_key,
        "step": visit.order,
        "opened_us": visit.opened_us,
        "ended_us": visit.ended_us,
        "window_us": visit.window_end_us,
        "completed": visit.completed,
        "failed": not visit.completed and bool(visit.failures),
        "frustrated": bool(visit.signals),
        "troubled": bool(visit.failures or visit.signals),
        "cause": cause,
        "cause_element": element,
        "active_us": visit.active_us,
        "activity_us": stretches,
        **{name: None if text == "unknown" else text for name, text in segments.items()},
    }
