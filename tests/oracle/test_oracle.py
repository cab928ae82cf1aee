"""The oracle's reading of "Visits", pinned by small cases counted by hand."""

from collections import Counter
from random import Random

from tests.oracle.identity import owners, person_of, timelines, unique
from tests.oracle.visits import visits
from tests.oracle.worlds import CHECKOUT, RETAIL, journey, micros, retail_events, shop_events, told

LATER = 10**15
S, C, F = "shipping_details", "purchase", "payment_error"


def seen(*happenings, **step):
    """The visits of one person to the checkout, as (opened, ended, outcome) in seconds."""
    plan = journey(CHECKOUT)
    plan["step"][0].update(step)
    return [
        (visit.opened_us / 1e6, visit.ended_us / 1e6, visit.outcome) for visit in visits(told(*happenings), plan, LATER)
    ]


def only(*happenings):
    (visit,) = visits(told(*happenings), journey(CHECKOUT), LATER)
    return visit


def test_a_completion_ends_a_visit_and_the_next_start_opens_another():
    assert seen((0, S), (60, C), (61, S), (70, C)) == [(0, 60, "completed"), (61, 70, "completed")]


def test_a_second_start_within_thirty_minutes_belongs_to_the_same_visit():
    assert seen((0, S), (1800, S), (1900, C)) == [(0, 1900, "completed")]


def test_a_second_start_after_more_than_thirty_minutes_opens_a_new_visit():
    assert seen((0, S), (1800.000001, S), (1900, C)) == [(0, 0, "abandoned"), (1800.000001, 1900, "completed")]


def test_the_window_includes_its_end():
    assert seen((0, S), (1800, C)) == [(0, 1800, "completed")]
    assert seen((0, S), (1800.000001, C)) == [(0, 0, "abandoned")]


def test_the_window_reaches_from_the_last_start():
    assert seen((0, S), (1000, S), (2800, C)) == [(0, 2800, "completed")]


def test_in_one_moment_a_start_comes_before_a_completion():
    assert seen((5, C), (5, S)) == [(5, 5, "completed")]


def test_a_completion_in_the_moment_of_the_later_start_completes_the_visit_of_the_earlier():
    assert seen((0, S), (60, S), (60, C)) == [(0, 60, "completed")]


def test_a_completion_in_the_moment_of_the_earlier_start_lies_between():
    assert seen((0, S), (0, C), (60, S)) == [(0, 0, "completed"), (60, 60, "abandoned")]


def test_a_completion_before_any_start_completes_nothing():
    assert seen((0, C), (10, S)) == [(10, 10, "abandoned")]


def test_a_failure_does_not_keep_a_visit_from_completing():
    assert seen((0, S), (10, F), (20, C)) == [(0, 20, "completed")]


def test_a_visit_with_a_failure_and_no_completion_failed():
    assert seen((0, S), (10, "error_page")) == [(0, 10, "failed")]
    assert seen((0, S), (0, F)) == [(0, 0, "failed")]


def test_a_failure_after_the_window_belongs_to_no_visit():
    assert seen((0, S), (1800.5, F)) == [(0, 0, "abandoned")]


def test_the_end_of_an_abandoned_visit_is_the_last_event_in_the_window():
    assert seen((0, S), (900, "home"), (1700, "cart"), (1900, "home")) == [(0, 1700, "abandoned")]


def test_the_end_stops_before_a_pause_of_more_than_thirty_minutes():
    assert seen((0, S), (1800, "a"), (3601, "b"), within="2h") == [(0, 1800, "abandoned")]
    assert seen((0, S), (1800, "a"), (3600, "b"), within="2h") == [(0, 3600, "abandoned")]


def test_the_end_walks_on_from_the_last_failure_over_earlier_pauses():
    assert seen((0, S), (3600, F), (3700, "home"), within="2h") == [(0, 3700, "failed")]


def test_a_visit_whose_window_ends_after_the_newest_event_is_open():
    plan = journey(CHECKOUT)
    events = told((0, S), (10, F))
    assert [visit.outcome for visit in visits(events, plan, 1_800_000_000 - 1)] == ["open"]
    assert [visit.outcome for visit in visits(events, plan, 1_800_000_000)] == ["failed"]
    assert [visit.outcome for visit in visits(events, plan)] == ["open"]


def test_events_without_a_person_belong_to_no_visit_yet_move_the_newest_event():
    nobody = {**told((5000, "home"))[0], "message_id": "x", "user_id": None}
    (visit,) = visits([*told((0, S)), nobody], journey(CHECKOUT))
    assert visit.outcome == "abandoned"


