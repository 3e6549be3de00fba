"""Tests of the rules of `renewals`."""
