"""Papers, marks entered under four eyes, written results, interviews, totals."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.exact import ExactMarkField
from recruitment.applications.enums import REJECT_CODES, ReasonCode


class MarkStatus(models.TextChoices):
    NORMAL = "normal", _("Normal")
    ABSENT = "absent", _("Absent")
    ZERO = "zero", _("Zero")
    MISCONDUCT = "misconduct", _("Misconduct")
    DUPLICATE = "duplicate", _("Identical papers")


class MarkKind(models.TextChoices):
    WRITTEN = "written", _("Written exam")
    INTERVIEW = "interview", _("Interview")
    EXTRA_TEST = "extra_test", _("Extra test")


class MarkBatch(models.Model):
    """One import of marks; locked by a second person before anything is ranked.

    A batch with a ground (`correction`) corrects marks that were locked: those stay as they were, the newer ones count.
    """

    campaign = models.ForeignKey("planning.Campaign", on_delete=models.PROTECT, related_name="mark_batches")
    kind = models.CharField(_("kind"), max_length=10, choices=MarkKind, default=MarkKind.WRITTEN)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    correction = models.CharField(_("ground of the correction"), max_length=100, blank=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("imported at"), default=timezone.now)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    locked_at = models.DateTimeField(_("locked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("batch of marks")
        verbose_name_plural = _("batches of marks")
        ordering = ["-imported_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_by=None) | ~Q(locked_by=F("imported_by")), name="marks_locked_by_second_person"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Mark(models.Model):
    """One paper's raw mark of one application; absence, zero and misconduct are statuses, never numbers.

    Of several marks of one person in one paper the newest counts; the older ones are locked and were corrected.
    An interview mark says which panel gave it in which session, how many of its judges voted in favour (R62), and
    whether the person signed it or who noted that they refused (R63).
    """

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="marks")
    paper = models.CharField(_("paper"), max_length=30)
    value = models.DecimalField(_("mark"), max_digits=6, decimal_places=2, null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=MarkStatus, default=MarkStatus.NORMAL)
    batch = models.ForeignKey(MarkBatch, on_delete=models.PROTECT, related_name="marks")
    panel = models.CharField(_("interview panel"), max_length=40, blank=True)
    session = models.CharField(_("session"), max_length=40, blank=True)
    votes = models.PositiveSmallIntegerField(_("judges in favour"), null=True, blank=True)
    judges = models.PositiveSmallIntegerField(_("judges"), null=True, blank=True)
    is_signed = models.BooleanField(_("signed by the candidate"), default=False)
    refusal_noted_by = models.CharField(_("refusal to sign noted by"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "paper", "batch"], name="one_mark_per_paper_and_batch"),
            models.CheckConstraint(
                condition=(Q(status="normal") & Q(value__isnull=False)) | (~Q(status="normal") & Q(value__isnull=True)),
                name="mark_is_a_number_or_a_status",
            ),
            models.CheckConstraint(
                condition=Q(votes=None, judges=None)
                | Q(votes__isnull=False, judges__isnull=False, votes__lte=F("judges"), judges__gt=0),
                name="votes_are_of_the_judges",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.paper}"


class CheckOutcome(models.TextChoices):
    UNCHANGED = "unchanged", _("Unchanged")
    CORRECTED = "corrected", _("Corrected")


class ScoreCheck(models.Model):
    """A person asks for a check of their own mark in one paper, once; nothing is ranked while one is open (R47)."""

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="score_checks")
    paper = models.CharField(_("paper"), max_length=30)
    status = models.CharField(_("status"), max_length=10, choices=MarkStatus)
    reason = models.TextField(_("what the person says"))
    asked_at = models.DateTimeField(_("requested at"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=CheckOutcome, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    correction = models.ForeignKey(MarkBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("score check")
        verbose_name_plural = _("score checks")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "paper"], name="score_check_once_per_paper"),
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_by=None, answered_at=None, correction=None)
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(outcome="") & ~Q(answer=""),
                name="score_check_answered_as_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(correction=None) & ~Q(outcome="corrected")
                | Q(correction__isnull=False, outcome="corrected"),
                name="score_check_corrected_by_a_batch",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.paper}"


class ConductSeverity(models.TextChoices):
    """What is reported, by the articles of Order 35; what it brings is the rule book's (R38, R39)."""

    REGISTRATION_FRAUD = "registration_fraud", _("Fraud in the registration (Article 5)")
    GENERAL = "general", _("General breach in the exam (Article 6)")
    SERIOUS = "serious", _("Serious breach in the exam (Article 7)")
    VERY_SERIOUS = "very_serious", _("Very serious breach in the exam (Article 8)")
    VENUE_DISORDER = "venue_disorder", _("Disorder at the exam venue (Article 9)")
    DUPLICATE_PAPERS = "duplicate_papers", _("Identical papers (Article 10)")
    FOUND_AFTER_HIRE = "found_after_hire", _("Found after the hire (Article 13)")


