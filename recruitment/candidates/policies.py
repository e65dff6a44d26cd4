"""Who may see and change what a candidate told us."""

from django.utils.translation import gettext_lazy as _

from accounts.enums import Role, UserKind
from accounts.models import User
from accounts.policies import has_role, in_scope, predicate
from foundation.files.models import PrivateFile
from foundation.files.policies import opens
from recruitment.candidates.models import Candidate, CandidateDocument

# Duties of tracks 2.6: who may open a national ID number in full, on demand and logged.
ID_READERS = (
    Role.UNIT_HR,
    Role.DEPARTMENT,
    Role.TALENT_OFFICE,
    Role.EXAM_CENTRE,
    Role.ESTABLISHMENT_OFFICE,
    Role.AUDITOR,
)


@predicate(_("Only the person concerned can do this."))
def is_oneself(actor: User, subject: Candidate) -> bool:
    return subject.user_id is not None and subject.user_id == actor.pk


@predicate(_("Only a candidate's account can do this; staff accounts can't apply."))
def is_candidate_account(actor: User, subject: object) -> bool:
    return actor.is_active and actor.kind == UserKind.CANDIDATE


@predicate(_("This needs a role that reads ID numbers, for a unit this person applied to."))
def has_their_case(actor: User, subject: Candidate) -> bool:
    """Holds a reading role for the unit of one of the person's submitted applications."""
    scope = in_scope(actor, *ID_READERS, field="position__unit")
    return subject.applications.exclude(state="draft").filter(scope).exists()  # type: ignore[attr-defined]


@predicate(_("A person with an account hands in their own documents."))
def is_without_account(actor: User, subject: Candidate) -> bool:
    return subject.user_id is None


@predicate(_("This needs the exam centre or the talent office, for a unit this person applied to."))
def takes_in_their_papers(actor: User, subject: Candidate) -> bool:
    """Holds an office that takes in papers for the unit of one of the person's submitted applications."""
    scope = in_scope(actor, Role.TALENT_OFFICE, Role.EXAM_CENTRE, field="position__unit")
    return subject.applications.exclude(state="draft").filter(scope).exists()  # type: ignore[attr-defined]


may_add_document = (is_without_account & takes_in_their_papers) | is_oneself
may_read_documents = is_oneself | has_their_case


@opens("candidate_document")
def may_open_document(user: User, file: PrivateFile) -> bool:
    """The person who handed it in, and those who review an application they submitted."""
    document = CandidateDocument.objects.filter(file=file).select_related("candidate").first()
    return document is not None and bool(may_read_documents(user, document.candidate))


may_reveal_id_number = is_oneself | has_their_case
# A ban of one place is entered by the authority that keeps the recruitment of its units.
may_enter_ban = has_role(Role.TALENT_OFFICE)
