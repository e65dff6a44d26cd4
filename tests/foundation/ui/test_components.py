from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from foundation.ui.components import Figure, Segment, TimelineStep, Verdict
from foundation.words import money

NINE = datetime(2026, 4, 18, 1, 0, tzinfo=UTC)


def render(text, **context):
    request = RequestFactory().get("/", context.pop("query", {}))
    return engines["django"].from_string("{% load ui %}" + text).render(context, request)


def test_a_timeline_says_in_markup_what_is_now_and_gives_machine_readable_times():
    html = render(
        "{% timeline steps %}",
        steps=[
            TimelineStep("公告发布", NINE),
            TimelineStep("网上报名", "现在到4月21日", "now", note="初审1个工作日"),
            TimelineStep("笔试", None, "next", url="/exam/"),
            TimelineStep("已撤销", NINE, "stopped"),
        ],
    )
    assert html.count("<li") == 4
    assert html.count('aria-current="step"') == 1
    assert '<time class="timeline__when" datetime="2026-04-18T09:00:00+08:00">2026年4月18日（周六）09:00</time>' in html
    assert 'class="is-now"' in html
    assert 'class="is-next"' in html
    assert 'class="is-stopped"' in html
    assert '<a href="/exam/">笔试</a>' in html


def test_a_verdict_says_its_word_beside_its_mark():
    html = render(
        "{% verdicts results %}", results=[Verdict("硕士学位", "符合", "yes"), Verdict("年龄", "要人工核对", "ask")]
    )
    assert "verdict__mark--yes" in html
    assert 'verdict__word verdict__word--ask">要人工核对' in html


@pytest.mark.parametrize(
    ("language", "shown"), [("zh-hans", "2026年4月18日（周六）09:00"), ("en", "Sat 18 April 2026, 09:00")]
)
def test_moments_are_written_in_the_readers_language_and_beijing_time(language, shown):
    with translation.override(language):
        assert render("{{ at|moment }}", at=NINE) == shown


def test_a_countdown_gives_whole_days_hours_and_minutes_and_says_when_it_is_over():
    html = render(
        "{% countdown until now %}",
        until=datetime(2026, 4, 21, 9, 0, tzinfo=UTC),
        now=datetime(2026, 4, 16, 2, 20, 30, tzinfo=UTC),
    )
    assert 'data-unit="days">5</b>' in html
    assert 'data-unit="hours">6</b>' in html
    assert 'data-unit="minutes">39</b>' in html
    assert "data-unit" not in render("{% countdown until now %}", until=NINE, now=NINE)


def test_a_bar_is_drawn_to_scale_with_a_table_of_the_same_values():
    segments = [Segment("已用", 1004), Segment("其余", 235)]
    html = render('{% bar segments "编制" %}', segments=segments)
    assert 'x="162.07"' in html
    assert html.count("<tr>") == 3
    assert "style=" not in html


def test_a_figure_carries_its_definition_and_the_way_to_its_list():
    html = render(
        "{% stat figure %}", figure=Figure("已用", 1004, "个", definition="入编人数", limits="不含柔性", url="/x/")
    )
    for part in ("1,004", "个", "入编人数", "不含柔性", 'href="/x/"'):
        assert part in html


def test_pages_keep_the_search_in_their_links():
    page = Paginator(range(100), 10).get_page(3)
    html = render("{% pagination page %}", page=page, query={"q": "教师", "page": "3"})
    assert 'aria-current="page">3' in html
    assert "q=%E6%95%99%E5%B8%88&amp;page=4" in html


class SampleForm(forms.Form):
    name = forms.CharField(label="姓名", help_text="与身份证一致")
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="我已阅读")


def test_a_form_with_errors_starts_with_a_summary_that_links_to_each_field():
    html = render("{% form_fields form %}", form=SampleForm({"name": ""}))
    assert 'class="error-summary" role="alert"' in html
    for target in ('href="#id_name"', 'href="#id_agree"'):
        assert target in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_valid_form_shows_no_summary_and_every_control_has_its_label():
    html = render("{% form_fields form %}", form=SampleForm())
    assert "error-summary" not in html
    for target in ("id_name", "id_note", "id_agree", "id_kind_0", "id_kind_1"):
        assert f'for="{target}"' in html


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Decimal("285000.00"), "285,000"),
        (Decimal("285000.50"), "285,000.50"),
        (1200, "1,200"),
        (0, "0"),
        ("9.5", "9.50"),
        ("", ""),
        (None, ""),
    ],
)
def test_sums_of_money_have_commas_and_no_empty_cents(amount, shown):
    assert money(amount) == shown