ONE_PAPER = (ConductSeverity.GENERAL, ConductSeverity.DUPLICATE_PAPERS)


class ConductState(models.TextChoices):
    OPEN = "open", pgettext_lazy("case", "Under way")
    DECIDED = "decided", pgettext_lazy("case", "Decided")
    DROPPED = "dropped", pgettext_lazy("case", "Dropped")


class ConductCase(models.Model):
    """Misconduct reported of one application: facts and evidence, the person's statement, a second person's decision.

    `paper` is set where one paper is concerned. `document` is the number of the written decision, `experts` that of the
    experts' confirmation of identical papers (R38). `effect` keeps the rule book's sentences as they were applied;
    `correction` holds the marks made void, `record` what was entered for later recruitments.
    """

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="conduct_cases")
    severity = models.CharField(_("severity"), max_length=20, choices=ConductSeverity)
    paper = models.CharField(_("paper"), max_length=30, blank=True)
    facts = models.TextField(_("facts"))
    evidence = models.TextField(_("evidence"))
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("reported at"), default=timezone.now)
    statement_until = models.DateField(_("last day for a statement"))
    statement = models.TextField(_("statement"), blank=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stated_at = models.DateTimeField(_("stated at"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=ConductState, default=ConductState.OPEN)
    reasons = models.TextField(_("reasons"), blank=True)
    document = models.CharField(_("document number"), max_length=100, blank=True)
    experts = models.CharField(_("number of the experts' confirmation"), max_length=100, blank=True)
    effect = models.JSONField(_("effect"), default=dict)
    correction = models.ForeignKey(MarkBatch, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    record = models.OneToOneField(
        "candidates.IntegrityRecord", on_delete=models.PROTECT, null=True, blank=True, related_name="conduct_case"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("case of misconduct")
        verbose_name_plural = _("cases of misconduct")
        ordering = ["reported_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="open"), name="one_open_conduct_case_per_application"
            ),
            models.CheckConstraint(
                condition=Q(severity__in=ONE_PAPER) & ~Q(paper="") | ~Q(severity__in=ONE_PAPER) & Q(paper=""),
                name="conduct_case_names_the_one_paper",
            ),
            models.CheckConstraint(
                condition=Q(statement="", stated_by=None, stated_at=None)
                | ~Q(statement="") & Q(stated_by__isnull=False, stated_at__isnull=False),
                name="conduct_statement_as_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None, reasons="", document="")
                | Q(state__in=["decided", "dropped"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(reasons="")
                & ~Q(decided_by=F("reported_by")),
                name="conduct_case_decided_by_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="decided") & ~Q(document="") | ~Q(state="decided") & Q(correction=None, record=None),
                name="conduct_effects_by_a_document",
            ),
        ]

    def __str__(self) -> str:
        """The number of the case, never what is said of the person: this text is kept in the audit trail."""
        return f"#{self.pk}"


class WrittenLine(models.Model):
    """The lowest written mark of those called, where the rules leave it to the authority (R46).

    One person sets it with its document, a second confirms it; a new one supersedes it, so that of each exam category
    (empty: of the whole campaign) one line is the current one. A line is never edited.
    """

    campaign = models.ForeignKey("planning.Campaign", on_delete=models.PROTECT, related_name="written_lines")
    exam_category = models.CharField(_("exam category"), max_length=60, blank=True)
    value = models.DecimalField(_("lowest mark"), max_digits=6, decimal_places=2)
    document = models.CharField(_("document number"), max_length=100)
    attachment = models.ForeignKey(
        "foundation.PrivateFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(_("reason"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set at"), default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("lowest written mark")
        verbose_name_plural = _("lowest written marks")
        ordering = ["-set_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "exam_category"], condition=Q(superseded_at=None), name="one_current_written_line"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False) & ~Q(confirmed_by=F("set_by")),
                name="written_line_confirmed_by_second_person",
            ),
            models.CheckConstraint(condition=Q(value__gte=0), name="written_line_not_negative"),
            models.CheckConstraint(
                condition=~Q(document="") & ~Q(reason=""), name="written_line_has_document_and_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.exam_category} {self.value}".replace("  ", " ")


class BonusState(models.TextChoices):
    OPEN = "open", pgettext_lazy("claim", "Waiting for a decision")
    ACCEPTED = "accepted", pgettext_lazy("claim", "Granted")
    REJECTED = "rejected", pgettext_lazy("claim", "Not granted")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "Withdrawn")


class BonusReason(models.TextChoices):
    """Why a claim is not granted; words always go with the code."""

    NOT_PROVED = "not_proved", _("The document does not prove this ground")
    TOO_SHORT = "too_short", _("Less than a full year of service")
    UNREADABLE = "unreadable", _("A document cannot be read")
    USED = "used", _("The ground has led to a hire before and is used up")
    UNTRUE = "untrue", _("Untrue statements or forged documents")


class BonusClaim(models.Model):
    """A ground of bonus that an applicant claims with a document of their own (R42, R44); a person decides.

    `entered_by` is who entered it for a person without an account; somebody else decides then. Points are not kept
    here: they follow from the ground, the months proved and the rules of the ranking.
    """

    application = models.ForeignKey("applications.Application", on_delete=models.PROTECT, related_name="bonus_claims")
    ground = models.CharField(_("ground of bonus"), max_length=60)
    months = models.PositiveSmallIntegerField(_("months of service"), default=0)
    document = models.ForeignKey(
        "candidates.CandidateDocument", on_delete=models.SET_NULL, null=True, blank=True, related_name="bonus_claims"
    )
    state = models.CharField(_("state"), max_length=10, choices=BonusState, default=BonusState.OPEN)
    months_proved = models.PositiveSmallIntegerField(_("months proved"), null=True, blank=True)
    reason_code = models.CharField(_("reason"), max_length=12, choices=BonusReason, blank=True)
    reason = models.CharField(_("in words"), max_length=500, blank=True)
    claimed_at = models.DateTimeField(_("claimed at"), default=timezone.now)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("claim of bonus")
        verbose_name_plural = _("claims of bonus")
        ordering = ["claimed_at", "pk"]
        indexes = [models.Index(fields=["state", "claimed_at"], name="bonus_claim_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "ground"],
                condition=~Q(state="withdrawn"),
                name="one_claim_per_application_and_ground",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn") | Q(document__isnull=False), name="bonus_claim_rests_on_a_document"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "withdrawn"], decided_by=None, decided_at=None, months_proved=None)
                | Q(state__in=["accepted", "rejected"], decided_by__isnull=False, decided_at__isnull=False),
                name="bonus_claim_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(entered_by=None) | Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="bonus_claim_decided_by_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", months_proved__isnull=False, reason_code="")
                | (Q(state="rejected", months_proved=None) & ~Q(reason_code="") & ~Q(reason=""))
                | Q(state__in=["open", "withdrawn"]),
                name="bonus_claim_months_or_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.ground}"


class RecheckOutcome(models.TextChoices):
    PASSED = "passed", pgettext_lazy("recheck", "Passed")
    FAILED = "failed", pgettext_lazy("recheck", "Not passed")
    ABSENT = "absent", pgettext_lazy("recheck", "Did not come")
    WITHDRAWN = "withdrawn", pgettext_lazy("recheck", "Withdrew")


# Why somebody does not pass the recheck; words always go with the code.
RECHECK_CODES = (*REJECT_CODES, ReasonCode.DOCUMENT_MISSING)


class Recheck(models.Model):
    """What the recheck of one called person's qualifications against the originals came to, before the interview (R54).

    Who did not pass keeps the application's state and is not interviewed; the place falls free.
    """

    application = models.OneToOneField("applications.Application", on_delete=models.PROTECT, related_name="recheck")
    outcome = models.CharField(_("outcome"), max_length=10, choices=RecheckOutcome)
    reason_code = models.CharField(_("reason"), max_length=20, choices=ReasonCode, blank=True)
    reason = models.CharField(_("in words"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        verbose_name = _("recheck of qualifications")
        verbose_name_plural = _("rechecks of qualifications")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="failed") & ~Q(reason_code="") & ~Q(reason="")
                | ~Q(outcome="failed") & Q(reason_code=""),
                name="recheck_failed_for_a_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"


class CallUp(models.Model):
    """Who was called up to a place that fell free at the recheck, and the rule's words for it (R54, R72, R82)."""

    place = models.OneToOneField(Recheck, on_delete=models.PROTECT, related_name="call_up")
    application = models.OneToOneField("applications.Application", on_delete=models.PROTECT, related_name="call_up")
    explanation = models.JSONField(_("why"), default=dict)
    extra_test = models.CharField(_("number of the extra test"), max_length=100, blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(_("called up at"), default=timezone.now)

    class Meta:
        verbose_name = _("call to a freed place")
        verbose_name_plural = _("calls to freed places")
        ordering = ["called_at", "pk"]

    def __str__(self) -> str:
        return f"{self.place_id} → {self.application_id}"


class InterviewNotice(models.Model):
    """The notices to everyone admitted to the interview of an exam were issued (A14, R54)."""

    campaign = models.OneToOneField("planning.Campaign", on_delete=models.PROTECT, related_name="interview_notice")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)

    class Meta:
        verbose_name = _("interview notice")
        verbose_name_plural = _("interview notices")

    def __str__(self) -> str:
        return str(self.campaign)


class WrittenResult(models.Model):
    """The folded written mark, its rank in the position, and whether the person is called to interview.

    `line` is the minimum that the shortlist was made with, kept as it was applied (R46).
    `bonus` is what was granted; `carried_bonus` is that part of it which is not in the written mark but enters the
    total after weighting (R43): all of it or nothing, by the rules of the ranking.
    """

    application = models.OneToOneField(
        "applications.Application", on_delete=models.PROTECT, related_name="written_result"
    )
    value = ExactMarkField(_("written mark"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=MarkStatus, default=MarkStatus.NORMAL)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    bonus = models.DecimalField(_("bonus points"), max_digits=6, decimal_places=2, default=0)
    carried_bonus = models.DecimalField(_("bonus points for the total"), max_digits=6, decimal_places=2, default=0)
    is_called = models.BooleanField(_("called to interview"), default=False)
    line = models.DecimalField(_("lowest mark of those called"), max_digits=10, decimal_places=6, null=True, blank=True)
    explanation = models.JSONField(_("how it came about"), default=dict)
    call_explanation = models.JSONField(_("why called or not"), default=dict)
    rule_set = models.ForeignKey("planning.RuleSetVersion", on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("written result")
        verbose_name_plural = _("written results")
        constraints = [
            models.CheckConstraint(
                condition=Q(bonus__gte=0) & (Q(carried_bonus=0) | Q(carried_bonus=F("bonus"))),
                name="bonus_enters_the_mark_or_the_total",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.value}"


class TotalResult(models.Model):
    """The total mark of one application and its place; `interview` is the mark that entered it (R59)."""

    application = models.OneToOneField(
        "applications.Application", on_delete=models.PROTECT, related_name="total_result"
    )
    interview = ExactMarkField(_("interview mark"), null=True, blank=True)
    value = ExactMarkField(_("total mark"), null=True, blank=True)
    rank = models.PositiveIntegerField(_("rank"), null=True, blank=True)
    is_proposed = models.BooleanField(_("proposed for hire"), default=False)
    needs_extra_test = models.BooleanField(_("extra test required"), default=False)
    explanation = models.JSONField(_("how it came about"), default=dict)
    rule_set = models.ForeignKey("planning.RuleSetVersion", on_delete=models.PROTECT, related_name="+")
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("total result")
        verbose_name_plural = _("total results")

    def __str__(self) -> str:
        return f"{self.application_id}: {self.value}"
