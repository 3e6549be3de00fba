"""The rules of the house that import-linter cannot see, and its measures."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("interface", "accounts", "advisors", "licences", "renewals", "config")
APPS = FLOORS[1:5]
SOURCES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
WRITERS = ("services", "outbox", "audit", "migrations", "demo", "management")
VERBS = {"create", "bulk_create", "update", "bulk_update", "delete", "save", "get_or_create", "update_or_create"}
WRITES = VERBS | {f"a{verb}" for verb in VERBS}
# Django's own verb for a new user, which createsuperuser and allauth look for on the manager.
EXCUSED = {("accounts/models.py", "create_user")}
WRITING_SQL = ("insert into ", "update ", "delete from ", "truncate ")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return node.end_lineno - node.lineno + 1


def filled_lines(path: Path) -> int:
    return sum(bool(line.strip()) for line in path.read_text().splitlines())


def is_view(path: Path) -> bool:
    return "views" in path.relative_to(ROOT).with_suffix("").parts


def test_no_foreign_key_points_upwards():
    upwards = [
        f"{model._meta.label}.{field.name}"
        for label in APPS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if (field.concrete and field.related_model and field.related_model._meta.app_label in FLOORS)
        and FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(label)
    ]
    assert upwards == []


def test_only_services_write():
    assert [line for path in SOURCES if not is_writer(path) for line in writes(path)] == []


def is_writer(path: Path) -> bool:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[0] in {"config", "interface"} or any(part in WRITERS for part in parts)


def writes(path: Path) -> Iterator[str]:
    tree = tree_of(path)
    excused = {
        inner
        for function in functions(tree)
        if (relative(path), function.name) in EXCUSED
        for inner in ast.walk(function)
    }
    for node in ast.walk(tree):
        if node in excused:
            continue
        if is_orm_write(node) or is_writing_sql(node):
            yield f"{relative(path)}:{node.lineno}"


def is_orm_write(node: ast.AST) -> bool:
    """A call such as `objects.create(…)`; `super().save` and a session's or a dictionary's `update` are none."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES):
        return False
    subject = ast.unparse(node.func.value)
    return not (subject.startswith("super(") or subject.endswith(("session", "cleaned_data", "context", "headers")))


def is_writing_sql(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
        return False
    words = node.value.strip().lower()
    return words.startswith(WRITING_SQL) and (" set " in words or not words.startswith("update "))


def test_every_module_says_what_it_is():
    silent = [
        relative(path) for path in SOURCES if "migrations" not in path.parts and not ast.get_docstring(tree_of(path))
    ]
    assert silent == []


def test_own_modules_are_imported_at_the_top():
    inside = [
        f"{relative(path)}:{node.lineno}"
        for path in SOURCES
        for function in functions(tree_of(path))
        if not (path.name == "apps.py" and function.name == "ready")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and set(imported(node)) & set(FLOORS)
    ]
    assert inside == []


def imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    return [name.split(".")[0] for name in names]


def test_functions_are_short():
    long = [
        f"{relative(path)}:{node.lineno} {node.name} has {length(node)} lines"
        for path in SOURCES
        if "migrations" not in path.parts
        for node in functions(tree_of(path))
        if length(node) > (25 if is_view(path) else 50)
    ]
    assert long == []


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [
        ("{app}/**/*.py", 400),
        ("tests/**/*.py", 400),
        ("script/*.py", 400),
        ("templates/**/*.*", 150),
        ("config/settings.py", 250),
    ],
)
def test_files_are_short(pattern: str, limit: int):
    patterns = [pattern.format(app=floor) for floor in FLOORS] if "{app}" in pattern else [pattern]
    files = [path for each in patterns for path in ROOT.glob(each) if "migrations" not in path.parts]
    assert {relative(path): filled_lines(path) for path in files if filled_lines(path) > limit} == {}
