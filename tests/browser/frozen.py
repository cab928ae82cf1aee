"""The demo company at a moment that never passes, so that its pages look the same on every day.

`frozen.py furnish` fills the home and prints what tests have to know; anything else is a command of `nous`.
"""

import json
import sys

import django
from tests.browser.furnish import furnish

from nousnous.base import clock

MOMENT_US = 1_795_694_400_000_000  # noon of 26 November 2026


def main() -> None:
    if sys.argv[1:] == ["furnish"]:
        django.setup()
        sys.stdout.write(json.dumps(furnish(), default=str))
        return
    from nousnous.site.command import main as nous

    nous()


if __name__ == "__main__":
    with clock.frozen(MOMENT_US):
        main()
