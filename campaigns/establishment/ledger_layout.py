"""The columns of the official real-name ledger (实名制台账) that are compared; names and ID numbers are not read."""

from django.utils.translation import gettext_lazy as _

from foundation.tables.layout import Field, TableLayout

LEDGER_LAYOUT = TableLayout(
    name="real_name_ledger",
    fields=(
        Field(
            "ledger_number",
            _("number in the real-name ledger"),
            ("实名制编号", "实名编号", "台账编号", "编制证号", "人员编号", "ledger number"),
            required=True,
        ),
        Field(
            "unit",
            _("unit"),
            ("用人单位", "单位名称", "单位", "机构名称", "unit"),
            required=True,
            forward_fill=True,
        ),
    ),
)
