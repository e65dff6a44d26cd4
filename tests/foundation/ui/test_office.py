"""The one scoped viewset: what lies outside a person's rows does not exist in any of its views."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth import get_user_model
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.log_actions import log

from accounts.enums import Role
from accounts.models import Unit
from foundation.errors import Refused
from foundation.ui import office, registers
from foundation.ui.office import Todo, act, todos_of
from tests.foundation.ui.office_urls import units

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.foundation.ui.office_urls")]

OF_ONE_ROW = ("inspect", "edit", "delete", "history", "history_results", "usage", "copy")
LISTS = ("index", "index_results")


@pytest.fixture
def clerk(client, staff):
    user = staff(Role.UNIT_HR, username="clerk")
    client.force_login(user)
    return user


@pytest.fixture
def hospital(make_unit):
    return make_unit("H1", name="城北医院")


@pytest.fixture
def school(make_unit):
    return make_unit("S1", name="城南学校")


def url(name, *args):
    return reverse(f"sample_units:{name}", args=args)


def test_the_sample_has_every_kind_of_view_that_wagtail_makes():
    assert {pattern.name for pattern in units.get_urlpatterns()} == {*LISTS, *OF_ONE_ROW, "add"}


@pytest.mark.parametrize("view", OF_ONE_ROW)
def test_a_row_inside_the_scope_opens_in_every_view(client, clerk, hospital, view):
    assert client.get(url(view, hospital.pk)).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("view", OF_ONE_ROW)
def test_a_row_outside_the_scope_is_found_in_no_view_and_is_not_touched(client, clerk, school, view, method):
    answer = getattr(client, method)(url(view, school.pk), {"code": "S1", "name": "改名", "kind": "unit"})
    assert answer.status_code == 404
    assert "城南学校" not in answer.content.decode()
    assert Unit.objects.get(pk=school.pk).name == "城南学校"


@pytest.mark.parametrize("view", LISTS)
def test_lists_searches_and_exports_hold_the_scope_only(client, clerk, hospital, school, view):
    for query in ({}, {"q": "城"}, {"export": "csv"}):
        answer = client.get(url(view), query)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200
        assert ("城北医院" in content.decode(), "城南学校" in content.decode()) == (True, False), query


@pytest.mark.parametrize("view", [*LISTS, "add", *OF_ONE_ROW])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_rule_to_view_there_are_no_pages_at_all(client, staff, hospital, view, method):
    client.force_login(staff(Role.UNIT_HR, username="stranger"))
    args = [hospital.pk] if view in OF_ONE_ROW else []
    assert getattr(client, method)(url(view, *args)).status_code == 404


@pytest.mark.parametrize("view", ["add", "edit", "delete", "copy"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_reader_reads_and_changes_nothing(client, staff, hospital, view, method):
    client.force_login(staff(Role.UNIT_HR, username="reader"))
    assert client.get(url("inspect", hospital.pk)).status_code == 200
    args = [] if view == "add" else [hospital.pk]
    before = list(Unit.objects.order_by("pk").values())
    answer = getattr(client, method)(url(view, *args), {"code": "H9", "name": "新", "kind": "unit"})
    assert answer.status_code == 403
    assert answer.templates[0].name == "ui/office/denied.html"
    assert list(Unit.objects.order_by("pk").values()) == before


def test_the_history_of_a_row_shows_that_rows_entries_and_no_others(client, clerk, hospital, school, make_unit):
    other = make_unit("H2")
    for _number in range(other.pk + 1):  # so that no entry has the number of a unit
        log(instance=other, action="wagtail.edit", user=clerk, title="另一家")
    mine = log(instance=hospital, action="wagtail.edit", user=clerk, title=hospital.name)
    shown = client.get(url("history", hospital.pk)).context["object_list"]
    assert [entry.pk for entry in shown] == [mine.pk]


def test_an_export_cannot_carry_a_formula_into_a_spreadsheet_and_opens_in_chinese(client, clerk, make_unit):
    make_unit("H3", name="=HYPERLINK(1)")
    answer = client.get(url("index"), {"export": "csv"})
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").splitlines()
    assert lines[1] == "H3,'=HYPERLINK(1)"
    assert "clerk" in lines[-1]
    book = client.get(url("index"), {"export": "xlsx"})
    sheet = load_workbook(BytesIO(b"".join(book.streaming_content))).worksheets[0]
    cell = sheet["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", 1)


def test_a_list_asks_as_many_questions_for_thirty_rows_as_for_one(client, clerk, make_unit, django_assert_num_queries):
    make_unit("H1")
    client.get(url("index_results"))
    with django_assert_num_queries(6):
        client.get(url("index_results"))
    for number in range(2, 32):
        make_unit(f"H{number}")
    with django_assert_num_queries(6):
        client.get(url("index_results"))


def test_what_a_rule_does_not_allow_is_refused_unless_said():
    class Bare(registers.ScopedModelViewSet):
        model = Unit
        name = "bare"

    user = get_user_model()(username="clerk", is_active=True)
    assert not Bare().permission_policy.user_has_any_permission(user, ["view", "add", "change", "delete", "publish"])


class _Said(list):
    def add(self, level, message, extra_tags=""):
        self.append(str(message))


@pytest.mark.parametrize("refused", [False, True])
def test_an_act_answers_with_its_success_or_its_refusal_and_goes_back(refused):
    def verb():
        if refused:
            raise Refused("已关闭。没有保存任何内容。")

    request = RequestFactory().post("/admin/")
    request._messages = said = _Said()
    answer = act(request, verb, done="已完成。", back="/admin/back/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/back/")
    assert said == ["已关闭。没有保存任何内容。" if refused else "已完成。"]


def test_tasks_with_a_deadline_come_first_and_empty_ones_are_left_out(monkeypatch):
    soon, later = timezone.now(), timezone.now() + timedelta(days=1)
    tasks = [
        Todo("以后", 1, "/a/"),
        Todo("明天", 2, "/b/", later),
        Todo("没有", 0, "/c/", soon),
        Todo("今天", 3, "/d/", soon),
    ]
    monkeypatch.setattr(office, "TODOS", [lambda user: tasks])
    assert [task.label for task in todos_of(None)] == ["今天", "明天", "以后"]
