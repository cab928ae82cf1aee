"""Where tests find what is not in the tree."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]


def _shared_data() -> Path:
    if given := os.environ.get("SHARED_DATA"):
        return Path(given)
    beside = [folder / "shared" / "data" for folder in ROOT.parents]
    return next((folder for folder in beside if folder.is_dir()), beside[0])


SHARED_DATA = _shared_data()
