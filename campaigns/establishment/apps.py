from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EstablishmentConfig(AppConfig):
    name = "campaigns.establishment"
    label = "establishment"
    verbose_name = _("Established posts")
