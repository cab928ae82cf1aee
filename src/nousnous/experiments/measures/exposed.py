"""Who was assigned to which arm: persons, their first exposure, and those who were seen in two arms."""

from collections.abc import Sequence
from typing import Any

import ibis

from nousnous.facts.events import EXPOSURE


def assigned(events: Any, experiment: str, arms: Sequence[str], period: tuple[int, int]) -> Any:
    """One row a person: `variant`, `first_us` and `country` of the first exposure in [from, to), and `arms`, how many.

    `events` have `person_key`. A person of two arms has the smaller one as `variant`, and belongs to none.
    """
    seen = events.filter(
        (events.event == EXPOSURE)
        & (events.experiment == experiment)
        & events.variant.isin(list(arms))
        & events.person_key.notnull()
        & (events.ts_us >= period[0])
        & (events.ts_us < period[1])
    )
    placed_us = ibis.ifelse(seen.country.isnull(), ibis.null("int64"), seen.ts_us)
    seen = seen.mutate(placed_us=placed_us.min().over(group_by="person_key"))
    return seen.group_by("person_key").agg(
        variant=seen.variant.min(),
        arms=seen.variant.nunique(),
        first_us=seen.ts_us.min(),
        country=seen.country.min(where=seen.ts_us == seen.placed_us),
    )


def seen_in(events: Any) -> Any:
    """Each experiment that exposures name: its arms, persons, and when it was first and last seen."""
    seen = events.filter((events.event == EXPOSURE) & events.experiment.notnull() & events.variant.notnull())
    seen = seen.filter(seen.person_key.notnull())
    return seen.group_by("experiment", "variant").agg(
        persons=seen.person_key.nunique(), first_us=seen.ts_us.min(), last_us=seen.ts_us.max()
    )
