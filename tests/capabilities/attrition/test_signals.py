"""Signs of fading: each where it was planted and nowhere else, from no event that came later, told once."""

import json
import warnings
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from django.core.management import call_command
from django.test import Client

from nousnous.base import clock
from nousnous.base.errors import Refused
from nousnous.capabilities.attrition.actions.reading import count_signals, list_fading
from nousnous.capabilities.attrition.actions.signals import (
    change_thresholds,
    find_signals,
    limits_as_dict,
    perform_signals,
)
from nousnous.capabilities.attrition.measures.signals import (
    ARTICLE,
    CART,
    DAY_US,
    LOG_IN,
    OTHER,
    TRANSACTION,
    WISH,
    Limits,
    Timeline,
    signs_of,
)
from nousnous.collector.landing import land
from nousnous.facts.events import EVENTS
from nousnous.facts.landings import EventsLanded
from nousnous.people.actions.erasure import erase_person
from nousnous.people.actions.exports import export_person
from nousnous.runs.models import OutboxEntry
from nousnous.runs.registry import Work, followers
from nousnous.workspaces.actions import add_member
from nousnous.workspaces.models import AuditEntry, Workspace

NOW_US = 1_704_067_200_000_000 + 100 * DAY_US
NAMES = {
    LOG_IN: "Signed In",
    TRANSACTION: "Order Completed",
    WISH: "Product Added to Wishlist",
    CART: "Product Added",
    ARTICLE: "Article Viewed",
    OTHER: "Page Viewed",
}
LIVES = {
    "hovers": [(10, TRANSACTION), (80, LOG_IN), (85, LOG_IN), (95, LOG_IN), (98, LOG_IN)],
    "buys": [(10, TRANSACTION), (80, LOG_IN), (85, LOG_IN), (94, TRANSACTION), (95, LOG_IN)],
    "never-bought": [(80, LOG_IN), (85, LOG_IN), (95, LOG_IN)],
    "wishes": [(90, WISH), (92, WISH), (97, WISH)],
    "wishes-and-takes": [(90, WISH), (92, WISH), (94, CART), (97, WISH)],
    "reads": [(0, OTHER), (95, ARTICLE), (96, ARTICLE), (97, ARTICLE), (98, ARTICLE)],
    "always-reads": [(day, ARTICLE) for day in range(0, 100, 2)],
    "stays-away": [(day, OTHER) for day in range(40, 80, 4)],
    "comes-seldom": [(day, OTHER) for day in (0, 20, 40, 60, 80)],
}
FOUND = {("hovers", "hover", 98), ("wishes", "wishes", 97), ("reads", "articles", 97), ("stays-away", "pause", 96)}


def timeline(lives: dict[str, list[tuple[int, int]]]) -> Timeline:
    rows = np.array([(who, day, code) for who, life in enumerate(lives.values()) for day, code in life]).T
    return Timeline(rows[0], rows[1] * DAY_US, rows[2], 100 * DAY_US)


