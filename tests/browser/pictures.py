"""Compare a page with its stored picture. Delete the file to store it again; a new picture must be looked at first.

What is compared are patches of eight pixels, so that the edges of letters, which a browser may draw otherwise from one
version to the next, weigh little. A chart, a column, a colour or a space that is another one is seen; a number is not:
other tests look at those.
"""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

STORED = Path(__file__).parent / "stored"
COLOURS = 256
PATCH = 8
OTHER, MOST_OTHER_SHARE = 20, 0.002
MOST_TALLER = 4


def trouble(name: str, shot: bytes, seen: Path) -> str | None:
    """What is other than stored; the page as it is now is left in a folder, to be looked at."""
    page, path = Image.open(BytesIO(shot)).convert("RGB"), STORED / f"{name}.png"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        page.quantize(COLOURS).save(path, optimize=True)
        return f"{name} is stored now; look at it and run the test again"
    before = Image.open(path).convert("RGB")
    if page.width != before.width or abs(page.height - before.height) > MOST_TALLER:
        found = f"is {page.width} by {page.height} pixels and was {before.width} by {before.height}"
    elif (share := other_share(before, page)) > MOST_OTHER_SHARE:
        found = f"looks otherwise in {share:.1%} of its patches"
    else:
        return None
    page.save(seen / path.name)
    return f"{name} {found}; see {seen / path.name}"


def other_share(before: Image.Image, now: Image.Image) -> float:
    size = before.width // PATCH, min(before.height, now.height) // PATCH
    box = (0, 0, size[0] * PATCH, size[1] * PATCH)
    one, other = (np.asarray(image.resize(size, Image.Resampling.BOX, box), dtype=np.int16) for image in (before, now))
    return float((np.abs(one - other).max(axis=2) > OTHER).mean())
