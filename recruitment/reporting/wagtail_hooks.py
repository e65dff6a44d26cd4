from django.urls import URLResolver, include, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.models import User
from campaigns.events.models import RecruitingEvent
from campaigns.events.office.figures import register_event_figures
from campaigns.planning.models import Campaign
from foundation.ui.components import Figure
from foundation.ui.office import RuledMenuItem, Todo, register_todo
from recruitment.reporting.funnel import outcome_of, terms_of
from recruitment.reporting.office.slot_checks import may_check_slots
from recruitment.reporting.policies import may_read_figures, may_read_funnel
from recruitment.reporting.slot_checks import last_run


@hooks.register("register_admin_urls")
def figures_urls() -> list[URLResolver]:
    return [path("figures/", include("recruitment.reporting.office.urls"))]


@hooks.register("register_admin_menu_item")
def figures_menu() -> MenuItem:
    return RuledMenuItem(
        _("Figures"), reverse("figures"), rule=may_read_figures, icon_name="view", order=110, name="figures"
    )


@hooks.register("register_admin_menu_item")
def slot_checks_menu() -> MenuItem:
    return RuledMenuItem(
        _("Proof of the ledger"),
        reverse("figures-slot-checks"),
        rule=may_check_slots,
        icon_name="check",
        order=225,
        name="slot-checks",
    )


@register_todo
def broken_ledger(user: User) -> list[Todo]:
    """Findings of the last proof of the ledger, for those who may look at them."""
    run = last_run() if may_check_slots(user) else None
    number = run.after.get("findings", 0) if run else 0
    return [Todo(_("Contradictions in the ledger of posts"), number, reverse("figures-slot-checks"))]


@register_event_figures
def what_became_of_it(user: User, event: RecruitingEvent) -> list[Figure]:
    """Applications credited to an event and how far they came, for those who read the funnel."""
    if not may_read_funnel(user, event):
        return []
    found = outcome_of(event)
    terms = " ".join(sentence for sentence, _names in terms_of(Campaign.objects.filter(events=event)))
    called = ngettext("%(n)s called to the interview", "%(n)s called to the interview", found["called"])
    return [
        Figure(_("Applicants"), found["applied"], _("persons"), note=called % {"n": f"{found['called']:,}"}),
        Figure(_("People hired"), found["hired"], _("persons"), note=terms),
    ]
