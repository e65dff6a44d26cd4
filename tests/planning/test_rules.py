from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from accounts.models import AuditEntry
from campaigns.planning import domain
from campaigns.planning.enums import AnnouncementState
from campaigns.planning.models import Announcement, RuleSetVersion
from campaigns.planning.office.rule_form import StepForm
from campaigns.planning.queries import rules_of
from campaigns.planning.rule_effects import effects_of, positions_with_ratios
from campaigns.planning.rule_view import steps_of, summary_of
from foundation.errors import Refused
from rulebook.ruleset import RuleSet, profiles
from rulebook.ruleset.knobs import steps
from tests.planning.conftest import CLOSES, OPENS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("profile", "track", "slot_type"),
    [
        ("county_exam", "public_exam", "institution"),
        ("county_selection", "competitive_selection", "institution"),
        ("open_challenge", "open_challenge", "institution"),
        ("civil_service_exam", "public_exam", "civil_service"),
    ],
)
def test_a_campaign_starts_with_the_rules_of_its_profile_under_their_digest(make_campaign, profile, track, slot_type):
    campaign = make_campaign(profile=profile, track=track, slot_type=slot_type)
    stored = campaign.rule_sets.get()
    assert rules_of(campaign) == profiles.get(profile)
    assert stored.digest == profiles.get(profile).digest() == RuleSet.model_validate(stored.document).digest()


def test_a_profile_of_another_track_and_an_unknown_one_are_refused(make_campaign):
    for fields in ({"profile": "county_selection"}, {"profile": "none"}):
        with pytest.raises(Refused) as refusal:
            make_campaign(**fields)
        assert refusal.value.code == "profile"


def test_changed_rules_are_checked_by_field_and_as_a_whole(make_campaign, author):
    campaign = make_campaign()
    before = campaign.rule_sets.get().digest
    for changes, fields in (
        ({"registration": {"open_days": 0}, "notice": {"days": "x"}}, {"registration.open_days", "notice.days"}),
        ({"notice": {"unit": "weeks"}}, {"notice.unit"}),
        ({"nothing": 1}, {"nothing"}),
        ({"interview": {"panel_size": 4}}, {"interview"}),
        ({"version": 3}, {"version"}),
    ):
        with pytest.raises(domain.RulesRefused) as refusal:
            domain.change_rules(actor=author, campaign=campaign, changes=changes)
        assert set(refusal.value.by_field) == fields
    assert campaign.rule_sets.get().digest == before


def test_a_change_keeps_all_other_rules_and_leaves_one_entry(make_campaign, author):
    campaign = make_campaign()
    domain.change_rules(actor=author, campaign=campaign, changes={"notice": {"days": 5}})
    document = RuleSetVersion.objects.get().document
    usual = profiles.get("county_exam").model_dump(mode="json")
    assert document == {**usual, "notice": {**usual["notice"], "days": 5}}
    domain.change_rules(actor=author, campaign=campaign, changes={"notice": {"days": 5}})
    assert AuditEntry.objects.filter(action="planning.change_rules").count() == 1


def test_published_rules_change_only_by_an_amendment_with_reason_and_its_own_announcement(published, author, second):
    with pytest.raises(Refused) as refusal:
        domain.change_rules(actor=author, campaign=published, changes={"notice": {"days": 5}})
    assert refusal.value.code == "frozen"
    with pytest.raises(Refused) as refusal:
        domain.amend_rules(actor=author, campaign=published, changes={"notice": {"days": 5}}, reason=" ")
    assert refusal.value.code == "reason_required"

    domain.amend_rules(actor=author, campaign=published, changes={"notice": {"days": 5}}, reason="上级通知")
    assert rules_of(published).notice.days == 7
    draft = domain.draft_announcement(actor=author, campaign=published, title="变更", body="正文", reason="上级通知")
    with pytest.raises(Refused) as refusal:
        domain.publish_amendment(actor=second, campaign=published)
    assert refusal.value.code == "not_approved"
    domain.approve_announcement(actor=second, announcement=draft)
    domain.publish_amendment(actor=second, campaign=published)

    assert (rules_of(published).notice.days, rules_of(published).version) == (5, 2)
    assert list(Announcement.objects.order_by("version").values_list("version", "state")) == [
        (1, AnnouncementState.SUPERSEDED),
        (2, AnnouncementState.PUBLISHED),
    ]
    assert RuleSetVersion.objects.get(version=1).document["notice"]["days"] == 7


def test_a_second_amendment_waits_for_the_first(published, author):
    domain.amend_rules(actor=author, campaign=published, changes={"notice": {"days": 5}}, reason="一")
    with pytest.raises(Refused) as refusal:
        domain.amend_rules(actor=author, campaign=published, changes={"notice": {"days": 6}}, reason="二")
    assert refusal.value.code == "wrong_state"


