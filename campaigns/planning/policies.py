"""Who may plan, approve, publish and read campaigns (duties of tracks.md 2.6)."""

from accounts.duties import Duty, may
from accounts.enums import Role
from accounts.policies import has_county_role, has_role

may_plan = has_role(Role.TALENT_OFFICE)
may_add_positions = has_role(Role.TALENT_OFFICE, Role.DEPARTMENT, Role.UNIT_HR)
may_confirm_posts = may(Duty.RESERVE_OR_RELEASE_SLOT)
may_approve_plan = may(Duty.APPROVE_PLAN)
may_publish = may(Duty.PUBLISH_NOTICE)
may_advance = has_role(Role.TALENT_OFFICE, Role.EXAM_CENTRE)
# One calendar counts every notice period of the county, and one catalogue of majors serves every batch.
may_keep_calendar = has_county_role(Role.TALENT_OFFICE)
may_keep_catalogues = has_county_role(Role.TALENT_OFFICE)

CAMPAIGN_READERS = (
    Role.TALENT_OFFICE,
    Role.EXAM_CENTRE,
    Role.ESTABLISHMENT_OFFICE,
    Role.DEPARTMENT,
    Role.UNIT_HR,
    Role.EVENT_STAFF,
    Role.MEDICAL_RECORDER,
    Role.FINANCE,
    Role.LEADER,
    Role.AUDITOR,
)
PROGRAMME_READERS = (Role.TALENT_OFFICE, Role.ESTABLISHMENT_OFFICE, Role.LEADER, Role.AUDITOR)
may_read_campaigns = has_role(*CAMPAIGN_READERS)
may_read_programmes = has_role(*PROGRAMME_READERS)
