from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role, UnitKind
from accounts.models import Unit


class UnitForm(forms.Form):
    parent = forms.ModelChoiceField(Unit.objects.none(), label=_("Parent"))
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Letters, digits, hyphens; it never changes."))
    name = forms.CharField(label=_("Name"), max_length=200)
    name_en = forms.CharField(label=_("English name"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices[1:], initial=UnitKind.UNIT)
    sector = forms.CharField(label=_("Sector"), max_length=40, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units.filter(is_active=True)


class UnitEditForm(UnitForm):
    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, units=Unit.objects.none(), **kwargs)
        del self.fields["parent"], self.fields["code"]
        if unit.kind == UnitKind.COUNTY:
            self.fields["kind"].choices = UnitKind.choices


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class SheetForm(forms.Form):
    file = forms.FileField(
        label=_("Sheet of units"),
        help_text=_("Excel or CSV with at least the columns 单位代码, 单位名称 and 上级单位代码."),
    )


class RoleForm(ReasonForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("For the unit and all below it"))
    field_order = ["role", "unit", "reason"]

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units.filter(is_active=True)


class StaffForm(RoleForm):
    username = forms.CharField(label=_("User name"), max_length=150)
    name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), required=False)
    field_order = ["username", "name", "email", "role", "unit", "reason"]
