"""Loaded with -p, before any settings are read: chooses the database role and how deep hypothesis digs."""

import os

from hypothesis import settings

os.environ["COTERM_ROLE"] = "owner"

settings.register_profile("plain", max_examples=300, deadline=None)
settings.register_profile("deep", max_examples=10_000, deadline=None)
settings.load_profile("deep" if os.environ.get("COTERM_DEEP") else "plain")
