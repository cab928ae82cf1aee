"""`make demo` is one command: the gap table, a sign-in address with the right port, and the site."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx

NOUS = Path(sys.executable).with_name("nous")


def test_an_opened_demo_shows_its_gaps_and_lets_its_owner_in(tmp_path: Path) -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("NOUS_", "DJANGO_"))}
    environment = bare | {"NOUS_HOME": str(tmp_path), "NOUS_ADDRESS": "http://localhost:8077"}
    small = ("--people", "100", "--days", "60")
    subprocess.run([NOUS, "demo", "build", *small], env=environment, check=True, capture_output=True, timeout=120)
    command = [NOUS, "demo", "open", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as opened:
        assert opened.stdout is not None
        told = ""
        while "Nous-Nous is at" not in told:
            line = opened.stdout.readline()
            assert line, told
            told += line
        site = told.rsplit("Nous-Nous is at ", 1)[1].strip()
        address = re.search(r"http://localhost:8077(/sign-in/once_\w+)", told)
        assert address is not None
        with httpx.Client(base_url=site, follow_redirects=True, timeout=60) as client:
            client.get(address[1])
            page = client.get("/w/northwind/gap/")
        opened.terminate()
    assert "made-up" in told.split("Sign in")[0]
    assert page.status_code == 200
    assert "made-up" in page.text
