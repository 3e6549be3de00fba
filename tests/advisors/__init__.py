"""Tests of `advisors`."""
