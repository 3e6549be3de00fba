"""Loaded with -p, before any settings are read: the database role, how deep hypothesis digs, the collector's turns."""

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

os.environ["COTERM_ROLE"] = "owner"

settings.register_profile("plain", max_examples=300, deadline=None)
settings.register_profile("deep", max_examples=10_000, deadline=None)
settings.load_profile("deep" if os.environ.get("COTERM_DEEP") else "plain")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of collected tests live to the end of the run: nothing to look for among them, again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 20, 20)
        gc.enable()
