"""Every test session has a home of its own."""

import os
import tempfile

os.environ["NOUS_HOME"] = tempfile.mkdtemp(prefix="nous-test-")
