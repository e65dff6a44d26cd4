from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "recruitment.applications"
    label = "applications"
    verbose_name = _("Applications")

    def ready(self) -> None:
        from campaigns.planning.signals import rules_amended
        from recruitment.applications import rule_effects  # noqa: F401 - registers what a change of rules would do here
        from recruitment.applications.receivers import tell_of_amendment

        rules_amended.connect(tell_of_amendment, dispatch_uid="applications.tell_of_amendment")
