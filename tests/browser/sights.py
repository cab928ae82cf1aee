"""Every page that the site shows, found in its table of addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIRequestContext, BrowserContext
from tests.browser.house import House
from tests.site.routes import ROUTES, Route

from nousnous.workspaces.access import PUBLIC

# Pages that are there only on the way in or with a second factor are looked at in `test_sign_in`
ONLY_ON_THE_WAY = {"once", "account_reset_password_from_key", "openid_connect_login", "openid_connect_callback"}


@dataclass(frozen=True)
class Sight:
    """One page to look at, and whether by somebody who is in."""

    name: str
    address: str
    inside: bool


def sights(house: House, inside: BrowserContext, outside: BrowserContext) -> list[Sight]:
    """Every address that answers GET with a page of HTML, as who may see it."""
    found = [Sight("missing", f"{house.address}/nowhere/", inside=True)]
    for route in ROUTES:
        if route.template.startswith("api/v1/") or route.template.endswith("/live/") or route.name in ONLY_ON_THE_WAY:
            continue  # a stream never ends
        within = route.word != PUBLIC
        asked = (inside if within else outside).request
        found += [
            Sight(route.name, address, within) for address in _addresses(house, route) if _is_page(asked, address)
        ]
    return found


def _addresses(house: House, route: Route) -> list[str]:
    return [house.address + one for one in addresses(route, house.things)]


def addresses(route: Route, things: Mapping[str, Any]) -> list[str]:
    """What a page shows depends on more than its route: the other forms of some are looked at as well."""
    address = route.address(**things)
    others = {
        "w/<slug:workspace>/people/one/": [f"{address}?id={things['person']}"],
        "w/<slug:workspace>/people/": [address, f"{address}?q=nobody-of-this-name"],
        "w/<slug:workspace>/imports/<str:import_id>/": [
            address,
            route.address(**things | {"import_id": things["waiting"]}),
        ],
        "w/<slug:workspace>/workshops/<str:workshop>/": [
            address,
            route.address(**things | {"workshop": things["over"]}),
        ],
        "w/<slug:workspace>/replays/": [address, f"{address}?answer=low"],
        "w/<slug:workspace>/heat/": [address, f"{address}?screen=/cart"],
        "w/<slug:workspace>/gap/": [address, f"{address}?by=country"],
        "w/<slug:workspace>/gap/<str:journey>/<str:step>/": [f"{address}?visits=1"],
    }
    return others.get(route.template, [address])


def _is_page(asked: APIRequestContext, address: str) -> bool:
    answer = asked.get(address, max_redirects=0)
    alone = answer.headers.get("x-frame-options") == "DENY"  # what stands within a page is looked at with that page
    return answer.status == 200 and answer.headers["content-type"].startswith("text/html") and alone
