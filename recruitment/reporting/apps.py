from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "recruitment.reporting"
    label = "reporting"
    verbose_name = _("Reporting")

    def ready(self) -> None:
        from recruitment.reporting import outside  # noqa: F401
