"""What a scanner finds that knows nothing of us: wapiti, signed in as an owner, behind TLS, over one of everything.

    python -m bench.scan [--seconds 20] [--write]

Each of its modules may attack for so many seconds. The scanner is no part of the lock: `uv` fetches it, pinned, into a
place of its own; where the index cannot be reached, that is said and nothing is written.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from bench.front import fronted
from bench.parts import number, trial
from bench.planted import WORD, planted
from tests.browser.house import House, free_port

TABLE = Path(__file__).parents[1] / "docs" / "reference" / "scan.md"
WAPITI = [str(Path(sys.executable).with_name("uv")), "tool", "run", "--quiet", "--from", "wapiti3==3.2.3", "wapiti"]
SECONDS, READING_S, PATIENCE_S = 20, 120, 30
MODULES = (
    *("backup", "brute_login_form", "buster", "cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess"),
    *("http_headers", "ldap", "methods", "permanentxss", "redirect", "shellshock", "spring4shell", "sql", "timesql"),
    *("upload", "xss"),
)
LEFT_OUT = {
    "cms, htp, nikto, wapp, wp_enum, network_device": "know other products by lists that they fetch",
    "log4shell, ssrf, xxe, takeover": "want a server of theirs that the site calls, or names of the internet",
    "ssl, https_redirect": "look at whoever ends TLS in front of the site",
}
LEFT_ALONE = ("/sign-out/", "/account/*")
"""They would end the session, or change the way in."""
OPEN_FORMS = ("/s/", "/help/", "/vote/")
"""Nobody is signed in there: the state of the form is signed, or its token is in a cookie that no other site sends."""


HEAD = f"""# What a scanner finds

Written by `make soak-scan`: {{version}}, signed in as an owner, behind TLS, over a workspace with one of everything.
Each module attacks for at most {{seconds}} seconds.

{{crawled_pages_nbr}} addresses and forms, {{requests:,}} requests, {{new}} findings.

{{known}} forms below {", ".join(OPEN_FORMS)} have no token against forgery: nobody is signed in there,
and the state of the form is signed, or its token is in a cookie that no other site sends. Each of {{refuted}} claims
that a form does not check its token was tried again with a wrong one, and refused.

Modules: {", ".join(MODULES)}.

| left out | for they |
| --- | --- |
"""


class Finding(NamedTuple):
    kind: str
    method: str
    path: str
    told: str

    @property
    def known(self) -> bool:
        return self.told == "Lack of anti CSRF token" and self.path.startswith(OPEN_FORMS)

    def refuted(self, client: httpx.Client, address: str) -> bool:
        """Whether a form of which it says that nobody checks the token refuses a wrong one, and only that.

        It compares what it sends with a right and with a wrong one, and sends the first with two types of content.
        """
        if "is not properly checked" not in self.told:
            return False
        wrong = {"csrfmiddlewaretoken": "x" * 64}
        answer = client.post(f"{address}{self.path}", data=wrong, headers={"Referer": f"{address}/"})
        return answer.status_code == 403 and "This form is too old" in answer.text


def main() -> int:
    there = subprocess.run([*WAPITI, "--version"], capture_output=True, text=True, check=False)
    if there.returncode:
        print("not run:", (there.stderr.strip().splitlines() or ["no answer"])[-1], file=sys.stderr)
        return 0
    seconds, outer = number("--seconds", SECONDS), free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        planted(NOUS_ADDRESS=f"https://localhost:{outer}") as house,
        fronted(outer, int(house.address.rsplit(":", 1)[1]), Path(folder)) as front,
    ):
        address = f"https://localhost:{outer}"
        with httpx.Client(verify=False, follow_redirects=True, timeout=60) as client:  # our own certificate
            _sign_in(client, house, address)
            report = scanned(client, address, Path(folder), seconds)
            claimed = list(findings(report))
            found = [one for one in claimed if not one.refuted(client, address)]
    report["infos"] |= {"refuted": len(claimed) - len(found), "seconds": seconds, "requests": front["requests"]}
    wrong = [" ".join(one) for one in found if not one.known]
    return trial(TABLE, "\n".join(page(report["infos"], found)) + "\n", wrong)


def _sign_in(client: httpx.Client, house: House, address: str) -> None:
    secret = house.sign_in_address(f"owner@{WORD}.example").rsplit("/", 1)[-1]
    for path in (f"/sign-in/{secret}", f"/w/{WORD}/settings/keys/"):
        client.get(address + path).raise_for_status()


def scanned(client: httpx.Client, address: str, folder: Path, seconds: int) -> dict[str, Any]:
    """What the scanner reports after it has read all that links lead to."""
    cookies = "; ".join(f"{name}={client.cookies[name]}" for name in ("nous_session", "nous_csrf"))
    options = ["--url", f"{address}/", "--start", f"{address}/w/{WORD}/", "--scope", "domain", "-C", cookies]
    options += [word for place in LEFT_ALONE for word in ("--exclude", f"{address}{place}")]
    options += ["--header", f"Referer: {address}/"]  # browsers say it, and forms are refused without
    options += ["--module", ",".join(MODULES), "--depth", "4", "--timeout", str(PATIENCE_S)]
    options += ["--max-scan-time", str(READING_S), "--max-attack-time", str(seconds), "--tasks", "4"]
    options += ["--store-session", str(folder / "session"), "--store-config", str(folder / "config"), "--no-bugreport"]
    options += ["--format", "json", "--output", str(folder / "found.json"), "--verbose", "0"]
    subprocess.run([*WAPITI, *options], check=True, stdout=sys.stderr)
    report: dict[str, Any] = json.loads((folder / "found.json").read_text())
    return report


def findings(report: Mapping[str, Any]) -> Iterator[Finding]:
    for part in ("vulnerabilities", "anomalies"):
        for kind, those in report[part].items():
            for one in those:
                yield Finding(kind, one["method"], one["path"], one["info"])


def page(told: Mapping[str, Any], found: Sequence[Finding]) -> Iterator[str]:
    new = [one for one in found if not one.known]
    yield HEAD.format(**told, new=len(new), known=len(found) - len(new)).rstrip("\n")
    yield from (f"| {names} | {reason} |" for names, reason in LEFT_OUT.items())
    yield from (f"\n- {one.kind}: {one.method} {one.path}, {one.told}" for one in new)


if __name__ == "__main__":
    sys.exit(main())
