"""Tests of `renewals`."""
