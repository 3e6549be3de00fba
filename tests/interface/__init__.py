"""Tests of the interface app."""
