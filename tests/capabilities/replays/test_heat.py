"""Heat maps: clicks by element and by place in its box."""

import numpy as np

from nousnous.capabilities.replays.measures.heat import CLICK, DEAD, RAGE, Clicks, heat_map

UNKNOWN = float("nan")


def clicks(*told: tuple[str, int, int, float, float]) -> Clicks:
    elements, kinds, persons, across, down = zip(*told, strict=True) if told else ((), (), (), (), ())
    numbers = (np.array(one, dtype=np.int64) for one in (kinds, persons))
    shares = (np.array(one, dtype=np.float64) for one in (across, down))
    return Clicks(np.array(elements, dtype=str), *numbers, *shares)


def test_elements_with_most_rage_come_first_then_dead_then_clicks() -> None:
    found = heat_map(
        clicks(
            *[("#busy", CLICK, person, 0.5, 0.5) for person in range(9)],
            ("#dead", CLICK, 1, 0.5, 0.5),
            ("#dead", DEAD, 1, 0.5, 0.5),
            *[("#rage", CLICK, 2, 0.5, 0.5)] * 3,
            ("#rage", RAGE, 2, 0.5, 0.5),
        )
    )
    told = [(one.element, one.clicks, one.dead, one.rage, one.persons) for one in found.elements]
    assert told == [("#rage", 3, 0, 1, 1), ("#dead", 1, 1, 0, 1), ("#busy", 9, 0, 0, 9)]
    assert found.persons == 9


def test_a_spot_is_a_cell_of_the_elements_box_and_a_share_of_the_fullest() -> None:
    found = heat_map(clicks(("#a", CLICK, 1, 0.01, 0.99), ("#a", CLICK, 2, 0.1, 1.0), ("#a", CLICK, 3, 0.9, 0.1)))
    assert [(one.across, one.down, one.share) for one in found.spots] == [(0.0625, 0.9375, 1.0), (0.9375, 0.0625, 0.5)]


def test_a_click_of_unknown_place_is_in_the_middle_and_nothing_is_nothing() -> None:
    (spot,) = heat_map(clicks(("#a", RAGE, 1, UNKNOWN, UNKNOWN))).spots
    assert (spot.kind, round(spot.across, 1), round(spot.down, 1)) == ("rage", 0.6, 0.6)
    assert heat_map(clicks()).elements == ()
