"""A home with one of everything, every text of which holds its own word, and a server for it.

`python -m bench.planted` fills the home that the environment names; answers the names of its things, and a token.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.house import House, environment_of, free_port, served
from tests.records import ready

WORD = "quokka"


@contextmanager
def planted(**settings: str) -> Iterator[House]:
    """A served house; its things have the token of an owner as `secret`."""
    with tempfile.TemporaryDirectory(prefix="nous-planted-") as folder:
        port = free_port()
        environment = environment_of(ready(Path(folder) / "home"), port, PYTHONFAULTHANDLER="1", **settings)
        house = House(f"http://localhost:{port}", environment, {})
        house.things = json.loads(house.python("-m", "bench.planted").splitlines()[-1])
        with served(house):
            yield house


def main() -> None:
    import django

    django.setup()
    from tests.site.planted import plant

    from nousnous.workspaces.actions import create_token

    made = plant(WORD, Path(os.environ["NOUS_HOME"]))
    told = {name: str(value) for name, value in made.own.items()}
    json.dump(told | {"workspace": WORD, "secret": create_token(made.workspace)[1]}, sys.stdout)


if __name__ == "__main__":
    main()
