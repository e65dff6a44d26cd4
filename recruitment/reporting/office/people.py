"""People brought in by year, stage and campaign; the lists behind; growth; and what high-level means in a year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from foundation.dates import day
from foundation.errors import DomainError
from foundation.tables.export import stream_csv, watermark
from foundation.ui.office import OfficePage
from recruitment.candidates.enums import Degree, TitleLevel
from recruitment.reporting import domain
from recruitment.reporting.office.views import PAGE, user_of
from recruitment.reporting.people import COLUMNS, OFFICIAL, People, Person, column_name, rows_url, stage_name
from recruitment.reporting.policies import may_define_high_level, may_read_figures, may_read_names
from rulebook.counting import HIGH_LEVEL

MARK_NAMES = dict((*Degree.choices, *TitleLevel.choices))


@dataclass(frozen=True)
class CampaignLine:
    """One campaign of a year: the people whose first counted way in is there, by column, each with its list."""

    name: str
    official: str
    cells: Sequence[tuple[str, int, str]]


@dataclass(frozen=True)
class YearTable:
    """A year: its campaigns and the total of each column, which is the sum of theirs."""

    year: int
    campaigns: Sequence[CampaignLine]
    total: CampaignLine


def year_line(people: People, year: int, name: str, campaign: str = "", official: str = "") -> CampaignLine:
    """A line of the table of a year: one campaign, or all of them without its code."""
    return CampaignLine(name, official, people.cells(year, campaign))


def year_table(people: People, year: int) -> YearTable:
    """The campaigns of a year in the order of their announcements, with the official stage of each."""
    keys = {way.record.source for way in people.ways if way.record.year == year}
    shown = {people.entries[key].campaign for key in keys}
    lines = [
        year_line(people, year, row.name, row.code, stage_name(people.rules[pk].official_stage))
        for pk, row in people.campaigns.items()
        if pk in shown
    ]
    return YearTable(year, lines, year_line(people, year, _("Total")))


def tiers_in_words(tiers: Sequence[Sequence[str]]) -> str:
    """The tiers of a definition, the highest first."""
    return "；".join("、".join(str(MARK_NAMES[mark]) for mark in tier) for tier in tiers)


class PeoplePage(OfficePage):
    """Every stage of every year with the official one marked, and the growth of the high-level people."""

    rule = may_read_figures
    page_title = gettext_lazy("People brought in")
    template_name = "reporting/people.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Figures"), reverse("figures"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        people = People(user)
        lines = people.growth() if people.is_county_wide else []
        return super().get_context_data(
            columns=[column_name(column) for column in COLUMNS],
            tables=[year_table(people, year) for year in people.years],
            lines=[
                (
                    line,
                    rows_url(line.year, OFFICIAL, high_level=True),
                    tiers_in_words(line.definition.tiers if line.definition else HIGH_LEVEL),
                )
                for line in lines
            ],
            may_define=bool(may_define_high_level(user)),
            **kwargs,
        )


class PeopleRows(OfficePage):
    """The people behind one number of a year; as a sheet with `?export=csv`."""

    rule = may_read_figures
    template_name = "reporting/people_rows.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Figures"), reverse("figures")), (PeoplePage.page_title, reverse("figures-people"))]

    @cached_property
    def column(self) -> str:
        return self.request.GET.get("stage", OFFICIAL)

    @cached_property
    def rows(self) -> list[Person]:
        asked = self.request.GET
        if self.column not in COLUMNS or not asked.get("year", "").isdecimal():
            raise Http404
        people = People(user_of(self.request))
        found = people.listed(
            self.column, int(asked["year"]), campaign=asked.get("campaign", ""), high_level="high" in asked
        )
        return sorted(found, key=lambda row: (row.record.on, row.entry.number))

    def _headings(self) -> list[str]:
        names = [_("Full name")] if self._may_read_names else []
        return [
            *names, _("Number"), _("Unit"), _("Campaign"), _("Furthest stage"), _("Counted from"), _("Tier"),
        ]  # fmt: skip

    @property
    def _may_read_names(self) -> bool:
        return bool(may_read_names(self.request.user))

    def _cells(self, row: Person) -> list[str]:
        names = [row.entry.name] if self._may_read_names else []
        tier = "—" if row.record.tier is None else str(row.record.tier)
        number, unit, campaign = row.entry.number, row.entry.unit, row.campaign.name
        return [*names, number, unit, campaign, stage_name(row.stage), day(row.record.on), tier]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.GET.get("export") == "csv":
            return self._export()
        return super().get(request, *args, **kwargs)

    def _export(self) -> HttpResponse:
        user = user_of(self.request)
        after = {"figure": f"people_{self.column}", "rows": len(self.rows)}
        audit.record(actor=user, action="reporting.export", subject=user, after=after)

        def lines() -> Iterator[list[str]]:
            yield from map(self._cells, self.rows)

        stream = stream_csv(self._headings(), lines(), mark=watermark(user.username, timezone.now()))
        response = StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="people_{self.column}.csv"'
        return response  # type: ignore[return-value]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        headings, page = self._headings(), Paginator(self.rows, PAGE).get_page(self.request.GET.get("page"))
        self.page_title = _("People brought in, %(year)s: %(stage)s") % {
            "year": self.request.GET["year"], "stage": column_name(self.column),
        }  # fmt: skip
        query = self.request.GET.copy()
        query.pop("page", None)
        query["export"] = "csv"
        return super().get_context_data(
            page=page,
            sheet=query.urlencode(),
            campaign=next((row.campaign.name for row in self.rows), "") if self.request.GET.get("campaign") else "",
            is_high="high" in self.request.GET,
            headings=headings,
            lines=[list(zip(headings, self._cells(row), strict=True)) for row in page],
            **kwargs,
        )


class HighLevelForm(forms.Form):
    """The definition of one year: which degrees and titles are in which tier."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    first = forms.MultipleChoiceField(
        label=gettext_lazy("First tier"), widget=forms.CheckboxSelectMultiple, required=False,
        choices=[(mark.value, mark.label) for mark in domain.MARKS],
    )  # fmt: skip
    second = forms.MultipleChoiceField(
        label=gettext_lazy("Second tier"), widget=forms.CheckboxSelectMultiple, required=False,
        choices=[(mark.value, mark.label) for mark in domain.MARKS],
    )  # fmt: skip
    document = forms.CharField(label=gettext_lazy("Number of the document"), max_length=100)
    counted_before = forms.IntegerField(
        label=gettext_lazy("Counted outside this system"), min_value=0, initial=0,
        help_text=gettext_lazy("High-level people of a year before this system; 0 otherwise."),
    )  # fmt: skip


class DefineHighLevel(OfficePage):
    """Say what high-level means in a year. A year said before is corrected."""

    rule = may_define_high_level
    page_title = gettext_lazy("What high-level means")
    template_name = "reporting/high_level.html"

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Figures"), reverse("figures")), (PeoplePage.page_title, reverse("figures-people"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        first, second = HIGH_LEVEL
        initial = {"year": timezone.localdate().year, "first": list(first), "second": list(second)}
        return super().get_context_data(**{"form": HighLevelForm(initial=initial), **kwargs})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = HighLevelForm(request.POST)
        if form.is_valid():
            told = form.cleaned_data
            try:
                domain.define_high_level(
                    actor=user_of(request), year=told["year"], tiers=[told["first"], told["second"]],
                    document=told["document"], counted_before=told["counted_before"],
                )  # fmt: skip
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                return redirect("figures-people")
        return self.render_to_response(self.get_context_data(form=form), status=422)
