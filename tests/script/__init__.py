"""Tests of the commands in script/."""
