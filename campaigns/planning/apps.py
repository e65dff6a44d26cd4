from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlanningConfig(AppConfig):
    name = "campaigns.planning"
    label = "planning"
    verbose_name = _("Planning")

    def ready(self) -> None:
        from campaigns.planning import post_steps  # noqa: F401
