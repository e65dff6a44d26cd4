"""The page of settings and the settings themselves say the same."""

import ast
import re

from django.conf import settings

TYPES = {
    "": "text",
    "str": "text",
    "bool": "yes/no",
    "int": "number",
    "list": "list",
    "db": "address",
    "email_url": "address",
}


def read_from_the_environment():
    """Name → type of each `env…("NAME", …)` in config/settings.py."""
    found = {}
    for node in ast.walk(ast.parse((settings.BASE_DIR / "config" / "settings.py").read_text())):
        if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
            continue
        caller = node.func
        if isinstance(caller, ast.Name) and caller.id == "env":
            found[node.args[0].value] = TYPES[""]
        elif isinstance(caller, ast.Attribute) and isinstance(caller.value, ast.Name) and caller.value.id == "env":
            found[node.args[0].value] = TYPES[caller.attr]
    return found


def page():
    return (settings.BASE_DIR / "docs" / "operations" / "settings.md").read_text()


def test_the_page_lists_every_setting_with_its_type_and_no_other():
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| ([a-z/]+) \|", page(), re.MULTILINE)
    assert dict(rows) == read_from_the_environment()
    assert len(rows) == len(dict(rows))


def test_the_page_lists_every_check_and_no_other():
    source = (settings.BASE_DIR / "config" / "checks.py").read_text()
    warnings = {f"zhaoxian.W{int(number):03d}" for number in re.findall(r"_warn\(\s*(\d+),", source)}
    errors = set(re.findall(r'id="(zhaoxian\.E\d+)"', source))
    assert set(re.findall(r"`(zhaoxian\.[WE]\d+)`", page())) == warnings | errors
