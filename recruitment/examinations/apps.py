from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExaminationsConfig(AppConfig):
    name = "recruitment.examinations"
    label = "examinations"
    verbose_name = _("Examinations")

    def ready(self) -> None:
        # Registers what a change of rules would do here, and how the press has a list drafted anew.
        from recruitment.examinations import corrections, rule_effects  # noqa: F401
