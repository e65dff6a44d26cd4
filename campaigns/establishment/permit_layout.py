"""The columns of a list of permits (进人核编通知单) under the names real lists print them with."""

from django.utils.translation import gettext_lazy as _

from foundation.tables.layout import Field, TableLayout

PERMIT_LAYOUT = TableLayout(
    name="permits",
    fields=(
        Field(
            "number", _("permit number"), ("核编单号", "核准单号", "通知单号", "文号", "permit number"), required=True
        ),
        Field(
            "unit",
            _("unit"),
            ("用人单位", "单位名称", "单位", "招聘单位", "unit"),
            required=True,
            forward_fill=True,
        ),
        Field("slots", _("number of posts"), ("核准编制数", "用编数", "编制数", "数量", "posts"), required=True),
        Field("issued_on", _("issued on"), ("核准日期", "签发日期", "issued on"), required=True),
        Field("expires_on", _("valid until"), ("有效期至", "到期日期", "valid until"), required=True),
        Field("envelope", _("envelope"), ("编制来源", "专项编制", "envelope")),
    ),
)
