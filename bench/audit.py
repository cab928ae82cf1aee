"""Whether anything that we stand on has a known hole; where nobody can be asked, that is said."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PIP_AUDIT: Final = "pip-audit==2.9.0"
LOCK: Final = "requirements/product.txt"


def run(*command: str, folder: Path = ROOT) -> tuple[int, str, str]:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, "", str(error)
    return done.returncode, done.stdout, done.stderr


def python_packages() -> tuple[str, list[str]]:
    """Why it was not run, or nothing; and the holes."""
    uv = str(Path(sys.executable).with_name("uv"))
    options = ("--requirement", LOCK, "--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off")
    _, written, trouble = run(uv, "tool", "run", "--from", PIP_AUDIT, "pip-audit", *options)
    try:
        packages = json.loads(written)["dependencies"]
    except ValueError:
        return (trouble.strip().splitlines() or ["no answer"])[-1], []
    unknown = [one for one in packages if "skip_reason" in one]
    holes = [f"{one['name']} {one['version']}: {hole['id']}" for one in packages for hole in one.get("vulns", [])]
    reason = f"{len(unknown)} of {len(packages)} packages are unknown there" if unknown and not holes else ""
    return reason, holes


def browser_packages(folder: str) -> tuple[str, list[str]]:
    """The same of what the browsers load."""
    _, written, trouble = run("npm", "audit", "--omit=dev", "--json", folder=ROOT / folder)
    try:
        told = json.loads(written)
    except ValueError:
        return (trouble.strip().splitlines() or ["no answer"])[0], []
    if "vulnerabilities" not in told:
        return str(told.get("message") or told.get("error") or "no answer").splitlines()[0], []
    return "", [f"{name}: {one['severity']}" for name, one in told["vulnerabilities"].items()]


def main() -> None:
    found = False
    for what, (reason, holes) in (
        (LOCK, python_packages()),
        ("browser/package-lock.json", browser_packages("browser")),
    ):
        if holes:
            found = True
            print(f"{what}: {len(holes)} known holes", *holes, sep="\n  ")
        else:
            print(f"{what}: {f'not run: {reason}' if reason else 'no known hole'}")
    sys.exit(found)


if __name__ == "__main__":
    main()
