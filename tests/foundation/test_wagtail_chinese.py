"""The back office speaks Chinese throughout: what Wagtail's own Chinese leaves out, our catalogue adds."""

from pathlib import Path

import polib
import pytest
from django.apps import apps
from django.utils.translation.trans_real import DjangoTranslation

from foundation.catalogues import catalogues, problems_of

WAGTAIL = [Path(app.path) for app in apps.get_app_configs() if app.name.split(".")[0] == "wagtail"]


def key(entry):
    return f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid


def left_in_english(folder, domain, catalogue):
    """The texts of Wagtail's English catalogue in `folder` that `catalogue` has no words for."""
    source = folder / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
    if not source.exists():
        return []
    plural = catalogue.plural(2)
    return [
        entry.msgid
        for entry in polib.pofile(str(source))
        if not entry.obsolete and not catalogue.get((key(entry), plural) if entry.msgid_plural else key(entry))
    ]


class Merged:
    """What a page looks texts up in: every installed app's Chinese and ours over it."""

    def __init__(self, domain, folders=None):
        self.translation = DjangoTranslation("zh-hans", domain=domain, localedirs=folders)
        self.plural = self.translation.plural

    def get(self, text):
        return self.translation._catalog.get(text)


@pytest.mark.parametrize("folder", WAGTAIL, ids=lambda path: path.name)
def test_no_text_of_an_installed_part_of_wagtail_stays_english(folder):
    assert left_in_english(folder, "django", Merged("django")) == []


def test_no_text_of_wagtails_scripts_stays_english():
    admin = next(path for path in WAGTAIL if path.name == "admin")
    assert left_in_english(admin, "djangojs", Merged("djangojs", [str(admin / "locale")])) == []


def test_a_text_that_wagtail_leaves_english_would_be_found():
    catalogue = Merged("django")
    catalogue.translation._catalog._catalogs.clear()
    admin = next(path for path in WAGTAIL if path.name == "admin")
    assert "Go to the first error" in left_in_english(admin, "django", catalogue)


def test_our_additions_are_complete_and_keep_their_places():
    ours = [path for path in catalogues() if path.parents[2].name == "locale" and path.parents[3].name != "foundation"]
    added = [path for path in ours if (path.parents[3] / "manage.py").exists()]
    assert {path.name for path in added} == {"django.po", "djangojs.po"}
    assert [problem for path in added for problem in problems_of(path)] == []
