"""Real files through the whole product, import, journey and report, say what the oracle says."""

import csv
import gzip
from math import sqrt
from pathlib import Path
from random import Random
from typing import Any

import pytest
from scipy import special
from tests.capabilities.gaps.house import apply, bring_file
from tests.capabilities.gaps.likeness import differences
from tests.oracle import estimates
from tests.oracle.gaps import experienced
from tests.oracle.periods import default_window
from tests.oracle.report import report as oracle_report
from tests.oracle.worlds import journey, retail_events, shop_events, survey_rows
from tests.places import ROOT, SHARED_DATA

from nousnous.base import clock
from nousnous.capabilities.gaps.actions.reports import gap_report
from nousnous.journeys.windows import Asked
from nousnous.workspaces.models import Workspace

MAPPINGS = ROOT / "docs" / "guides" / "mappings"
SHOP = """
[journey]
id = "shop"
name = "Web shop"
currency = "USD"
hourly_wage = 30.0
frustration = [{ event = "checkout_bug" }, { event = "error_page" }]

[[step]]
id = "visit"
name = "Visit of the shop"
stage = "awareness"
starts = [{ event = "home" }, { event = "catalog" }]
completes = { event = "purchase" }
fails = { event = "error_page" }
within = "2h"

[[step]]
id = "product"
name = "Product page"
clock = "active"
starts = { event = "product_view" }
completes = { event = "add_to_cart" }
within = "10m"

[[step]]
id = "checkout"
name = "Checkout"
stage = "purchase"
channel = "web"
owner = "shop team"
starts = { event = "shipping_details" }
completes = { event = "purchase" }
fails = [{ event = "payment_error" }, { event = "checkout_bug" }, { event = "error_page" }]
within = "30m"

[[step]]
id = "shipping"
name = "Shipping details on a phone"
reference_s = 60
starts = { event = "shipping_details", where = { platform = ["mobile", "tablet"] } }
completes = [{ event = "purchase" }, { event = "payment_error" }]
within = "15m"

[[belief]]
step = "checkout"
metric = "completion"
value = 0.70
tolerance = 0.02
range = [0.62, 0.78]
expected_gap = 5.0
author = "shop team"
stated_at = 2024-01-01T00:00:00Z

[[belief]]
step = "checkout"
metric = "duration_p90"
value = 900
author = "shop team"

[[belief]]
step = "visit"
metric = "failure_rate"
value = 0.05
expected_gap = 1.0
author = "shop team"

[[belief]]
step = "shipping"
metric = "frustration_rate"
value = 0.02
author = "shop team"
"""
RETAIL = """
[journey]
id = "retail"
name = "Shop by mail"
currency = "GBP"
hourly_wage = { default = 20.0, Germany = 30.0 }

[[step]]
id = "order"
name = "Order"
starts = { event = "Order Completed" }
fails = { event = "Order Refunded" }

[[step]]
id = "return"
name = "Return"
starts = { event = "Order Completed" }
completes = { event = "Order Refunded" }
within = "2h"

[[belief]]
step = "return"
metric = "completion"
value = 0.02
author = "returns team"
"""
SURVEY = """
[journey]
id = "survey"
name = "Survey"
currency = "USD"
hourly_wage = 30.0

[[step]]
id = "restaurants"
name = "Restaurants"

[[step]]
id = "wifi"
name = "Wifi"

[[belief]]
step = "restaurants"
metric = "csat"
value = 0.70
author = "terminal team"
"""


def mapping(name: str) -> str:
    return (MAPPINGS / name).read_text("utf-8")


def new_workspace(slug: str) -> Workspace:
    return Workspace.objects.create(slug=slug, name=slug, created_at=clock.now())


def days_of(events: list[dict[str, Any]]) -> tuple[tuple[int, int], Asked]:
    """The default window as the oracle finds it, and asked for by its days, so that it is judged by itself."""
    window = default_window(events)
    return window, Asked(None, *(clock.from_us(end).isoformat() for end in window))


@pytest.fixture
def shop(db: None) -> Workspace:
    workspace = new_workspace("clickstream")
    bring_file(workspace, SHARED_DATA / "shop_clickstream.csv", mapping("shop_clickstream.toml"))
    apply(workspace, SHOP)
    return workspace


