"""Every rule from R01 to R96 has a function or a type that names it, and a test that is named for it."""

import ast
import re
from pathlib import Path

import rulebook

SOURCE = Path(rulebook.__file__).parent
TESTS = Path(__file__).parent
RULES = set(range(1, 97))
COMPUTING = [path for path in SOURCE.rglob("*.py") if path.parent.name != "conditions"]


def rules_named(text: str) -> set[int]:
    single = {int(number) for number in re.findall(r"\bR(\d\d)\b", text)}
    ranges = re.findall(r"\bR(\d\d)–R(\d\d)\b", text)
    return single.union(*(range(int(first), int(last) + 1) for first, last in ranges))


def test_every_rule_is_named_where_it_is_computed() -> None:
    named: set[int] = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                named |= rules_named(ast.get_docstring(node) or "")
    assert RULES - named == set()


def test_every_rule_has_a_test_named_for_it() -> None:
    tested = {
        int(number)
        for path in TESTS.glob("*.py")
        for number in re.findall(r"def test_r(\d\d)_", path.read_text(encoding="utf-8"))
    }
    assert RULES - tested == set()


def test_the_rule_book_imports_nothing_of_ours_and_no_django() -> None:
    roots = {
        name.split(".")[0]
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _imported(node)
    }
    assert not roots & {"django", "accounts", "campaigns", "cms", "config", "foundation", "portal", "recruitment"}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []


def test_no_public_function_is_without_a_docstring_and_none_is_long() -> None:
    faults: list[str] = []
    for path in COMPUTING:
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > 400:
            faults.append(f"{path.name}: more than 400 lines")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                if not node.name.startswith("_") and not ast.get_docstring(node):
                    faults.append(f"{path.name}: {node.name} has no docstring")
                if (node.end_lineno or 0) - node.lineno >= 40:
                    faults.append(f"{path.name}: {node.name} is longer than 40 lines")
    assert faults == []


def test_no_rule_computes_with_binary_fractions() -> None:
    floats = {
        f"{path.name}:{node.lineno}"
        for path in COMPUTING
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float")
    }
    assert floats == set()
