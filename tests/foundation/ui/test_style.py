"""The page of the house style: every component once, for staff and for whoever sits at the machine."""

import re

import pytest
from django.template.loader import get_template

from foundation.ui import samples

pytestmark = pytest.mark.django_db
REMOTE = {"REMOTE_ADDR": "203.0.113.7"}


def test_strangers_from_elsewhere_find_no_such_page_and_staff_do(client, staff):
    assert client.get("/style/", **REMOTE).status_code == 404
    assert client.get("/style/", **REMOTE, HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 404
    assert client.get("/style/").status_code == 200
    client.force_login(staff("unit_hr"))
    assert client.get("/style/", **REMOTE).status_code == 200


def test_every_component_is_shown(client):
    source = get_template("ui/style.html").template.source
    folder = get_template("ui/style.html").origin.name.removesuffix("style.html") + "components"
    from pathlib import Path

    names = {path.stem for path in Path(folder).glob("*.html")} - {"pagination"}
    assert names <= set(re.findall(r"{% (\w+) ", source))


def test_the_colours_shown_are_those_of_the_tokens(settings):
    tokens = (settings.BASE_DIR / "foundation/static/ui/tokens.css").read_text(encoding="utf-8")
    sheet = (settings.BASE_DIR / "foundation/static/ui/style.css").read_text(encoding="utf-8")
    for name in samples.COLOURS:
        assert f"--{name}:" in tokens
        assert f".swatch--{name} {{ background: var(--{name}) }}" in sheet
