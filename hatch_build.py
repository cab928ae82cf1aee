"""Build the browser's files with npm, inside the wheel's build; none of them is committed."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).parent
BUILT = ROOT / "src/nousnous/site/static/built"


def build() -> None:
    browser = ROOT / "browser"
    if not (browser / "node_modules").is_dir():
        subprocess.run(
            ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=browser, check=True
        )
    shutil.rmtree(BUILT, ignore_errors=True)
    subprocess.run(["node", "build.mjs", str(BUILT)], cwd=browser, check=True)


class CustomBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if not os.environ.get("NOUS_SKIP_BROWSER_BUILD"):
            build()


if __name__ == "__main__":
    build()
