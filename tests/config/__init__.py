"""Tests of how Coterm is started and stopped."""
