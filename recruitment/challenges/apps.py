from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChallengesConfig(AppConfig):
    name = "recruitment.challenges"
    label = "challenges"
    verbose_name = _("Open challenges")

    def ready(self) -> None:
        from recruitment.challenges import receivers  # noqa: F401
        from recruitment.challenges.queries import bid_reading
        from recruitment.panels.enums import Purpose
        from recruitment.panels.reading import register_reading

        register_reading(Purpose.BID, bid_reading)