def test_the_clickstream_with_steps_that_nest_and_share_is_that_of_the_oracle(shop: Workspace) -> None:
    events = shop_events()
    window, asked = days_of(events)
    found = gap_report(shop, asked).as_dict()
    assert gap_report(shop, Asked()).as_dict()["window"] == found["window"]
    assert differences(found, oracle_report(events, [], journey(SHOP))) == []
    split = gap_report(shop, Asked(asked.journey, asked.from_text, asked.to_text, by="platform")).as_dict()
    assert differences(split, oracle_report(events, [], journey(SHOP), window, by="platform")) == []


def test_shuffled_lines_and_columns_and_repeated_ids_change_nothing(shop: Workspace, tmp_path: Path) -> None:
    random = Random(7)
    with (SHARED_DATA / "shop_clickstream.csv").open(newline="") as file:
        rows = [{"id": str(number), **row} for number, row in enumerate(csv.DictReader(file))]
    columns = [*rows[0]]
    rows += random.choices(rows, k=3000)
    random.shuffle(rows)
    random.shuffle(columns)
    path = tmp_path / "shuffled.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    other = new_workspace("shuffled")
    bring_file(other, path, 'message_id = "id"\n' + mapping("shop_clickstream.toml"))
    apply(other, SHOP)
    asked = days_of(shop_events())[1]
    one, two = (gap_report(workspace, asked).as_dict() for workspace in (shop, other))
    assert [line for line in differences(two, one) if "].id:" not in line] == []


def test_a_quarter_of_a_million_order_lines_are_those_of_the_oracle(db: None) -> None:
    workspace = new_workspace("retail")
    with gzip.open(SHARED_DATA / "online_retail.csv.gz", "rt") as file:
        assert sum(1 for _ in file) - 1 == 245_903
    bring_file(workspace, SHARED_DATA / "online_retail.csv.gz", mapping("online_retail.toml"))
    apply(workspace, RETAIL)
    events = retail_events()
    assert workspace.imports.get().added == len(events) == 245_903
    _, asked = days_of(events)
    found = gap_report(workspace, asked).as_dict()
    assert differences(found, oracle_report(events, [], journey(RETAIL))) == []


def test_the_airport_scores_39_8_and_with_weights_40_4(db: None) -> None:
    workspace = new_workspace("airport")
    bring_file(workspace, SHARED_DATA / "airport_survey_2017.csv", mapping("airport_survey_2017.toml"), survey=True)
    apply(workspace, SURVEY)
    report = gap_report(workspace, Asked()).as_dict()
    nps, rows = report["journey"]["scores"]["nps"], survey_rows("airport_survey_2017.csv")
    answered = [row for row in rows if row["NETPRO"].strip() in {str(answer) for answer in range(11)}]
    answers = [(row["RESPNUM"], int(row["NETPRO"]), float(row["WEIGHT"])) for row in answered]
    assert (nps["estimate"]["n"], round(nps["unweighted"]["value"], 1), round(nps["estimate"]["value"], 1)) == (
        2746,
        39.8,
        40.4,
    )
    assert differences(nps["estimate"], estimates.nps(answers)) == []
    assert differences(nps["unweighted"], estimates.nps([answer[:2] for answer in answers])) == []
    food = [
        (row["RESPNUM"], int(row["Q7FOOD"]), float(row["WEIGHT"])) for row in rows if row["Q7FOOD"].strip() in "12345"
    ]
    step = next(row for row in report["steps"] if row["step"] == "restaurants")
    assert differences(step["beliefs"][0]["experienced"], experienced("csat", food, (1, 5))) == []


def test_fandango_shows_0_244_stars_more_than_its_users_gave(db: None) -> None:
    workspace = new_workspace("films")
    bring_file(workspace, SHARED_DATA / "fandango_scores.csv", mapping("fandango_scores.toml"), survey=True)
    apply(workspace, SURVEY)
    paired = gap_report(workspace, Asked()).as_dict()["journey"]["scores"]["rating"]["paired"]
    found = paired["difference"]
    rows = survey_rows("fandango_scores.csv")
    pairs = [(row["FILM"], float(row["Fandango_Stars"]) - float(row["Fandango_Ratingvalue"])) for row in rows]
    assert differences(found, estimates.mean(pairs)) == []
    error = (found["high"] - found["low"]) / 2 / special.stdtrit(145, 0.975)
    assert (round(found["value"], 3), round(error, 3), found["n"]) == (0.244, 0.013, 146)
    assert error == pytest.approx(sqrt(estimates.mean_variance(pairs)[1]), rel=1e-9)
    assert (paired["gap"]["unit"], paired["verdict"]) == ("percent of scale", "gap")
