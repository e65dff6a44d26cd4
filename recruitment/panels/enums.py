from django.db import models
from django.utils.translation import gettext_lazy as _


class Purpose(models.TextChoices):
    """What a panel marks; the rule that totals a sheet follows from it."""

    MATERIAL = "material", _("Material review")
    INTERVIEW = "interview", _("Interview")
    BID = "bid", _("Review of bids")
