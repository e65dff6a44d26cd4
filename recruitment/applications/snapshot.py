"""The data of an application as submitted, frozen in one encrypted document with its digest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict

from recruitment.applications.models import Application
from recruitment.candidates.domain.profile import PROFILE_FIELDS
from recruitment.candidates.models import Candidate


def profile_document(candidate: Candidate) -> dict[str, Any]:
    """Everything the profile says, as plain values; personal, so only ever stored encrypted."""
    return {
        **{name: getattr(candidate, name) for name in PROFILE_FIELDS},
        "educations": [model_to_dict(row, exclude=["candidate"]) for row in candidate.educations.all()],
        "work_periods": [model_to_dict(row, exclude=["candidate"]) for row in candidate.work_periods.all()],
        "relatives": [model_to_dict(row, exclude=["candidate"]) for row in candidate.relatives.all()],
        "documents": [
            {"kind": row.kind, "file": str(row.file_id), "sha256": row.file.sha256}
            for row in candidate.documents.select_related("file")
        ],
    }


def snapshot_of(
    application: Application, form: Mapping[str, Any], declarations: Mapping[str, bool | None], at: datetime
) -> str:
    """Canonical JSON of profile, contact, position as printed, form and declarations at the moment `at`."""
    user, position = application.candidate.user, application.position
    document = {
        "registration_no": application.registration_no,
        "submitted_at": at,
        "profile": profile_document(application.candidate),
        "contact": {"phone": user.phone, "email": user.email} if user else {},
        "position": {
            "campaign": application.campaign.code,
            "code": position.code,
            "name": position.name,
            "unit": position.unit.name,
            "printed": position.printed,
            "conditions": position.conditions,
        },
        "form": dict(form),
        "declarations": dict(declarations),
    }
    return _canonical(document)


def _canonical(document: Mapping[str, Any]) -> str:
    encoder = DjangoJSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return encoder.encode(document)
