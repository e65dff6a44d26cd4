"""Files a candidate hands in; pictures are encoded anew by the store, so that nothing hidden in them is kept."""

from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from accounts.policies import require
from foundation.errors import Refused
from foundation.files.domain import drop_file, store_file
from recruitment.candidates.enums import DocumentKind
from recruitment.candidates.models import Candidate, CandidateDocument
from recruitment.candidates.policies import is_oneself, may_add_document

PURPOSE = "candidate_document"
MOST_DOCUMENTS = 20
PICTURES = ("jpeg", "png")
SCANS = (*PICTURES, "pdf")


@transaction.atomic
def add_document(
    *, actor: User, candidate: Candidate, kind: str, content: IO[bytes] | bytes, name: str
) -> CandidateDocument:
    """Keep a file of the profile; of all kinds but the photo there may be several.

    For a person without an account an office takes the paper in.
    A new photo takes the place of one that no application rests on.
    Raises Refused with what is accepted for content of another kind, and beyond 20 documents.
    """
    require(may_add_document, actor, candidate)
    Candidate.objects.select_for_update().get(pk=candidate.pk)
    if candidate.documents.count() >= MOST_DOCUMENTS:
        raise Refused(_("At most %(most)s documents fit here. Nothing was saved.") % {"most": MOST_DOCUMENTS})
    kinds = PICTURES if kind == DocumentKind.PHOTO else SCANS
    file = store_file(content=content, name=name, purpose=PURPOSE, owner=actor, kinds=kinds)
    if kind == DocumentKind.PHOTO:
        for earlier in candidate.documents.filter(kind=kind).select_related("file"):
            if not _is_in_use(candidate, earlier):
                _drop(earlier)
    document = CandidateDocument.objects.create(candidate=candidate, kind=kind, file=file)
    audit.record(
        actor=actor,
        action="candidates.add_document",
        subject=candidate,
        after={"kind": kind, "sha256": file.sha256},
    )
    return document


@transaction.atomic
def remove_document(*, actor: User, candidate: Candidate, document: CandidateDocument) -> None:
    """Take a document back. One that a submitted application or a claim of bonus rests on stays."""
    require(is_oneself, actor, candidate)
    Candidate.objects.select_for_update().get(pk=candidate.pk)
    if document.candidate_id != candidate.pk:
        raise Refused(_("This document is not part of your profile. Nothing was saved."), code="not_found")
    if _is_in_use(candidate, document):
        raise Refused(
            _(
                "An application you submitted or a claim of bonus rests on this document, so it stays. "
                "Nothing was saved."
            ),
            code="in_use",
        )
    audit.record(actor=actor, action="candidates.remove_document", subject=candidate, before={"kind": document.kind})
    _drop(document)


def _is_in_use(candidate: Candidate, document: CandidateDocument) -> bool:
    """True if an application was handed in while the document was part of the profile, or a claim of bonus names it."""
    if document.bonus_claims.exclude(state="withdrawn").exists():  # type: ignore[attr-defined]
        return True
    submitted = candidate.applications.exclude(state="draft")  # type: ignore[attr-defined]
    return submitted.filter(submitted_at__gte=document.added_at).exists()


def _drop(document: CandidateDocument) -> None:
    file = document.file
    document.delete()
    drop_file(file=file)
