"""Everything that the schema of the API promises, against a server that runs: schemathesis with all its checks.

    python -m bench.contract [--examples 20] [--write]

Each operation is asked what covers its schema, and so many random requests besides, with an owner's token; three in
four values of a parameter or field that names something name a thing that is there.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import tomlkit
from bench.parts import number, trial
from bench.planted import planted

ROOT = Path(__file__).parents[1]
TABLE = ROOT / "docs" / "reference" / "contract.md"
SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))
EXAMPLES, SEED = 20, 156
BELOW = "/api/v1/"
USUAL = ["2xx", "3xx", 401, 403, 404, 409, 429, "5xx"]
BEYOND = {
    "the text is a document with a language of its own": (
        *("POST cases/rotas", "POST experiments", "POST fixes", "POST journeys", "PUT journeys/{journey}"),
        *("POST plays", "POST segments", "POST surveys", "PUT surveys/{survey}", "PUT themes/file"),
    ),
    "the file has a form of its own": ("POST imports", "POST replays"),
    "one of several fields is needed, or one goes with another": (
        *("GET flags", "POST flags", "POST evidence", "POST cases/{case}/close", "POST surveys/{survey}/links"),
        *("POST credits", "GET gaps", "POST gaps/{journey}/simulate"),
    ),
    "what is right depends on what the workspace has": (
        *("POST beliefs", "POST language/audit/post", "POST language/labels", "POST language/scorers"),
        *("PUT credits/budget", "POST channels/{channel}/test", "POST plays/{play}/on"),
    ),
    "names and languages are tidied before they are read": (
        *("POST conversations/{conversation_id}/messages", "POST phrases/{phrase}", "PUT articles/{article}"),
        *("POST workshops", "PUT browsers", "PUT channels/{channel}"),
    ),
}
"""Why an operation may refuse with 422 what its schema allows: no schema can say it. Others take what theirs says."""
FORMED = {"from", "to", "cursor", "expires_at"}
TIMES = "days and moments lie between 1900 and 2999, cursors are taken from the page before"
HEAD = """# The contract of the API

Written by `make soak-contract`: schemathesis {version} with all its checks against a server that runs, every operation,
seed {seed}. It covers what each schema can say, then draws {examples} requests for each operation.

{operations} operations, {cases:,} requests, {failures:,} failures.

| check | answers looked at | failures |
| --- | ---: | ---: |
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        report = asked(Path(folder), number("--examples", EXAMPLES))
    wrong = [f"{one['title']}: {', '.join(one['operations'])}" for one in report["failures"]]
    wrong += [f"{one['title']}, {one['count']} times" for one in report["errors"]]
    return trial(TABLE, "\n".join(page(report)) + "\n", wrong)


def asked(folder: Path, examples: int) -> dict[str, Any]:
    """What schemathesis reports, with how often each check looked at answers and of which part."""
    command = [SCHEMATHESIS, "--config-file", str(folder / "config.toml"), "run"]
    options = ["--checks", "all", "--phases", "coverage,fuzzing", "--continue-on-failure", "--no-color"]
    options += ["--seed", str(SEED), "--max-examples", str(examples), "--suppress-health-check", "all"]
    for kind in ("json", "ndjson"):
        options += [f"--report-{kind}-path", str(folder / kind)]
    with planted() as house:
        address = f"{house.address}/api/openapi.json"
        beyond = {**BEYOND, TIMES: tuple(formed(httpx.get(address).raise_for_status().json()))}
        (folder / "config.toml").write_text(tomlkit.dumps(configuration(house.things, beyond)))
        options += ["--header", f"Authorization: Bearer {house.things['secret']}"]
        subprocess.run([*command, address, *options], check=False, cwd=folder, stdout=sys.stderr)
    report: dict[str, Any] = json.loads((folder / "json").read_text())
    return report | {"looks": looks((folder / "ndjson").read_text()), "examples": examples, "beyond": beyond}


def formed(schema: Mapping[str, Any]) -> Iterator[str]:
    """Operations that take days, moments or cursors: texts with a form of their own."""
    bodies = schema["components"]["schemas"]
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            names = {one["name"] for one in told.get("parameters", ())}
            content = told.get("requestBody", {}).get("content", {}).get("application/json", {})
            names |= (
                bodies.get(content.get("schema", {}).get("$ref", "").split("/")[-1], {}).get("properties", {}).keys()
            )
            name = f"{method.upper()} {path.removeprefix(BELOW)}"
            if names & FORMED and not any(name in those for those in BEYOND.values()):
                yield name


def configuration(things: Mapping[str, str], beyond: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """Values that name things, and which operations may refuse what their schema allows."""
    names = {name: value for name, value in things.items() if name not in {"workspace", "secret", "word", "message"}}
    given = {"dictionary": "", "probability": 0.75}
    bound = {f"{place}.{name}": given | {"dictionary": name} for name in names for place in ("path", "query", "body")}
    refusing = {"positive_data_acceptance": {"expected-statuses": [*USUAL, 422]}}
    return {
        "dictionaries": {name: {"values": [value]} for name, value in names.items()},
        "parameters": bound,
        "operations": [
            {"include-name": [one.replace(" ", f" {BELOW}", 1) for one in those], "checks": refusing}
            for those in beyond.values()
        ],
    }


def looks(events: str) -> dict[str, Counter[str]]:
    """Counts of answers by check, of failures by check, and of requests by part of the API."""
    seen: dict[str, Counter[str]] = {"checked": Counter(), "failed": Counter(), "parts": Counter()}
    for line in events.splitlines():
        told = json.loads(line).get("ScenarioFinished")
        if told is None:
            continue
        recorder = told["recorder"]
        seen["parts"][recorder["label"].split("/")[3]] += len(recorder["interactions"])
        for check in (one for checks in recorder["checks"].values() for one in checks):
            seen["checked"][check["name"]] += 1
            seen["failed"][check["name"]] += check["status"] == "failure"
    return seen


def page(report: Mapping[str, Any]) -> Iterator[str]:
    counts, seen = report["test_cases"], report["looks"]
    yield HEAD.format(
        version=report["schemathesis_version"],
        seed=SEED,
        examples=report["examples"],
        operations=report["operations"]["tested"],
        cases=counts["generated"],
        failures=counts["with_failures"],
    ).rstrip("\n")
    for name in sorted(seen["checked"]):
        yield f"| {name} | {seen['checked'][name]:,} | {seen['failed'][name]} |"
    asked = ", ".join(f"{name} {count:,}" for name, count in sorted(seen["parts"].items()))
    yield f"\nRequests by what follows `{BELOW}`: {asked}."
    yield "\nAn operation that takes what its schema allows may answer 422 only where no schema can say why:\n"
    for reason, those in report["beyond"].items():
        yield f"- {reason}: {', '.join(f'`{one}`' for one in those)}"


if __name__ == "__main__":
    sys.exit(main())
