"""The dated steps of each track, with their names and in their order."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.planning.enums import Track

LABELS: Mapping[str, Promise] = {
    "announcement": _("Announcement"),
    "registration": _("Registration"),
    "review": _("Eligibility review"),
    "rechoose": _("Choosing again after cancelled positions"),
    "written_exam": _("Written exam"),
    "scores": _("Marks published"),
    "shortlist": _("Interview list"),
    "material_review": _("Material review"),
    "assessment": _("Assessment"),
    "interview": _("Interview"),
    "totals": _("Totals and ranking"),
    "agreement": _("Agreement"),
    "bidding": _("Bids"),
    "expert_review": _("Expert review"),
    "award": _("Award"),
    "engagement": _("Engagement"),
    "medical": _("Medical exam"),
    "inspection": _("Inspection"),
    "notice": _("Proposed-hire notice"),
    "approval": _("Approval of hires"),
}

STEPS: Mapping[str, tuple[str, ...]] = {
    Track.PUBLIC_EXAM: (
        "announcement", "registration", "review", "written_exam", "scores", "shortlist",
        "interview", "totals", "medical", "inspection", "notice", "approval",
    ),
    Track.COMPETITIVE_SELECTION: (
        "announcement", "registration", "review", "material_review", "assessment", "totals",
        "agreement", "medical", "inspection", "notice", "approval",
    ),
    Track.OPEN_CHALLENGE: ("announcement", "bidding", "review", "expert_review", "award", "notice", "engagement"),
}  # fmt: skip

WINDOW_STEP = {
    Track.PUBLIC_EXAM: "registration",
    Track.COMPETITIVE_SELECTION: "registration",
    Track.OPEN_CHALLENGE: "bidding",
}
