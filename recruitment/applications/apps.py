from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApplicationsConfig(AppConfig):
    name = "recruitment.applications"
    label = "applications"
    verbose_name = _("Applications")

    def ready(self) -> None:
        from recruitment.applications import rule_effects  # noqa: F401 - registers what a change of rules would do here
