"""Keys: time-ordered ids, and foreign keys that carry the tenant."""

import uuid
from datetime import datetime
from typing import Any

import uuid6
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import BaseConstraint, Field, Model


def new_id() -> uuid.UUID:
    """A UUIDv7: made here, because an insert into a table that one may not read cannot return its key."""
    return uuid.UUID(int=uuid6.uuid7().int)


def first_id(moment: datetime) -> uuid.UUID:
    """The lowest key that can have been made at that instant: an index on keys is one on time."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


class TenantForeignKey(BaseConstraint):
    """`fields` of this table must exist together as `to_fields` of `to`.

    A foreign key over the id alone accepts another tenant's row (3-tenancy, "Holes that were reproduced").
    """

    def __init__(
        self, *, name: str, fields: list[str], to: str, to_fields: list[str], on_delete: str = "NO ACTION"
    ) -> None:
        super().__init__(name=name)
        self.fields, self.to, self.to_fields, self.on_delete = tuple(fields), to, tuple(to_fields), on_delete

    def add_sql(self, model: type[Model], editor: BaseDatabaseSchemaEditor) -> str:
        target = model._meta.apps.get_model(self.to)
        here, there = columns(model, self.fields, editor), columns(target, self.to_fields, editor)
        return (
            f"ALTER TABLE {editor.quote_name(model._meta.db_table)} ADD CONSTRAINT {editor.quote_name(self.name)} "
            f"FOREIGN KEY ({here}) REFERENCES {editor.quote_name(target._meta.db_table)} ({there}) "
            f"ON DELETE {self.on_delete} DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]
        # Deferred, so that it follows the tables and the unique key it points at.
        schema_editor.deferred_sql.append(self.add_sql(model, schema_editor))

    def create_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]
        schema_editor.deferred_sql.append(self.add_sql(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table, name = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(self.name)
        return f"ALTER TABLE {table} DROP CONSTRAINT {name}"

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Left to the database: it sees rows that this actor may not."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TenantForeignKey) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash(self.name)

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        own = {"fields": list(self.fields), "to": self.to, "to_fields": list(self.to_fields)}
        return path, args, {**kwargs, **own, "on_delete": self.on_delete}


def columns(model: type[Model], fields: tuple[str, ...], editor: BaseDatabaseSchemaEditor) -> str:
    """The quoted column names of `fields`, for a clause of SQL."""
    found = [model._meta.get_field(name) for name in fields]
    return ", ".join(editor.quote_name(str(field.column)) for field in found if isinstance(field, Field))
