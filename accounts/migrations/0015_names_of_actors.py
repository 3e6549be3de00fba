"""Who acted in one's own history stays readable when nothing is shared any more."""

from pathlib import Path

from django.db import migrations

from accounts.walls import sql_file

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_queue")]
    operations = [sql_file(SQL / "names.sql", undo="drop function coterm_names_of_actors(uuid[])")]
