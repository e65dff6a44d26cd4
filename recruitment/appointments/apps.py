from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    name = "recruitment.appointments"
    label = "appointments"
    verbose_name = _("Appointments")

    def ready(self) -> None:
        from recruitment.appointments import post_steps, receivers  # noqa: F401
