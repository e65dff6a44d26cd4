from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicationsConfig(AppConfig):
    name = "recruitment.publications"
    label = "publications"
    verbose_name = _("Publications")

    def ready(self) -> None:
        from recruitment.publications import notices, receivers  # noqa: F401