def test_a_step_without_completes_is_completed_by_its_start():
    (first, second) = visits(told((0, "Order Completed"), (5, "Order Completed")), journey(RETAIL))
    assert (first.outcome, first.elapsed_us, first.active_us) == ("completed", 0, 0)
    assert second.opened_us == 5_000_000


def test_active_time_leaves_out_pauses_of_more_than_five_minutes():
    visit = only((0, S), (300, "home"), (601, "cart"), (700, C))
    assert (visit.elapsed_us, visit.active_us) == (700_000_000, 399_000_000)


def test_a_visit_is_clean_without_failure_and_frustration():
    assert only((0, S), (10, C)).clean
    assert not only((0, S), (5, F), (10, C)).clean
    assert not only((0, S), (5, "Rage Click"), (10, C)).clean
    assert only((0, S), (10, C), (11, "Rage Click")).clean
    assert not only((0, S), (10, C), (10, F)).clean


def test_the_cause_is_the_earliest_failure_or_signal_and_a_failure_wins_a_tie():
    pay = {"element": "#pay"}
    assert only((0, S), (5, "Rage Click", pay), (6, F)).cause == ("Rage Click", "#pay")
    assert only((0, S), (5, "Dead Click", pay), (5, F)).cause == (F, None)
    assert only((0, S), (5, "payment_error"), (5, "checkout_bug")).cause == ("checkout_bug", None)
    assert only((0, S)).cause is None


def test_values_are_compared_as_text_and_a_missing_property_matches_nothing():
    where = {"event": "Page Viewed", "where": {"page": 5, "country": ["DE", "AT"]}}
    page = ("Page Viewed", {"page": "5", "country": "AT"})
    assert seen((0, *page), starts=where) == [(0, 0, "abandoned")]
    assert seen((0, page[0], {"page": 5, "country": "FR"}), starts=where) == []
    assert seen((0, page[0], {"page": 5}), starts=where) == []
    assert seen((0, page[0], {"page": True, "country": "AT"}), starts=where) == []


def test_the_segment_is_the_smallest_text_of_the_opening_moment():
    visit = only((0, S, {"country": "DE"}), (0, S, {"country": "AT"}), (1, S, {"country": "AA"}))
    assert visit.segment("country") == "AT"
    assert visit.segment("plan") == "unknown"


def test_an_anonymous_id_belongs_to_the_first_known_id_it_meets():
    def event(number, second, known, anonymous):
        return {"message_id": str(number), "ts_us": second, "user_id": known, "anonymous_id": anonymous}

    events = [event(1, 9, "zoe", "a"), event(2, 5, "bob", "a"), event(3, 5, "ann", "a"), event(4, 1, None, "a")]
    owned = owners(events)
    assert owned == {"a": "ann"}
    assert [person_of(one, owned)[1] for one in events] == ["zoe", "bob", "ann", "ann"]
    assert person_of(event(5, 1, None, "b"), owned) == ("anonymous", "b")


def test_order_and_repetition_change_nothing():
    events = shop_events()[:3000]
    mixed = [*events, *events[::3]]
    Random(1).shuffle(mixed)
    assert len(unique(mixed)) == 3000
    assert len(timelines(mixed)) == len(timelines(events))

    def rows(given):
        return Counter(
            (v.person, v.opened_us, v.ended_us, v.outcome, v.active_us) for v in visits(given, journey(CHECKOUT))
        )

    assert rows(mixed) == rows(events)


def median(values):
    return sorted(values)[-(-len(values) // 2) - 1]


def test_the_median_clean_checkout_of_the_shop_takes_494_seconds_of_which_262_are_active():
    found = visits(shop_events(), journey(CHECKOUT))
    assert Counter(visit.outcome for visit in found) == {"completed": 314, "failed": 97, "abandoned": 410}
    clean = [visit for visit in found if visit.clean]
    assert median([visit.elapsed_us for visit in clean]) == 494_000_000
    assert median([visit.active_us for visit in clean]) == 262_000_000
    completed = [visit for visit in found if visit.completed]
    assert median([visit.elapsed_us for visit in completed]) == 506_000_000


def test_every_moment_of_orders_in_the_retail_file_is_a_visit():
    events = retail_events()
    assert len(events) == 245_903
    moments = {(event["user_id"] or event["anonymous_id"], event["ts_us"]) for event in events}
    refunds = {
        (event["user_id"] or event["anonymous_id"], event["ts_us"])
        for event in events
        if event["event"] == "Order Refunded"
    }
    orders = {
        (event["user_id"] or event["anonymous_id"], event["ts_us"])
        for event in events
        if event["event"] == "Order Completed"
    }
    assert moments == orders | refunds
    assert len(visits(events, journey(RETAIL))) == len(orders)
    assert micros("1970-01-01 00:00:01") == 1_000_000
