from django.db import models
from django.utils.translation import gettext_lazy as _


class ApplicationState(models.TextChoices):
    """The life of an application, which ends at hand-over to the appointment (decision 8)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for correction")
    REJECTED = "rejected", _("Not eligible")
    EFFECTIVE = "effective", _("Effective")
    ABSENT = "absent", _("Absent from a paper")
    SCORED = "scored", _("Marked")
    SHORTLISTED = "shortlisted", _("Shortlisted")
    NOT_SHORTLISTED = "not_shortlisted", _("Not shortlisted")
    INTERVIEWED = "interviewed", _("Interviewed")
    RANKED = "ranked", _("Ranked")
    PROPOSED = "proposed", _("Proposed for hire")
    NOT_SELECTED = "not_selected", _("Not selected")
    AGREED = "agreed", _("Agreement signed")
    HANDED_OVER = "handed_over", _("Handed over to appointment")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISQUALIFIED = "disqualified", _("Disqualified")


# An application in one of these states no longer stands for its person in the batch group.
CLOSED_STATES = ("rejected", "withdrawn", "disqualified")

# The candidate may still write in these.
OPEN_TO_CANDIDATE = ("draft", "returned")


class Verdict(models.TextChoices):
    PENDING = "pending", _("Pending")
    PASSED = "passed", _("Passed")
    RETURNED = "returned", _("Returned for correction")
    REJECTED = "rejected", _("Rejected")


class MachineVerdict(models.TextChoices):
    """What the comparison of profile and conditions came to; it warns and decides nothing (decision 15)."""

    MET = "met", _("All conditions met")
    NEEDS_PERSON = "needs_person", _("A person must judge")
    NOT_MET = "not_met", _("Not all conditions met")


class ReasonCode(models.TextChoices):
    """Why an application is returned, rejected or ended; words always go with the code (R20)."""

    EDUCATION = "education", _("Education or degree does not meet the position's condition")
    MAJOR = "major", _("Major does not meet the position's condition")
    AGE = "age", _("Age outside the bounds of the position")
    SCOPE = "scope", _("Not in the group of people the position is for")
    CERTIFICATE = "certificate", _("A certificate or title is missing")
    EXPERIENCE = "experience", _("Work experience does not reach the condition")
    POLITICAL = "political", _("Political status does not meet the condition")
    OTHER_CONDITION = "other_condition", _("Another condition of the position is not met")
    RECUSAL = "recusal", _("The position is barred by the recusal rules")
    DOCUMENT_MISSING = "document_missing", _("A document is missing")
    DOCUMENT_UNREADABLE = "document_unreadable", _("A document cannot be read")
    ENTRY_UNCLEAR = "entry_unclear", _("An entry is incomplete or unclear")
    ENTRY_CONTRADICTS = "entry_contradicts", _("Entries contradict one another or the documents")
    UNTRUE = "untrue", _("Untrue statements or forged documents")
    MISCONDUCT = "misconduct", _("Misconduct in the exam")
    OWN_WISH = "own_wish", _("Own wish")


RETURN_CODES = (
    ReasonCode.DOCUMENT_MISSING,
    ReasonCode.DOCUMENT_UNREADABLE,
    ReasonCode.ENTRY_UNCLEAR,
    ReasonCode.ENTRY_CONTRADICTS,
)
REJECT_CODES = (
    ReasonCode.EDUCATION,
    ReasonCode.MAJOR,
    ReasonCode.AGE,
    ReasonCode.SCOPE,
    ReasonCode.CERTIFICATE,
    ReasonCode.EXPERIENCE,
    ReasonCode.POLITICAL,
    ReasonCode.OTHER_CONDITION,
    ReasonCode.RECUSAL,
    ReasonCode.UNTRUE,
)
