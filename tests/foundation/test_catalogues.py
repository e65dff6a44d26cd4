import os
import shutil

import polib
import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, trans_real

from foundation import catalogues as module
from foundation.catalogues import (
    catalogues,
    compile_catalogue,
    disagreements,
    forget_loaded,
    missing_in,
    problems_of,
)


def catalogue(folder, *entries):
    path = folder / "zh_Hans" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    file = polib.POFile()
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=1; plural=0;"}
    file.extend(polib.POEntry(**entry) for entry in entries)
    file.save(str(path))
    return path


def test_a_catalogue_is_compiled_without_gettext_and_only_when_it_has_changed(tmp_path):
    path = catalogue(tmp_path, {"msgid": "Waiting", "msgstr": "等待中"})
    assert compile_catalogue(path) is True
    assert compile_catalogue(path) is False
    assert polib.mofile(str(path.with_suffix(".mo"))).find("Waiting").msgstr == "等待中"
    later = path.stat().st_mtime + 10
    os.utime(path, (later, later))
    assert compile_catalogue(path) is True


def test_fuzzy_missing_and_unfitting_translations_are_named_and_sound_ones_are_not(tmp_path):
    path = catalogue(
        tmp_path,
        {"msgid": "Good", "msgstr": "好"},
        {"msgid": "Old", "msgstr": "", "obsolete": True},
        {"msgid": "%(n)s post", "msgid_plural": "%(n)s posts", "msgstr_plural": {0: "%(n)s个岗位"}},
        {"msgid": "Fuzzy", "msgstr": "猜", "flags": ["fuzzy"]},
        {"msgid": "Empty", "msgstr": ""},
        {"msgid": "%(unit)s has %(n)s", "msgstr": "%(unit)s有"},
        {"msgid": "Row %(row)s", "msgstr": "第%(raw)s行"},
    )
    found = sorted(problem.partition(": ")[2].split("'")[1] for problem in problems_of(path))
    assert found == ["%(unit)s has %(n)s", "Empty", "Fuzzy", "Row %(row)s"]


def test_a_text_that_two_rooms_translate_differently_is_named_unless_a_context_tells_them_apart(tmp_path):
    first = catalogue(
        tmp_path / "a",
        {"msgid": "Held", "msgstr": "已锁定"},
        {"msgid": "Unit", "msgstr": "单位"},
        {"msgid": "Old", "msgstr": "旧", "obsolete": True},
        {"msgid": "%(n)s post", "msgid_plural": "%(n)s posts", "msgstr_plural": {0: "%(n)s个岗位"}},
    )
    second = catalogue(
        tmp_path / "b",
        {"msgid": "Held", "msgstr": "已举办"},
        {"msgid": "Unit", "msgstr": "单位"},
        {"msgid": "Unit", "msgctxt": "of a figure", "msgstr": "计量单位"},
        {"msgid": "Old", "msgstr": "老"},
        {"msgid": "%(n)s post", "msgid_plural": "%(n)s posts", "msgstr_plural": {0: "%(n)s个编制"}},
    )
    assert [line.split("'")[1] for line in disagreements([first, second])] == ["Held", "%(n)s post"]


def test_all_rooms_say_the_same_thing_in_the_same_words():
    assert list(disagreements(path for path in catalogues() if "zh_Hans" in path.parts)) == []


def test_the_command_fails_on_a_problem(tmp_path, monkeypatch, capsys):
    path = catalogue(tmp_path, {"msgid": "Empty", "msgstr": ""})
    monkeypatch.setattr("foundation.management.commands.check_messages.catalogues", lambda: [path])
    monkeypatch.setattr("foundation.management.commands.check_messages.missing_in", lambda language: [])
    with pytest.raises(CommandError):
        call_command("check_messages")
    assert "'Empty' is not translated" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs gettext: apt-get install gettext")
def test_a_text_of_the_code_that_is_in_no_catalogue_is_found(tmp_path, monkeypatch, settings):
    room = tmp_path / "tree" / "room"
    room.mkdir(parents=True)
    (room / "verbs.py").write_text('_("In the catalogue")\n_("In no catalogue")\n')
    catalogue(room / "locale", {"msgid": "In the catalogue", "msgstr": "在"})
    shutil.copy(settings.BASE_DIR / "manage.py", tmp_path / "tree")
    settings.BASE_DIR = tmp_path / "tree"
    monkeypatch.setattr(module, "rooms", lambda: [room])
    monkeypatch.setenv("PYTHONPATH", str(module.Path(__file__).resolve().parents[2]))
    assert missing_in("zh_Hans") == ["room: 'In no catalogue'"]


def test_catalogues_compiled_while_a_process_runs_are_read_by_that_process():
    """The first start compiles them and makes the demo's lists in the same process: they must be Chinese."""
    before = trans_real.translation("zh-hans")
    forget_loaded()
    assert (trans_real.translation("zh-hans") is before, gettext("Release now")) == (False, "立即公布")
