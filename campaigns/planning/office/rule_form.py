"""A form for one step of a rule set, made from the rule book's own knobs, names, help and examples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.utils.dateparse import parse_date
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from campaigns.planning.office.forms import Moment
from campaigns.planning.queries import catalogue_choices
from foundation.dates import day
from foundation.language import rule_language
from rulebook.explanation import RuleError
from rulebook.ruleset import Fold, RuleSet, Section
from rulebook.ruleset.hiring import HOSPITAL_GRADES
from rulebook.ruleset.knobs import Knob, knob_of, knobs_of, value_at
from rulebook.ruleset.words import choice_word, fold_formula, parse_fold, split_words, value_words

FEW = 6
SPARE_ROWS = 2
FIXED_LISTS = ("replacement.stages", "publication.lists")
NAMING = ("name", "kind", "degree", "stage", "start")
UNSET: list[tuple[str, str]] = [("", "—")]


@dataclass(frozen=True)
class Table:
    """The rows of a list such as the papers: names of the fields, row by row, under the labels of the columns."""

    label: str
    hint: SafeString
    columns: list[tuple[str, str]]
    rows: list[list[str]]


@dataclass(frozen=True)
class Block:
    """Fields that belong together on the page: a heading, then plain fields or a table."""

    heading: str
    hint: str
    fields: list[str]
    table: Table | None = None


def is_list_of_parts(knob: Knob) -> bool:
    """Whether the knob holds parts with knobs of their own, such as papers."""
    return get_origin(knob.kind) is tuple and isinstance(get_args(knob.kind)[0], type)  \
        and issubclass(get_args(knob.kind)[0], Section)  # fmt: skip


class StepForm(forms.Form):
    """All rules of one step. `changes()` gives what differs from the stored rules, as the verbs take it."""

    def __init__(self, *args: Any, rules: RuleSet, step: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules, self.step = rules, step
        self.language = rule_language()
        self.blocks: list[Block] = []
        self._plain: list[Knob] = []
        self._lists: list[tuple[Knob, int]] = []
        for entry in knobs_of(step):
            if isinstance(entry, Knob):
                self._add("", "", [entry])
            else:
                self._add(entry[0].label(self.language), entry[0].help(self.language), entry[1])

    def _add(self, heading: str, hint: str, knobs: Sequence[Knob]) -> None:
        for knob in knobs:
            listed = is_list_of_parts(knob) and get_args(knob.kind)[0] is not Fold
            if listed:
                self.blocks.append(Block("", "", [], self._table(knob)))
                continue
            self.fields[knob.path] = _field(knob, help_text=hint_of(knob, self.language))
            self.initial[knob.path] = _shown(knob, value_at(self.rules, knob.path))
            self._plain.append(knob)
            last = self.blocks[-1] if self.blocks else None
            if last and last.table is None and last.heading == heading:
                last.fields.append(knob.path)
            else:
                self.blocks.append(Block(heading, hint, [knob.path]))

    def _table(self, knob: Knob) -> Table:
        part: type[Section] = get_args(knob.kind)[0]
        stored = value_at(self.rules, knob.path)
        count = len(stored) + (0 if knob.path in FIXED_LISTS else SPARE_ROWS)
        inside = [knob_of(part, f"{knob.path}.0.{name}") for name in part.model_fields]
        rows = []
        for index in range(count):
            names = []
            for column in inside:
                name = f"{knob.path}.{index}.{column.name}"
                self.fields[name] = _field(column, required=False, label=f"{knob.label(self.language)} {index + 1} "
                                           f"{column.label(self.language)}")  # fmt: skip
                if index < len(stored):
                    self.initial[name] = _shown(column, getattr(stored[index], column.name))
                names.append(name)
            rows.append(names)
        self._lists.append((knob, count))
        columns = [
            (
                column.label(self.language),
                " ".join(filter(None, (column.help(self.language), column.effect(self.language)))),
            )
            for column in inside
        ]
        return Table(knob.label(self.language), hint_of(knob, self.language), columns, rows)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for knob in self._plain:
            if knob.path == "written.folds" and knob.path in cleaned:
                try:
                    cleaned[knob.path] = [parse_fold(line) for line in cleaned[knob.path].splitlines() if line.strip()]
                except RuleError as problem:
                    self.add_error(knob.path, problem.text(self.language))
        return cleaned

    def changes(self) -> dict[str, Any]:
        """What differs from the stored rules, nested by step; a form sent back unchanged gives nothing."""
        stored = self.rules.model_dump(mode="json")
        found: dict[str, Any] = {}
        for path, value in self._values():
            if value != _at(stored, path):
                _put(found, path, value)
        return found

    def _values(self) -> Iterator[tuple[str, Any]]:
        for knob in self._plain:
            yield knob.path, _stored(knob, self.cleaned_data[knob.path], self.language)
        for knob, count in self._lists:
            part: type[Section] = get_args(knob.kind)[0]
            inside = [knob_of(part, f"{knob.path}.0.{name}") for name in part.model_fields]
            naming = next(column.name for column in inside if column.name in NAMING)
            rows = [
                {column.name: _stored(column, self.cleaned_data[f"{knob.path}.{index}.{column.name}"], self.language)
                 for column in inside}
                for index in range(count)
                if self.cleaned_data[f"{knob.path}.{index}.{naming}"]
            ]  # fmt: skip
            defaults = {name: field.get_default() for name, field in part.model_fields.items()}
            yield knob.path, [{key: _or_default(value, defaults[key]) for key, value in row.items()} for row in rows]

    def show_mistakes(self, by_field: Mapping[str, str]) -> None:
        """Put the mistakes of the rule book at the fields they are about; those of a whole step at the top."""
        for path, text in by_field.items():
            field = path
            while field and field not in self.fields:
                field = field.rpartition(".")[0]
            self.add_error(field or None, text)


class ReasonField(forms.CharField):
    """Why published rules are amended."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Reason of the amendment"),
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("It is printed with the amendment, for example the number of the instruction."),
            max_length=500,
        )


