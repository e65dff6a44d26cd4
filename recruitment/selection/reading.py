"""What reviewers of material read: the applicant's record as submitted, without name, ID number or contact."""

import json

from django.db.models import DateField, Model
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from foundation.dates import day
from recruitment.candidates.models import Education, WorkPeriod
from recruitment.panels.models import Subject
from recruitment.panels.reading import Reading
from rulebook.masking import find_identities


def material_reading(subject: Subject) -> Reading:
    """Position, education, work, titles, certificates and the applicant's note, from the snapshot of the submission."""
    application = subject.application
    if application is None:
        return []
    document = json.loads(application.snapshot) if application.snapshot else {}
    profile = document.get("profile", {})
    rows = [
        (_("Position"), f"{application.position.name}，{application.position.unit.name}"),
        (_("Education"), _entries(Education, profile.get("educations", []), EDUCATION)),
        (_("Work"), _entries(WorkPeriod, profile.get("work_periods", []), WORK)),
        (_("Professional title"), profile.get("title_series", "")),
        (_("Certificates"), "\n".join(profile.get("certificates") or [])),
        (_("What the applicant adds"), document.get("form", {}).get("note", "")),
    ]
    name = profile.get("name", "")
    return [(heading, _nameless(text, name)) for heading, text in rows if text]


EDUCATION = ("level", "degree", "school", "major", "graduated_on")
WORK = ("employer", "duty", "started_on", "ended_on")


def _entries(model: type[Model], rows: list[dict[str, object]], fields: tuple[str, ...]) -> str:
    return "\n".join("，".join(filter(None, (_shown(model, name, row.get(name)) for name in fields))) for row in rows)


def _shown(model: type[Model], name: str, value: object) -> str:
    field = model._meta.get_field(name)
    if isinstance(field, DateField):
        return day(parse_date(str(value))) if value else ""
    choices = dict(field.flatchoices)  # type: ignore[union-attr]
    return str(choices.get(value, value or ""))


def _nameless(text: str, name: str) -> str:
    """A text in which the person's name and whatever is an ID or a mobile number is blacked out."""
    for found in reversed(find_identities(text)):
        text = text[: found.start] + "█" * (found.end - found.start) + text[found.end :]
    return text.replace(name, "█" * len(name)) if name else text
