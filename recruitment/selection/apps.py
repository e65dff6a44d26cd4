from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SelectionConfig(AppConfig):
    name = "recruitment.selection"
    label = "selection"
    verbose_name = _("Competitive selection")

    def ready(self) -> None:
        from recruitment.panels.enums import Purpose
        from recruitment.panels.reading import register_reading
        from recruitment.publications.models import PublicationKind
        from recruitment.publications.rooms import register_correction
        from recruitment.selection.lists import prepare_selection
        from recruitment.selection.reading import material_reading

        register_correction(
            PublicationKind.SELECTION, lambda actor, row: prepare_selection(actor=actor, campaign=row.campaign)
        )
        register_reading(Purpose.MATERIAL, material_reading)