def test_a_published_window_may_be_extended_with_a_reason_but_never_shortened(published, author):
    def move(**dates):
        values = {"key": "registration", "starts_at": OPENS, "ends_at": CLOSES, "reason": "系统故障"}
        domain.set_milestone(actor=author, campaign=published, **{**values, **dates})

    for dates, code in (
        ({"ends_at": CLOSES - timedelta(seconds=1)}, "window"),
        ({"starts_at": OPENS + timedelta(seconds=1)}, "window"),
        ({"ends_at": CLOSES + timedelta(days=1), "reason": ""}, "reason_required"),
    ):
        with pytest.raises(Refused) as refusal:
            move(**dates)
        assert refusal.value.code == code
    move(ends_at=CLOSES + timedelta(days=1))
    published.refresh_from_db()
    assert published.registration_closes_at == CLOSES + timedelta(days=1)


def test_a_clone_has_last_times_rules_and_steps_without_dates_and_positions(published, author, programme):
    domain.amend_rules(actor=author, campaign=published, changes={"interview": {"panel_size": 9}}, reason="一")
    clone = domain.clone_campaign(actor=author, campaign=published, programme=programme, code="C2", name="明年")
    assert (rules_of(clone).interview.panel_size, rules_of(clone).version) == (9, 1)
    assert (clone.registration_opens_at, clone.positions.count(), clone.state) == (None, 0, "plan_drafting")
    assert list(clone.milestones.values_list("key", flat=True)) == list(
        published.milestones.values_list("key", flat=True)
    )


def test_what_differs_from_the_profile_is_marked(make_campaign, author):
    campaign = make_campaign()
    domain.change_rules(actor=author, campaign=campaign, changes={"notice": {"days": 5}})
    document = campaign.rule_sets.get().document
    shown = steps_of(document, "county_exam")
    assert {row.path: (row.value, row.usual) for step in shown for row in step.rows if row.usual} == {
        "notice.days": ("5", "7")
    }
    notice = next(step for step in shown if step.key == "notice")
    assert any("5个工作日" in clause.text for clause in notice.clauses)
    assert [row.value for row in summary_of(document, ("notice.days", "notice.unit"))] == ["5", "个工作日"]


@pytest.mark.parametrize(
    ("changes", "language", "text"),
    [
        ({"interview": {"panel_size": 4}}, "zh-hans", "考官"),
        ({"interview": {"panel_size": 4}}, "en", "panel"),
        ({"shortlist": {"ties": "tiebreak"}}, "zh-hans", "次序"),
    ],
)
def test_a_mistake_of_a_whole_step_is_told_in_the_readers_language(make_campaign, author, changes, language, text):
    campaign = make_campaign()
    with translation.override(language), pytest.raises(domain.RulesRefused) as refusal:
        domain.change_rules(actor=author, campaign=campaign, changes=changes)
    (told,) = refusal.value.by_field.values()
    assert text in told
    assert any("\u4e00" <= letter <= "\u9fff" for letter in told) is (language == "zh-hans")


def sent_back(form):
    """What a browser would send back of a form as it is shown."""
    sent = {}
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list):
            sent[name] = value
        elif value is not None:
            shown = form.fields[name].widget.format_value(value)
            sent[name] = (shown[0] if isinstance(shown, list) else shown) or ""
    return sent


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("profile", profiles.PROFILES)
def test_a_step_sent_back_unchanged_changes_nothing(profile, language):
    rules = profiles.get(profile)
    with translation.override(language):
        for step in steps():
            form = StepForm(sent_back(StepForm(rules=rules, step=step)), rules=rules, step=step)
            assert form.is_valid(), (step, form.errors)
            assert (step, form.changes()) == (step, {})


def entered(step, **values):
    rules = profiles.get("county_exam")
    data = sent_back(StepForm(rules=rules, step=step)) | {f"{step}.{name}": value for name, value in values.items()}
    form = StepForm(data, rules=rules, step=step)
    assert form.is_valid(), form.errors
    return form.changes()


def test_words_rows_and_formulas_are_taken_as_the_rule_book_writes_them():
    assert entered("ranking", tie_chain="笔试成绩、综应，加试成绩") == {
        "ranking": {"tie_chain": ["written", "综应", "extra_test"]}
    }
    assert entered("written", folds="职测 × 40% + 综应 × 60%") == {
        "written": {
            "folds": [
                {"parts": [{"paper": "职测", "factor": "0.4"}, {"paper": "综应", "factor": "0.6"}], "divisor": "1"}
            ]
        }
    }
    added = entered("interview", **{"elements.0.name": "综合分析", "elements.0.full_mark": "100"})
    assert added == {"interview": {"elements": [{"name": "综合分析", "full_mark": "100"}]}}
    removed = entered("written", **{"papers.1.name": ""})
    assert [paper["name"] for paper in removed["written"]["papers"]] == ["职测"]


def test_a_formula_that_is_none_is_refused_at_its_field():
    rules = profiles.get("county_exam")
    data = sent_back(StepForm(rules=rules, step="written")) | {"written.folds": "平均分 ÷"}
    form = StepForm(data, rules=rules, step="written")
    assert not form.is_valid()
    assert set(form.errors) == {"written.folds"}


