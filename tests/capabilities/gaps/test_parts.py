"""A report about a segment is that part of the whole: after the overlap rule, with the references of all."""

from random import Random
from typing import Any

import ibis
import pyarrow as pa
import pytest
from tests.capabilities.gaps.test_worlds import DAY, JOURNEY, START, events_of, scores_of
from tests.capabilities.gaps.told import key_of, plan_of, sources
from tests.oracle.worlds import journey

from nousnous.base.errors import Refused
from nousnous.capabilities.gaps.actions.cases import Question, report_of
from nousnous.capabilities.gaps.actions.following import follow_up
from nousnous.journeys.parts import Part
from nousnous.journeys.periods import Extent, Period

PERIOD = Period(START, START + 60 * DAY)


def reported(part: Part, seed: int = 5) -> dict[str, Any]:
    random = Random(seed)
    events, plan = events_of(random), journey(JOURNEY)
    times = [event["ts_us"] for event in events]
    question = Question(plan_of(plan), PERIOD, "UTC", split=part.split)
    told = sources(events, scores_of(random, max(times)), plan)
    extent = Extent(min(times), max(times), max(times))
    return follow_up(report_of("test", told, question, extent, part), told, question, extent, part).as_dict()


@pytest.mark.parametrize("seed", range(4))
def test_a_segment_is_the_row_of_the_report_by_its_property(seed: int) -> None:
    rows = {row["segment"]: row for row in reported(Part(by="country"), seed)["segments"]}
    alone = reported(Part(segment="country=DE"), seed)
    assert alone["journey"] == rows["DE"]["journey"]
    assert alone["steps"] == rows["DE"]["steps"]


def test_a_segment_can_be_split_by_another_property() -> None:
    whole = reported(Part(by="country", segment="channel=unknown"))
    assert whole["journey"] == reported(Part())["journey"]
    assert [row["segment"] for row in whole["segments"]] == ["DE", "FR", "unknown"]


def test_everybody_as_members_of_a_saved_segment_is_the_whole_report() -> None:
    keys = [key_of(("known", f"u{number}")) for number in range(12)]
    keys += [key_of(("anonymous", f"a{number}")) for number in range(12)]
    everybody = ibis.memtable(pa.table({"person_key": pa.array(keys, pa.int64())}))
    assert reported(Part(segment="all", members=everybody))["steps"] == reported(Part())["steps"]
    nobody = ibis.memtable(pa.table({"person_key": pa.array([], pa.int64())}))
    assert reported(Part(segment="none", members=nobody))["journey"]["entered"] == 0


def test_a_property_that_is_not_kept_is_refused_with_those_that_are() -> None:
    with pytest.raises(Refused, match="country, channel, platform"):
        reported(Part(by="shoe_size"))
