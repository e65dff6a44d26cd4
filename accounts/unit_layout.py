"""The table of units as offices keep it."""

from foundation.tables.layout import Field, TableLayout

UNIT_LAYOUT = TableLayout(
    name="units",
    fields=(
        Field("code", "单位代码", ("单位代码", "单位编码", "代码", "编码"), required=True),
        Field("name", "单位名称", ("单位名称", "单位全称", "名称"), required=True),
        Field("parent_code", "上级单位代码", ("上级单位代码", "主管部门代码", "上级代码"), required=True),
        Field("kind", "单位类型", ("单位类型", "单位性质", "类型")),
        Field("sector", "行业", ("行业", "系统", "行业类别")),
        Field("phone", "联系电话", ("联系电话", "电话", "咨询电话")),
        Field("name_en", "英文名称", ("英文名称", "英文名")),
    ),
)
KINDS = {"县": "county", "主管部门": "department", "部门": "department", "用人单位": "unit", "单位": "unit", "": "unit"}
