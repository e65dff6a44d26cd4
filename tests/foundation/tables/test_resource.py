import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone, translation
from import_export import fields

from foundation.jobs.models import Lease
from foundation.tables.headers import read_tables
from foundation.tables.layout import Field, TableLayout
from foundation.tables.resource import KeyWidget, TableResource, import_table
from foundation.tables.workbook import open_workbook

LAYOUT = TableLayout(
    "leases",
    (
        Field("name", "name", ("名称",), required=True),
        Field("holder", "holder", ("持有人",), required=True),
        Field("expires_at", "expires", ("到期",)),
    ),
)

pytestmark = pytest.mark.django_db


class LeaseResource(TableResource):
    """The smallest model there is, with a rule of its own."""

    holder = fields.Field(attribute="holder", column_name="holder")

    class Meta(TableResource.Meta):
        model = Lease
        import_id_fields = ("name",)
        fields = ("name", "holder", "expires_at")

    def before_import_row(self, row, **kwargs):
        super().before_import_row(row, **kwargs)
        if not row["holder"]:
            raise ValidationError({"holder": "Name the holder."})


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def leases(*rows: str):
    content = "\n".join(["名称,持有人,到期", *rows, ""]).encode()
    (table,) = read_tables(open_workbook(content, "leases.csv"), LAYOUT)
    return table


def stored() -> dict[str, str]:
    return dict(Lease.objects.values_list("name", "holder"))


def row(name: str, holder: str) -> str:
    return f"{name},{holder},2026-03-20 09:00:00"


def counts(outcome):
    (sheet,) = outcome.sheets
    return sheet.rows, sheet.new, sheet.changed, sheet.unchanged, [(r.row, r.column) for r in sheet.refused]


def test_rows_are_new_then_unchanged_then_changed():
    first = import_table(LeaseResource(), leases(row("a", "x"), row("b", "y")))
    again = import_table(LeaseResource(), leases(row("a", "x"), row("b", "y")))
    changed = import_table(LeaseResource(), leases(row("a", "x"), row("b", "z"), row("c", "w")))

    assert [counts(one) for one in (first, again, changed)] == [
        (2, 2, 0, 0, []),
        (2, 0, 0, 2, []),
        (3, 1, 1, 1, []),
    ]
    assert stored() == {"a": "x", "b": "z", "c": "w"}


def test_a_preview_counts_and_leaves_nothing_behind():
    Lease.objects.create(name="a", holder="x", expires_at=timezone.now())
    outcome = import_table(LeaseResource(), leases(row("a", "new"), row("b", "y")), dry_run=True)
    assert (counts(outcome), outcome.saved, stored()) == ((2, 1, 1, 0, []), False, {"a": "x"})


def test_one_refused_row_saves_nothing_and_says_where():
    outcome = import_table(LeaseResource(), leases(row("a", "x"), row("b", "")))
    assert (counts(outcome), outcome.saved, stored()) == ((2, 1, 0, 0, [(3, "B")]), False, {})
    assert outcome.to_json() == {
        "saved": False,
        "sheets": [
            {
                "name": "leases", "header_row": 1, "rows": 2, "new": 1, "changed": 0, "unchanged": 0,
                "refused": [{"row": 3, "column": "B", "message": "Name the holder."}],
            }
        ],
    }  # fmt: skip


def test_the_same_key_twice_is_refused():
    outcome = import_table(LeaseResource(), leases(row("a", "x"), row("a", "y")))
    assert ([r.message for r in outcome.sheets[0].refused], stored()) == (
        ["“a” stands in an earlier row already. Each may stand once."],
        {},
    )


def test_a_value_of_the_wrong_kind_is_refused():
    outcome = import_table(LeaseResource(), leases("a,x,soon"))
    assert ([(r.row, r.column) for r in outcome.sheets[0].refused], stored()) == ([(2, "C")], {})


@pytest.mark.parametrize("many", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_rows(many, django_assert_num_queries):
    Lease.objects.bulk_create(Lease(name=f"old{n}", holder="x", expires_at=timezone.now()) for n in range(many))
    rows = [row(f"old{n}", "y") for n in range(many)] + [row(f"new{n}", "y") for n in range(many)]
    table = leases(*rows)
    with django_assert_num_queries(11):
        outcome = import_table(LeaseResource(), table)
    assert counts(outcome)[1:4] == (many, many, 0)


def test_exports_are_guarded():
    Lease.objects.create(name="=1+1", holder="@x", expires_at=datetime.datetime(2026, 3, 20, tzinfo=datetime.UTC))
    dataset = LeaseResource().export()
    assert (dataset.dict[0]["name"], dataset.dict[0]["holder"]) == ("'=1+1", "'@x")


def test_a_missing_foreign_key_is_named():
    widget = KeyWidget(Lease, field="name")
    with pytest.raises(ValidationError) as caught:
        widget.clean("nobody")
    assert caught.value.messages == ["There is no lease “nobody”. Add it first, or correct the cell."]


def test_a_foreign_key_is_found_without_a_query_per_row(django_assert_num_queries):
    for name in "abc":
        Lease.objects.create(name=name, holder="x", expires_at=timezone.now())
    widget = KeyWidget(Lease, field="name")
    with django_assert_num_queries(1):
        found: list[models.Model] = [widget.clean(name) for name in "abcabc"]
    assert [one.pk for one in found] == list("abcabc")
