"""How the tests run: with new random examples on a developer's machine, with fixed ones in CI.

A change must not fail for an example that has nothing to do with it; new ones are for those who
can look.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
