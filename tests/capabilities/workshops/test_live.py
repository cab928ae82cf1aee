"""A thin room: voters with open pages, and a server that is killed while they vote."""

from bench.workshops import hold


def test_no_vote_is_lost_and_none_counts_twice_though_the_server_is_killed() -> None:
    found = hold(voters=24, kills=1, spread_s=2.0)
    assert (found["acknowledged"], found["counted"], found["lost"], found["twice"]) == (24, 24, 0, 0)
    assert found["pages"] == 24
    assert found["reconnected"] >= 12
