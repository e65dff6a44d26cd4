"""The acts while an engagement is in service: milestones, days on site, the team, the term."""

from typing import Any

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from accounts.models import User
from foundation.dates import day
from recruitment.challenges import domain
from recruitment.challenges.enums import MilestoneState
from recruitment.challenges.office import forms as f
from recruitment.challenges.office.outcome import EngagementStep
from recruitment.challenges.office.step import Effects
from recruitment.challenges.policies import may_log_work
from recruitment.challenges.serving import service_of


class DecideMilestone(EngagementStep):
    name = "milestone"

    def form(self, *args: Any) -> Any:
        waiting = self.engagement().milestones.exclude(state=MilestoneState.PASSED)
        return f.MilestoneForm(*args, milestones=waiting)

    def effects(self) -> Effects:
        lines = service_of(self.engagement(), timezone.localdate()).milestones
        return [*(line.verdict for line in lines), _("Nothing is paid here: the page says what may be paid and why.")]

    def run(self, user: User, form: Any) -> str:
        told = form.cleaned_data
        domain.decide_milestone(
            actor=user, milestone=told["milestone"], is_passed=told["outcome"] == "passed", reason=told["reason"]
        )
        return _("The milestone was decided.")


class LogWork(EngagementStep):
    name = "work"
    rule = may_log_work
    form_class = f.WorkForm

    def effects(self) -> Effects:
        row = self.engagement()
        years = service_of(row, timezone.localdate()).years
        return [
            _("Agreed are %(days)s days a year, from %(first)s to %(last)s.")
            % {"days": row.days_per_year, "first": day(row.starts_on), "last": day(row.ends_on)},
            *(year.verdict for year in years),
        ]

    def run(self, user: User, form: Any) -> str:
        rows = domain.log_work(actor=user, engagement=self.engagement(), **form.cleaned_data)
        return ngettext("%(n)s day is logged.", "%(n)s days are logged.", len(rows)) % {"n": len(rows)}


@method_decorator(sensitive_post_parameters("id_number"), name="dispatch")
class AddMember(EngagementStep):
    name = "member"
    form_class = f.MemberForm

    def effects(self) -> Effects:
        return [_("Leaders' figures count the lead only, or all members, as the rules of the campaign say.")]

    def run(self, user: User, form: Any) -> str:
        domain.add_team_member(actor=user, engagement=self.engagement(), **form.cleaned_data)
        return _("The team member is added.")


class ExtendTerm(EngagementStep):
    name = "extend-term"
    form_class = f.ExtensionForm

    def effects(self) -> Effects:
        row = self.engagement()
        return [
            service_of(row, timezone.localdate()).extension,
            _("The agreement ends on %(day)s now.") % {"day": day(row.ends_on)},
        ]

    def run(self, user: User, form: Any) -> str:
        row = domain.extend_engagement(actor=user, engagement=self.engagement(), **form.cleaned_data)
        return _("The agreement ends on %(day)s now.") % {"day": day(row.ends_on)}
