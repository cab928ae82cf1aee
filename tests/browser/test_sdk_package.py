"""The script as a package for npm: what an application imports, its types, and that it tells the same."""

import io
import json
import re
import subprocess
import tarfile
import tomllib
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route
from tests.browser.house import House
from tests.browser.shops import shop_of, visitor
from tests.places import ROOT

USED = """import { connect, type Nous } from "nousnous";
const nous: Nous = connect({ key: "WK", host: "https://example.org" });
nous.track("Order Completed", { total: 49.9 });
export const sent: Promise<void> = nous.flush();
// @ts-expect-error a host is needed
connect({ key: "WK" });
// @ts-expect-error what is allowed is yes or no
nous.consent({ analytics: "yes" });
"""
COMPILED = ("--noEmit", "--strict", "--module", "nodenext", "--moduleResolution", "nodenext", "--ignoreConfig")


def output_of(*command: str, cwd: Path) -> str:
    """All that it says, troubles too."""
    done = subprocess.run(command, check=False, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout


@pytest.fixture(scope="module")
def package(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As npm unpacks what a server hands out."""
    installed = tmp_path_factory.mktemp("application") / "node_modules"
    with urllib.request.urlopen(f"{house.address}/sdk/nous.tgz", timeout=30) as answer:
        packed = io.BytesIO(answer.read())
    with tarfile.open(fileobj=packed, mode="r:gz") as files:
        files.extractall(installed, filter="data")
    return (installed / "package").rename(installed / "nousnous")


def test_an_imported_script_tells_what_happens_and_is_begun_once(browser: Browser, house: House, package: Path) -> None:
    with shop_of(house) as shop:
        context = visitor(browser)
        page = context.new_page()
        sources = {
            "nousnous.js": (package / "connect.js").read_text(),
            "application.js": f"""import {{ connect }} from "./nousnous.js";
              const given = {{ key: "{shop.key}", host: "{house.address}/" }};
              connect(given).track("Begun by an Import", {{ value: connect(given) === window.nous }});""",
        }

        def hand_out(route: Route) -> None:
            route.fulfill(body=sources[route.request.url.rsplit("/", 1)[-1]], content_type="text/javascript")

        page.route("**/bundled/*", hand_out)
        page.route("**/sdk/nous.js", lambda route: route.abort())
        page.goto(shop.address + "/plain.html")
        page.add_script_tag(url=shop.address + "/bundled/application.js", type="module")
        found = shop.wait_for(page, lambda names: {"Begun by an Import", "Page Viewed"} <= set(names))
        context.close()
    assert [one["properties"]["value"] for one in found if one["event"] == "Begun by an Import"] == [True]


def test_importing_alone_does_nothing_even_where_there_is_no_page(package: Path) -> None:
    asked = "import('nousnous').then((all) => console.log(Object.keys(all).join()))"
    assert output_of("node", "--input-type=module", "--eval", asked, cwd=package.parent.parent) == "connect\n"


def test_its_types_say_what_may_be_called(package: Path) -> None:
    application = package.parent.parent / "application.mts"
    application.write_text(USED)
    compiler = ROOT / "browser/node_modules/.bin/tsc"
    assert output_of(str(compiler), *COMPILED, str(application), cwd=application.parent) == ""


def test_its_files_are_of_this_version_and_name_no_host(package: Path) -> None:
    told = json.loads((package / "package.json").read_text())
    assert told["version"] == tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    texts = {path.name: path.read_text() for path in package.iterdir()}
    hosts = {name: re.findall(r"https?://[\w.-]*\w\.\w+", text) for name, text in texts.items()}
    assert {name for name, found in hosts.items() if found} == set()
