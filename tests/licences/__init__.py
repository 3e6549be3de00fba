"""Tests of `licences`."""
