"""Verbs of the planning room. Locks are taken in the order units → campaign → positions → posts."""

from campaigns.planning.domain.advancing import (
    advance_campaign,
    close_campaign,
    mark_happened,
    resume_campaign,
    suspend_campaign,
    void_campaign,
)
from campaigns.planning.domain.announcements import approve_announcement, draft_announcement, publish_amendment
from campaigns.planning.domain.campaigns import clone_campaign, create_campaign, edit_campaign, set_milestone
from campaigns.planning.domain.importing import import_positions
from campaigns.planning.domain.majors import MajorsReport, check_catalogue, import_majors
from campaigns.planning.domain.opening import (
    cut_headcounts,
    extend_registration,
    merge_position,
    open_rechoosing,
    record_openings,
)
from campaigns.planning.domain.plans import approve_plan, confirm_posts, return_plan, submit_plan
from campaigns.planning.domain.positions import (
    add_converted_position,
    add_position,
    delete_positions,
    edit_position,
)
from campaigns.planning.domain.programmes import create_programme, edit_programme, set_target
from campaigns.planning.domain.publishing import publish_campaign
from campaigns.planning.domain.rules import RulesRefused, amend_rules, change_rules, take_over_rules
from campaigns.planning.domain.working_days import import_calendar, remove_calendar_day, set_calendar_day

__all__ = [
    "MajorsReport",
    "RulesRefused",
    "add_converted_position",
    "add_position",
    "advance_campaign",
    "amend_rules",
    "approve_announcement",
    "approve_plan",
    "change_rules",
    "check_catalogue",
    "clone_campaign",
    "close_campaign",
    "confirm_posts",
    "create_campaign",
    "create_programme",
    "cut_headcounts",
    "delete_positions",
    "draft_announcement",
    "edit_campaign",
    "edit_position",
    "edit_programme",
    "extend_registration",
    "import_calendar",
    "import_majors",
    "import_positions",
    "mark_happened",
    "merge_position",
    "open_rechoosing",
    "publish_amendment",
    "publish_campaign",
    "record_openings",
    "remove_calendar_day",
    "resume_campaign",
    "return_plan",
    "set_calendar_day",
    "set_milestone",
    "set_target",
    "submit_plan",
    "suspend_campaign",
    "take_over_rules",
    "void_campaign",
]