def hint_of(knob: Knob, language: Any) -> SafeString:
    """Help, unit and range of a number, and example as the hint of a field."""
    example = knob.example(language)
    example = _("Example: %(example)s") % {"example": day(parse_date(example)) or example}
    told = knob.help(language)
    if measure := knob.measure(language):
        told = " ".join((told, _("Value: %(measure)s.") % {"measure": measure}))
    if effect := knob.effect(language):
        told = " ".join((told, effect))
    return mark_safe(f'{escape(told)} <span class="pl-example">{escape(example)}</span>')  # noqa: S308 - escaped


def _field(knob: Knob, *, required: bool | None = None, label: str = "", help_text: str = "") -> forms.Field:
    kind, language = knob.kind, rule_language()
    common: dict[str, Any] = {
        "label": label or knob.label(language),
        "help_text": help_text,
        "required": not knob.optional if required is None else required,
    }
    if kind is bool:
        found = [("true", value_words(knob.owner, knob.name, True, language)),
                 ("false", value_words(knob.owner, knob.name, False, language))]  # fmt: skip
        return forms.ChoiceField(choices=found, **common)
    if get_origin(kind) is Literal:
        empty = UNSET if required is False or knob.optional else []
        return forms.ChoiceField(choices=[*empty, *_choices(knob, get_args(kind))], **common)
    if get_origin(kind) is tuple:
        return _list_field(knob, common)
    if knob.path == "eligibility.major_catalogue":
        return forms.ChoiceField(choices=catalogue_choices(), **common)
    if knob.path == "medical.hospital_grade":
        return forms.ChoiceField(choices=[(grade, grade) for grade in HOSPITAL_GRADES], **common)
    if kind is int:
        return forms.IntegerField(**common)
    if kind is Decimal:
        return forms.DecimalField(max_digits=12, decimal_places=6, **common)
    if kind is datetime:
        return Moment(label=common["label"], help_text=help_text)
    if kind is date:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    return forms.CharField(max_length=60, **common)


def _list_field(knob: Knob, common: dict[str, Any]) -> forms.Field:
    """A list of fixed choices to tick, or a line of words in their order; formulas one a line."""
    item = get_args(knob.kind)[0]
    common = {**common, "required": False}
    if item is Fold:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)
    if get_origin(item) is Literal and len(get_args(item)) <= FEW:
        choices = _choices(knob, get_args(item))
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    return forms.CharField(max_length=300, **common)


def _choices(knob: Knob, values: Sequence[str]) -> list[tuple[str, str]]:
    return [(value, choice_word(knob.owner, knob.name, value, rule_language())) for value in values]


def _shown(knob: Knob, value: Any) -> Any:
    """A stored value as its field shows it."""
    language = rule_language()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, tuple):
        if any(isinstance(item, Fold) for item in value):
            return "\n".join(fold_formula(item) for item in value)
        if get_origin(get_args(knob.kind)[0]) is Literal and len(get_args(get_args(knob.kind)[0])) <= FEW:
            return list(value)
        return value_words(knob.owner, knob.name, value, language) if value else ""
    if isinstance(value, str) and knob.kind is str:
        plain = knob.path in ("eligibility.major_catalogue", "medical.hospital_grade")
        return value if plain else choice_word(knob.owner, knob.name, value, language)
    return value


def _stored(knob: Knob, value: Any, language: Any) -> Any:
    """A cleaned value as the stored rules write it."""
    if knob.kind is bool:
        return value == "true" if value else None
    if value in ("", None):
        return [] if get_origin(knob.kind) is tuple else None if knob.optional or knob.kind is not str else ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if get_origin(knob.kind) is tuple and isinstance(value, str):
        return split_words(value, knob.owner, knob.name, language)
    if knob.kind is str and isinstance(value, str):
        return (split_words(value, knob.owner, knob.name, language) or [value])[0]
    return value


def _or_default(value: Any, default: Any) -> Any:
    """An empty cell of a row takes what the rule book takes for it."""
    if value not in (None, "") or default is None or repr(default) == "PydanticUndefined":
        return value
    return f"{default:f}" if isinstance(default, Decimal) else default


def _at(document: Mapping[str, Any], path: str) -> Any:
    found: Any = document
    for name in path.split("."):
        found = found[name]
    return found


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    *above, name = path.split(".")
    for part in above:
        document = document.setdefault(part, {})
    document[name] = value
