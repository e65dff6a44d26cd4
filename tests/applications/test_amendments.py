"""An amendment after publication is told to everyone whose application goes on under it, once (R96)."""

import pytest
from django.utils import translation

from accounts.enums import Role
from campaigns.planning import domain as planning
from campaigns.planning.queries import rules_of
from campaigns.planning.rule_view import clause_changes
from campaigns.planning.signals import rules_amended
from foundation.messages.models import Message
from recruitment.applications import domain
from rulebook.ruleset import RuleSet

pytestmark = pytest.mark.django_db


@pytest.fixture
def amend(campaign, staff, county):
    author, second = (staff(Role.TALENT_OFFICE, unit=county, username=name) for name in ("drafter", "approver"))
    first = campaign.rule_sets.get()
    campaign.announcements.create(
        title="公告",
        body="正文",
        version=1,
        state="published",
        rule_set=first,
        drafted_by=author,
        published_at=campaign.published_at,
    )

    def act(changes=None, reason="上级通知延长公示。"):
        if changes:
            planning.amend_rules(actor=author, campaign=campaign, changes=changes, reason=reason)
        draft = planning.draft_announcement(actor=author, campaign=campaign, title="变更", body="新正文", reason=reason)
        planning.approve_announcement(actor=second, announcement=draft)
        return planning.publish_amendment(actor=second, campaign=campaign)

    return act


@pytest.fixture
def applied(make_candidate, submit, position):
    def act():
        person = make_candidate()
        return submit(domain.start_application(actor=person.user, candidate=person, position=position))

    return act


def told():
    return Message.objects.filter(kind="application.amended").order_by("pk")


def test_everyone_who_goes_on_is_told_what_changed_in_words_and_what_they_may_do(amend, applied, campaign):
    first, second, gone = applied(), applied(), applied()
    domain.withdraw_application(actor=gone.candidate.user, application=gone)
    old = rules_of(campaign)
    amend({"notice": {"days": 9}})
    assert {row.recipient_id for row in told()} == {first.candidate.user_id, second.candidate.user_id}
    (change,) = clause_changes(old, rules_of(campaign))
    body = told().get(recipient=first.candidate.user).body
    for part in (*change.after, "上级通知延长公示。", first.registration_no, "无须重新报名", "退出报名", "书面提出"):
        assert part in body


@pytest.mark.parametrize(("site", "word"), [("en", "you may withdraw"), ("zh-hans", "退出报名")])
def test_the_message_is_there_in_both_languages(amend, applied, campaign, settings, site, word):
    settings.LANGUAGE_CODE = site
    applied()
    with translation.override("zh-hans" if site == "en" else "en"):
        old = rules_of(campaign)
        amend({"notice": {"days": 9}})
    with translation.override(site):
        (change,) = clause_changes(old, rules_of(campaign))
    body = told().get().body
    assert word in body
    assert change.after[0] in body


def test_it_is_sent_once_for_each_person_and_version(amend, applied, campaign, staff):
    applied()
    second = amend({"notice": {"days": 9}})
    before = campaign.rule_sets.get(version=1)
    rules_amended.send(
        sender=type(campaign),
        campaign=campaign,
        announcement=second,
        rule_set=second.rule_set,
        before=before,
        actor=None,
    )
    assert told().count() == 1
    amend({"notice": {"days": 10}})
    assert told().count() == 2


def test_an_amended_text_without_new_rules_is_told_too(amend, applied):
    applied()
    amend(reason="更正联系电话。")
    assert "规则不变" in told().get().body


def test_many_people_cost_as_many_queries_as_one(amend, applied, campaign, django_assert_num_queries):
    from recruitment.applications.receivers import tell_of_amendment

    for _number in range(3):
        applied()
    second = amend({"notice": {"days": 9}})
    before = campaign.rule_sets.get(version=1)
    with django_assert_num_queries(2):  # the people, and their messages
        tell_of_amendment(campaign=campaign, announcement=second, rule_set=second.rule_set, before=before)


def test_a_long_amendment_names_the_first_steps_and_counts_the_others(campaign):
    from recruitment.applications.receivers import CHANGES_TOLD, _changed

    old = campaign.rule_sets.get()
    document = dict(old.document)
    rules = RuleSet.model_validate(document)
    changes = {
        "notice": {"days": 9},
        "interview": {"pass_line": "61"},
        "shortlist": {"ratio": "5"},
        "service": {"contract_years": 4},
        "fee": {"per_subject": "40"},
        "opening_ratio": {"k": "4"},
        "registration": {"open_days": 9},
        "recheck": {"required": False},
    }
    for step, values in changes.items():
        document[step] = {**document[step], **values}
    new = campaign.rule_sets.model(campaign=campaign, document=document, version=2)
    many = clause_changes(rules, RuleSet.model_validate(document))
    assert len(many) > CHANGES_TOLD
    told_of = _changed(old, new)
    assert many[CHANGES_TOLD - 1].after[0] in told_of
    assert many[CHANGES_TOLD].after[0] not in told_of
    assert told_of.endswith(f"另有{len(many) - CHANGES_TOLD}个环节有变更。")
