from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from campaigns.planning import domain
from campaigns.planning.enums import AnnouncementState
from campaigns.planning.models import Announcement, RuleSetVersion
from campaigns.planning.queries import rules_of
from campaigns.planning.rule_view import _labels, differences, knob_paths, sections_of, shown, summary_of
from foundation.errors import Refused
from rulebook.ruleset import RuleSet, profiles
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


def test_every_rule_and_every_choice_has_a_name_in_both_languages():
    labels = _labels()
    assert set(labels["knobs"]) >= set(knob_paths())
    assert all(len(names) == 2 and all(names) for group in labels.values() for names in group.values())
    schema = str(RuleSet.model_json_schema()["$defs"])
    assert "panel_size" in schema
    words = {
        word
        for definition in RuleSet.model_json_schema()["$defs"].values()
        for item in definition.get("properties", {}).values()
        for word in [*item.get("enum", []), *item.get("items", {}).get("enum", [])]
    }
    assert words - set(labels["values"]) - {"jpg", "png"} == set()


def test_what_differs_from_the_profile_is_marked(make_campaign, author):
    campaign = make_campaign()
    domain.change_rules(actor=author, campaign=campaign, changes={"notice": {"days": 5}})
    document = campaign.rule_sets.get().document
    marked = {
        knob.path: (knob.value, knob.usual)
        for part in sections_of(document, "county_exam")
        for knob in part.knobs
        if knob.usual
    }
    assert marked == {"notice.days": ("5", "7")}
    usual = profiles.get("county_exam").model_dump(mode="json")
    assert [knob.path for knob in differences(document, usual)] == ["notice.days"]
    assert [knob.value for knob in summary_of(document, ("notice.days", "notice.unit"))] == ["5", "工作日"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "—"), (True, "是"), ("half_up", "四舍五入"), ([], "—"), (["written", "extra_test"], "笔试成绩, 加试")],
)
def test_a_value_is_shown_in_words(value, text):
    assert shown(value) == text
