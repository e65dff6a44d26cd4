from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExaminationsConfig(AppConfig):
    name = "recruitment.examinations"
    label = "examinations"
    verbose_name = _("Examinations")

    def ready(self) -> None:
        from recruitment.examinations import rule_effects  # noqa: F401 - registers what a change of rules would do here
