#!/usr/bin/env python
"""Runs a management command under the database role that it needs."""

import os
import sys

from django.core.management import execute_from_command_line

OWNER = {"migrate", "sqlmigrate", "flush", "dbshell", "seed_demo", "create_programme_manager"}
WORKER = {
    "sweep_reminders",
    "send_mail",
    "pause_mail",
    "review_assignments",
    "seal_audit",
    "check_visibility",
    "verify_audit",
    "doctor",
    "import_licences",
}


def role_of(command: str) -> str:
    """One process, one role (3-tenancy, "Where the tenant is set")."""
    return "owner" if command in OWNER else "worker" if command in WORKER else "web"


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("COTERM_ROLE", role_of(sys.argv[1] if len(sys.argv) > 1 else ""))
    execute_from_command_line(sys.argv)
