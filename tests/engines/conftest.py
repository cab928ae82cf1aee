"""What `make test` has no room for is collected by `make soak-engines` alone."""

import os

collect_ignore = [] if "ENGINES_WHOLE" in os.environ else ["test_answers.py", "test_bucket.py"]
