"""The base of every import-export resource: bulk writes, no query per row, and answers in the reader's language.

    class UnitResource(TableResource):
        class Meta(TableResource.Meta):
            model = Unit
            import_id_fields = ("code",)
            fields = ("code", "name", "parent")

    outcome = import_table(UnitResource(), table, dry_run=True)

For tables up to some tens of thousands of rows; the columns of the layout must be named as the resource's fields.
"""

from collections.abc import Iterable
from typing import Any

import tablib
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from import_export import resources, widgets
from import_export.instance_loaders import CachedInstanceLoader
from import_export.results import RowResult

from foundation.tables.export import safe_text
from foundation.tables.headers import Record, Table
from foundation.tables.outcome import ImportOutcome, SheetOutcome

BATCH = 1000


class TableResource(resources.ModelResource):
    """Writes in batches, updates included: one INSERT … ON CONFLICT for each thousand rows, on both databases.

    No signals are sent and no `save` is called: a resource whose rows must go through a verb calls that verb in
    `save_instance`. Rows equal to what is stored are skipped; the same key twice in a file is refused.
    """

    class Meta:
        use_bulk = True
        batch_size = BATCH
        skip_diff = True
        skip_html_diff = True
        report_skipped = True
        use_transactions = True
        clean_model_instances = False
        instance_loader_class = CachedInstanceLoader

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        super().before_import(dataset, **kwargs)
        self._seen: dict[tuple[str, ...], int] = {}

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        """Raises ValidationError where an earlier row of the file has the same key."""
        super().before_import_row(row, **kwargs)
        names = [self.fields[name].column_name for name in self.get_import_id_fields()]
        key = tuple(str(row.get(name, "")) for name in names)
        number = kwargs.get("row_number") or 0
        first = self._seen.setdefault(key, number)
        if first != number:
            raise ValidationError(
                _("“%(key)s” stands in an earlier row already. Each may stand once.") % {"key": " ".join(key)}
            )

    def after_init_instance(self, instance: models.Model, new: bool, row: dict[str, Any], **kwargs: Any) -> None:
        super().after_init_instance(instance, new, row, **kwargs)
        instance._stored = None if new else self._values(instance)  # type: ignore[attr-defined]

    def skip_row(
        self,
        instance: models.Model,
        original: models.Model | None,
        row: dict[str, Any],
        import_validation_errors: dict[str, Any] | None = None,
    ) -> bool:
        """Whether nothing of the row differs from what is stored."""
        return not import_validation_errors and self._values(instance) == instance._stored  # type: ignore[attr-defined]

    @staticmethod
    def _values(instance: models.Model) -> dict[str, Any]:
        return {each.attname: getattr(instance, each.attname) for each in instance._meta.concrete_fields}

    def bulk_update(
        self,
        using_transactions: bool,
        dry_run: bool,
        raise_errors: bool,
        batch_size: int | None = None,
        result: Any = None,
    ) -> None:
        """Update by INSERT … ON CONFLICT: Django's own bulk_update is slower than row by row at this width."""
        try:
            if self.update_instances and (using_transactions or not dry_run):
                keys = [self.fields[name].attribute for name in self.get_import_id_fields()]
                columns = [name for name in self.get_bulk_update_fields() if name not in ("id", *keys)]
                self._meta.model.objects.bulk_create(
                    self.update_instances,
                    batch_size=batch_size,
                    update_conflicts=True,
                    unique_fields=keys,
                    update_fields=columns,
                )
        except Exception as error:  # the library collects whatever a batch raises
            self.handle_import_error(result, error, raise_errors)
        finally:
            self.update_instances.clear()

    def export_field(self, field: Any, instance: models.Model, **kwargs: Any) -> Any:
        """A value for export; texts that a spreadsheet would run as a formula are guarded."""
        value = super().export_field(field, instance, **kwargs)
        return safe_text(value) if isinstance(value, str) else value


class KeyWidget(widgets.CachedForeignKeyWidget):
    """A foreign key by another field than its id, without a query per row, with an error that says what is missing."""

    def clean(self, value: Any, row: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        try:
            return super().clean(value, row, **kwargs)
        except self.model.DoesNotExist as error:
            raise ValidationError(
                _("There is no %(model)s “%(value)s”. Add it first, or correct the cell.")
                % {"model": self.model._meta.verbose_name, "value": value}
            ) from error


def import_table(resource: TableResource, table: Table, *, dry_run: bool = False, **kwargs: Any) -> ImportOutcome:
    """Import a table through a resource. All rows or none: with a refused row nothing is saved.

    `kwargs` go to the resource's hooks. The outcome has the counts of a preview also where nothing is saved.
    """
    outcome = SheetOutcome(table.sheet.name, table.header_row, table=table)
    records = list(table.records())
    outcome.rows = len(records)
    for record in records:
        for problem in record.problems:
            outcome.refuse(record, problem.message, column=problem.column)
    result = resource.import_data(
        _dataset(table, records),
        dry_run=dry_run or bool(outcome.refused),
        raise_errors=False,
        use_transactions=True,
        rollback_on_validation_errors=True,
        **kwargs,
    )
    for record, row_result in zip(records, result.rows, strict=True):
        _count(outcome, record, row_result)
    for error in result.base_errors:
        outcome.refuse(records[0], str(error.error))
    return ImportOutcome([outcome], saved=not dry_run and not outcome.refused)


def _dataset(table: Table, records: Iterable[Record]) -> tablib.Dataset:
    names = [column.field.name for column in table.columns if column.field]
    return tablib.Dataset(*([record.values[name] for name in names] for record in records), headers=names)


def _count(outcome: SheetOutcome, record: Record, result: RowResult) -> None:
    if result.import_type == RowResult.IMPORT_TYPE_NEW:
        outcome.new += 1
    elif result.import_type == RowResult.IMPORT_TYPE_UPDATE:
        outcome.changed += 1
    elif result.import_type == RowResult.IMPORT_TYPE_SKIP:
        outcome.unchanged += 1
    for field, messages in _problems(result):
        column = outcome.table.column_of(field) if outcome.table else None
        for message in messages:
            outcome.refuse(record, message, column=column.letter if column else "")


def _problems(result: RowResult) -> list[tuple[str, list[str]]]:
    found = [("", [str(error.error)]) for error in result.errors]
    invalid = result.validation_error
    if invalid is None:
        return found
    if hasattr(invalid, "error_dict"):
        return found + list(invalid.message_dict.items())
    return [*found, ("", invalid.messages)]