def found_in(lives: dict[str, list[tuple[int, int]]]) -> set[tuple[str, str, int]]:
    names = list(lives)
    return {
        (names[who], one.signal, moment // DAY_US)
        for one in signs_of(timeline(lives), Limits())
        for who, moment in zip(one.person.tolist(), one.moment_us.tolist(), strict=True)
    }


def bring(workspace: Workspace, lives: dict[str, list[tuple[int, int]]]) -> None:
    rows = [
        {
            "type": "track",
            "message_id": f"{who}-{day}-{code}",
            "user_id": who,
            "event": NAMES[code],
            "ts_us": NOW_US - (100 - day) * DAY_US,
        }
        for who, life in lives.items()
        for day, code in life
    ]
    land(workspace, EVENTS, pa.Table.from_pylist(rows))


def told() -> list[dict[str, Any]]:
    return list(OutboxEntry.objects.filter(fact="AttritionSignalled").values_list("payload", flat=True))


def test_each_sign_is_found_where_it_was_planted_and_nowhere_else() -> None:
    assert found_in(LIVES) == FOUND


def test_a_sign_stands_whatever_its_person_does_later() -> None:
    for who, signal, day in FOUND:
        earlier = {name: [one for one in life if name != who or one[0] <= day] for name, life in LIVES.items()}
        assert (who, signal, day) in found_in(earlier)
        later = {**LIVES, who: [*earlier[who], (99, TRANSACTION), (99, CART), (99, OTHER)]}
        assert (who, signal, day) in found_in(later)


def test_evidence_is_the_events_of_the_window_and_no_other() -> None:
    random = np.random.default_rng(7)
    lives = {
        str(who): sorted(zip(random.integers(0, 100, 40).tolist(), random.integers(0, 6, 40).tolist(), strict=True))
        for who in range(60)
    }
    hover, wishes, _, _ = signs_of(timeline(lives), Limits())
    assert hover.person.size
    assert wishes.person.size
    for one, code, undoing, days in ((hover, LOG_IN, TRANSACTION, 14), (wishes, WISH, CART, 30)):
        for at in range(one.person.size):
            life, end = lives[str(one.person[at])], int(one.moment_us[at] // DAY_US)
            inside = [day for day, what in life if what == code and end - days <= day <= end]
            mine = (one.evidence_us[one.first[at] : one.last[at] + 1] // DAY_US).tolist()
            assert len(mine) >= 3
            assert mine == inside[: len(mine)]
            assert not [day for day, what in life if what == undoing and end - days <= day < end]


def test_nobody_at_all_shows_no_sign() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    assert [one.person.size for one in signs_of(Timeline(nothing, nothing, nothing, 0), Limits())] == [0, 0, 0, 0]


@pytest.fixture
def shop(workspace: Workspace) -> Workspace:
    with clock.frozen(NOW_US):
        bring(workspace, LIVES)
        find_signals(workspace)
    return workspace


def test_new_signs_are_told_once_and_the_first_look_tells_of_none(shop: Workspace) -> None:
    assert told() == []
    with clock.frozen(NOW_US):
        bring(shop, {"late": LIVES["hovers"], "long-ago": [(0, WISH), (1, WISH), (2, WISH)]})
        for _ in range(2):
            perform_signals(Work("run", shop.id, "", {}, 1))
    assert [(one["workspace_id"], one["signal"], one["moment_us"]) for one in told()] == [
        (shop.id, "hover", NOW_US - 2 * DAY_US)
    ]
    assert "attrition.signals" in followers(EventsLanded.__name__)


def test_they_are_exported_and_erased_with_their_person(shop: Workspace) -> None:
    (row,) = export_person(shop, "hovers")["signs_of_fading"]
    assert (row["signal"], row["evidence_us"]) == ("hover", [NOW_US - days * DAY_US for days in (15, 5, 2)])
    erase_person(shop, "hovers")
    with clock.frozen(NOW_US):
        assert count_signals(shop).signals == {"hover": 0, "wishes": 1, "articles": 1, "pause": 1}


def test_thresholds_change_what_is_found_and_are_refused_out_of_bounds(shop: Workspace) -> None:
    with clock.frozen(NOW_US):
        change_thresholds(shop, {"log_ins": 4}, "test")
        assert count_signals(shop).signals["hover"] == 0
        with pytest.raises(Refused, match="greater than or equal to 2"):
            change_thresholds(shop, {"log_ins": 1}, "test")
        typed("thresholds", "--workspace", shop.slug, "--set", "log_ins=3")
        assert count_signals(shop).signals["hover"] == 1


def typed(*words: str) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "In Typer, only the parameter", DeprecationWarning)
        call_command("attrition", *words)


def client(workspace: Workspace, role: str) -> Client:
    found = Client()
    found.force_login(add_member(workspace, f"{role}@north.example", role).user)
    return found


def test_pages_show_people_only_when_asked_and_note_it(shop: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    with clock.frozen(NOW_US):
        owner = client(shop, "owner")
        counted = owner.get(f"/w/{shop.slug}/fading/").content.decode()
        assert "Four people show signs of fading" in counted
        assert "hovers" not in counted
        looked = AuditEntry.objects.filter(verb="looked at who fades")
        assert not looked.exists()
        assert "Logged in 3 times in 14 days and bought nothing" not in counted
        shown = owner.get(f"/w/{shop.slug}/fading/?people=1").content.decode()
        assert "id=hovers" in shown
        assert looked.count() == 1
        assert client(shop, "viewer").get(f"/w/{shop.slug}/fading/").status_code == 404
        typed("people", "--workspace", shop.slug, "--json")
        items = json.loads(capsys.readouterr().out)["items"]
        assert {one["person"] for one in items} == {"hovers", "wishes", "reads", "stays-away"}
        assert len(list_fading(shop, "test")) == 4


def test_the_form_saves_and_looks_again(shop: Workspace) -> None:
    with clock.frozen(NOW_US):
        owner = client(shop, "owner")
        address = f"/w/{shop.slug}/fading/thresholds/"
        page = owner.get(address).content.decode()
        assert 'name="pause_factor"' in page
        given = {name: getattr(Limits(), name) for name in Limits.__slots__} | {"risk_chance": 0.4}
        assert owner.post(address, {**given, "wishes": 1}).status_code == 200
        assert owner.post(address, {**given, "wishes": 4}).status_code == 302
        assert count_signals(shop).signals["wishes"] == 0
        assert limits_as_dict(shop) == {**given, "wishes": 4, "silence_days": None}
