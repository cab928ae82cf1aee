"""An undo that was killed takes all away when it is repeated: the rows, and who met whom in them."""

import json
import subprocess
import time
from pathlib import Path

from tests.collector.house import NOUS, House

from nousnous.facts.events import EVENTS

HEADER = "user_id,anonymous_id,event,time\n"


def test_an_undo_killed_after_its_deletion_unties_who_met_when_it_is_repeated(tmp_path: Path) -> None:
    house = House(tmp_path / "home")
    (tmp_path / "a.csv").write_text(f"{HEADER}eve,d1,buy,2024-01-03\n,d2,look,2024-01-01\n")
    (tmp_path / "b.csv").write_text(f"{HEADER}ada,d1,buy,2024-01-02\nada,d2,buy,2024-01-02\n")
    house.nous("import", "events", str(tmp_path / "a.csv"), "-w", "shop")
    wrong = json.loads(house.nous("import", "events", str(tmp_path / "b.csv"), "-w", "shop", "--json"))["id"]
    (log,) = house.home.glob("lake/*/events/_delta_log")
    versions = len(list(log.glob("*.json")))
    with subprocess.Popen([NOUS, "import", "undo", wrong, "-w", "shop"], env=house.environment) as undo:
        while len(list(log.glob("*.json"))) == versions and undo.poll() is None:
            time.sleep(0.001)
        undo.kill()
    assert undo.returncode == -9
    house.nous("import", "undo", wrong, "-w", "shop")
    assert {row["user_id"] for row in house.rows(EVENTS)} == {"eve", None}
    assert [persons_of(house, one) for one in ("d1", "d2")] == ["eve", "d2"]


def persons_of(house: House, device: str) -> str:
    document = json.loads(house.nous("person", "export", device, "-w", "shop"))
    return str(document["person_id"])
