"""Every test session has a home of its own."""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from django.conf import settings

HOME = Path(tempfile.mkdtemp(prefix="nous-test-"))
os.environ["NOUS_HOME"] = str(HOME)
settings.NOUS = replace(settings.NOUS, home=HOME)  # pytest-django has read the settings before this file
