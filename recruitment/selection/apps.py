from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelectionConfig(AppConfig):
    name = "recruitment.selection"
    label = "selection"
    verbose_name = _("Competitive selection")

    def ready(self) -> None:
        from recruitment.panels.enums import Purpose
        from recruitment.panels.reading import register_reading
        from recruitment.selection import lists  # noqa: F401 - registers how the press has its list drafted anew
        from recruitment.selection.reading import material_reading

        register_reading(Purpose.MATERIAL, material_reading)
