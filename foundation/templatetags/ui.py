"""The components of the house as tags over plain values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.dates import day, last_day, moment
from foundation.ui.components import Bar, Fact, Figure, LedgerPart, Segment, TimelineStep, Verdict
from foundation.words import money

register = template.Library()

for words in (moment, day, last_day, money):
    register.filter(words)


@register.filter
def grouped(value: Any) -> str:
    """A whole number with commas every three digits, in both languages: Django's own filter writes Chinese without."""
    return f"{value:,}" if isinstance(value, int) else str(value)


@register.filter
def is_moment(value: Any) -> bool:
    return isinstance(value, datetime)


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """`mapping|get:key`, empty when missing."""
    return mapping.get(key, "")


@register.inclusion_tag("ui/components/timeline.html")
def timeline(steps: Iterable[TimelineStep], dated: bool = False) -> dict[str, Any]:
    """Past, now and next, in words and with dates."""
    return {"steps": list(steps), "dated": dated}


@register.inclusion_tag("ui/components/verdicts.html")
def verdicts(results: Iterable[Verdict]) -> dict[str, Any]:
    """Conditions, each with its mark, word, the person's own value and the clause."""
    return {"results": list(results)}


@register.inclusion_tag("ui/components/countdown.html")
def countdown(until: datetime, now: datetime | None = None, label: str = "") -> dict[str, Any]:
    """Days, hours and minutes left, by the server's clock; says so when it is over."""
    now = now or timezone.now()
    minutes = max(0, int((until - now).total_seconds() // 60))
    return {
        "until": until,
        "over": now >= until,
        "label": label or _("Time left"),
        "days": minutes // 1440,
        "hours": minutes // 60 % 24,
        "minutes": minutes % 60,
    }


@register.inclusion_tag("ui/components/pill.html")
def pill(text: str, tone: str = "") -> dict[str, Any]:
    """A state in a word, with a tone: done, now, warn, fail or none."""
    return {"text": text, "tone": tone}


@register.inclusion_tag("ui/components/stat.html")
def stat(figure: Figure, card: bool = False) -> dict[str, Any]:
    """A figure with its unit, and its definition and limits one click away."""
    return {"figure": figure, "card": card}


@register.inclusion_tag("ui/components/bar.html")
def bar(segments: Sequence[Segment], title: str, total: int = 0, unit: str = "") -> dict[str, Any]:
    """A stacked bar drawn with attributes only, and the same values as a table."""
    return {"pieces": Bar(segments, title, total).pieces(), "title": title, "unit": unit}


@register.inclusion_tag("ui/components/ledger.html")
def ledger(parts: Iterable[LedgerPart]) -> dict[str, Any]:
    """A person's marks, line by line, with how each result came about."""
    return {"parts": list(parts)}


@register.inclusion_tag("ui/components/facts.html")
def facts(rows: Iterable[Fact]) -> dict[str, Any]:
    """Names and values."""
    return {"rows": list(rows)}


@register.inclusion_tag("ui/components/steps.html")
def steps(names: Sequence[str], current: int) -> dict[str, Any]:
    """Step `current` (from 1) of the named steps."""
    return {"names": list(names), "current": current, "total": len(names)}


@register.inclusion_tag("ui/components/empty.html")
def empty(text: str, hint: str = "", url: str = "", link: str = "") -> dict[str, Any]:
    """What a list says when there is nothing in it, and what to do next."""
    return {"text": text, "hint": hint, "url": url, "link": link}


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: Mapping[str, Any], page: Page[Any]) -> dict[str, Any]:
    """Links to the pages around the current one, keeping every other parameter of the address."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "page": page,
        "query": query.urlencode(),
        "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
    }


CONTROL_CLASSES = {"select": "select", "textarea": "textarea", "file": "file", "checkbox": "", "hidden": ""}


def control_kind(field: BoundField) -> str:
    """Which markup a bound field needs: hidden, checkbox, choices, select, textarea, file or input."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, Textarea):
        return "textarea"
    return "file" if isinstance(widget, FileInput) else "hidden" if field.is_hidden else "input"


register.filter("control_kind", control_kind)


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's control with the class of its kind, beside any class the form gave it."""
    own = field.field.widget.attrs.get("class", "")
    name = CONTROL_CLASSES.get(control_kind(field), "input")
    return field.as_widget(attrs={"class": f"{own} {name}".strip()} if own or name else None)


@register.inclusion_tag("ui/form_fields.html")
def form_fields(form: BaseForm) -> dict[str, Any]:
    """Error summary and all fields of a form: label, hint, error, control."""
    return {"form": form}
