"""Parts of the planning pages."""

from django import template
from django.forms import BaseForm, BoundField

register = template.Library()


@register.filter
def field_of(form: BaseForm, name: str) -> BoundField:
    """The field of a form by a name that templates can't spell, such as `shortlist.ratio`."""
    return form[name]