def test_a_changed_ratio_names_the_positions_that_follow_it(published, hospital):
    published.positions.create(
        unit=hospital, code="A02", name="护士", headcount_planned=1, headcount_effective=1, shortlist_ratio=5
    )
    old = rules_of(published)
    new = old.amended(shortlist=old.shortlist.model_copy(update={"ratio": Decimal(4)}))
    (effect,) = positions_with_ratios(published, old, new)
    assert effect.touched == ("A01",)
    assert effects_of(published, old, old) == []


def test_an_amendment_keeps_in_the_trail_whom_it_affects(published, author, second):
    domain.amend_rules(actor=author, campaign=published, changes={"shortlist": {"ratio": "4"}}, reason="一")
    draft = domain.draft_announcement(actor=author, campaign=published, title="变更", body="正文", reason="一")
    domain.approve_announcement(actor=second, announcement=draft)
    domain.publish_amendment(actor=second, campaign=published)
    for action in ("planning.amend_rules", "planning.publish_amendment"):
        (affected,) = AuditEntry.objects.get(action=action).after["affected"]
        assert "1" in affected


def test_a_draft_takes_over_the_rules_of_another_campaign_and_keeps_its_own_dates(make_campaign, author):
    last_year, own = make_campaign(code="OLD"), make_campaign(code="NEW")
    old = {
        "interview": {"pass_line": "65"},
        "notice": {"days": 5},
        "registration": {"opens_at": "2025-03-19T09:00:00+08:00"},
        "written": {"bonus": {"deadline": "2025-04-10"}},
    }
    domain.change_rules(actor=author, campaign=last_year, changes=old)
    domain.change_rules(actor=author, campaign=own, changes={"registration": {"opens_at": OPENS.isoformat()}})
    stored = domain.take_over_rules(actor=author, campaign=own, source=last_year)
    rules = rules_of(own)
    assert (rules.interview.pass_line, rules.notice.days, rules.version) == (65, 5, 1)
    assert (rules.registration.opens_at, rules.written.bonus.deadline) == (OPENS, None)
    assert stored.digest == rules.digest() == own.rule_sets.get().digest
    entry = AuditEntry.objects.get(action="planning.take_over_rules")
    assert (entry.after["from"], entry.after["digest"]) == ("OLD", stored.digest)
    domain.take_over_rules(actor=author, campaign=own, source=last_year)
    assert AuditEntry.objects.filter(action="planning.take_over_rules").count() == 1


def test_rules_of_another_track_are_not_taken_over_nor_ones_own(make_campaign, author):
    own = make_campaign(code="NEW")
    other = make_campaign(code="SEL", profile="county_selection", track="competitive_selection")
    for source in (own, other):
        with pytest.raises(Refused) as refusal:
            domain.take_over_rules(actor=author, campaign=own, source=source)
        assert refusal.value.code == "track"
    assert rules_of(own) == profiles.COUNTY_EXAM


def test_published_rules_are_not_taken_over(make_campaign, author):
    own, other = make_campaign(code="NEW"), make_campaign(code="OLD")
    own.rule_sets.update(frozen_at=OPENS)
    with pytest.raises(Refused) as refusal:
        domain.take_over_rules(actor=author, campaign=own, source=other)
    assert refusal.value.code == "frozen"


def test_the_office_shows_what_would_change_before_rules_are_taken_over(make_campaign, author, client):
    last_year, own = make_campaign(code="OLD"), make_campaign(code="NEW")
    domain.change_rules(actor=author, campaign=last_year, changes={"notice": {"days": 5}})
    client.force_login(author)
    url = "/admin/planning/campaigns/NEW/rules/from/another/"
    shown = client.post(url, {"source": last_year.pk})
    [line] = shown.context["effect"].lines
    assert "7" in line
    assert "5" in line
    assert rules_of(own).notice.days == 7
    assert client.post(url, {"source": last_year.pk, "save": "1"}).status_code == 302
    assert rules_of(own).notice.days == 5
    own.rule_sets.update(frozen_at=OPENS)
    assert '<form class="stack"' not in client.get(url).content.decode()
    client.post(url, {"source": make_campaign(code="THIRD").pk, "save": "1"})
    assert rules_of(own).notice.days == 5


def test_a_small_share_of_the_written_exam_is_told_on_the_page_of_the_rules(make_campaign, author, client):
    campaign = make_campaign(code="NEW")
    parts = [{"name": "written", "weight": "0.2"}, {"name": "interview", "weight": "0.8"}]
    domain.change_rules(actor=author, campaign=campaign, changes={"total": {"parts": parts}})
    client.force_login(author)
    page = client.get("/admin/planning/campaigns/NEW/rules/").content.decode()
    assert "笔试成绩占总成绩的20%；原则上不低于30%" in page


def test_the_form_says_unit_and_range_of_a_number(make_campaign):
    with translation.override("zh-hans"):
        form = StepForm(rules=rules_of(make_campaign()), step="notice")
        assert "取值：天，不小于1。" in str(form.fields["notice.days"].help_text)
        assert "取值" not in str(form.fields["notice.unit"].help_text)
