"""A position table in: upload, preview, confirmation, as everywhere."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from campaigns.planning.models import Campaign
from campaigns.planning.office.campaigns import plannable
from campaigns.planning.policies import may_plan
from campaigns.planning.tasks import IMPORT, PREVIEW
from foundation.ui.imports import ImportConfirm, ImportFlow, ImportPage, ImportPreview, ImportUpload


class _Positions(ImportPage):
    flow = ImportFlow("planning-import", preview=PREVIEW, take=IMPORT)
    rule = may_plan
    page_title = gettext_lazy("Import positions")
    subject: Campaign

    def find(self, request: HttpRequest, **kwargs: Any) -> Campaign:
        return plannable(request, kwargs["code"])

    def arguments(self) -> dict[str, Any]:
        return {"campaign": self.subject.pk}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(campaign=self.subject, **kwargs)


class Upload(_Positions, ImportUpload):
    template_name = "planning/office/import.html"


class Preview(_Positions, ImportPreview):
    template_name = "planning/office/import_preview.html"


class Confirm(_Positions, ImportConfirm):
    """No page of its own."""
