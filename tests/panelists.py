"""Judges, and a campaign with rules of its own."""

from decimal import Decimal

from accounts.enums import Role
from campaigns.planning.models import RuleSetVersion
from recruitment.panels.domain import SignOff, lock_panel, sign_off, submit_sheet


def set_rules(campaign, rules):
    """Give a campaign this frozen rule set instead of the one it has."""
    campaign.rule_sets.all().delete()
    return RuleSetVersion.objects.create(
        campaign=campaign,
        document=rules.model_dump(mode="json"),
        digest=rules.digest(),
        frozen_at=campaign.published_at,
        created_by=campaign.created_by,
    )


def close_interview(office, panel):
    """Everyone signed the mark on the spot, and the marks are closed."""
    numbers = panel.subjects.values_list("draw_no", flat=True)
    sign_off(actor=office, panel=panel, signed=dict.fromkeys(numbers, SignOff(is_signed=True)))
    return lock_panel(actor=office, panel=panel)


def judges(staff, count):
    return [staff(Role.EXPERT, username=f"judge{number}", name=f"评委{number}") for number in range(count)]


def give(judge, subject, **marks):
    return submit_sheet(actor=judge, subject=subject, marks={name: Decimal(mark) for name, mark in marks.items()})
