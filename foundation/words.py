"""Words that settings hand to libraries; here, so that they are translated with this room's."""

from django.utils.translation import gettext_lazy

ALL = gettext_lazy("All")
