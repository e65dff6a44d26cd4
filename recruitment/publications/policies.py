"""Who prepares, reviews and releases public lists; until release only they and the auditors may read one (R94)."""

from accounts.duties import Duty, another_person, may
from accounts.enums import Role
from accounts.models import User
from accounts.policies import Decision, Predicate, has_role
from recruitment.publications.models import Publication

RELEASE_TEAM = (Role.TALENT_OFFICE, Role.EXAM_CENTRE)
may_prepare = has_role(*RELEASE_TEAM)
may_release = may(Duty.PUBLISH_NOTICE)
may_discard = may_prepare | may_release
may_read_before_release = may(Duty.SEE_SCORES_BEFORE_RELEASE)


def _not_the_preparer(actor: User, publication: Publication) -> Decision:
    return another_person(publication.prepared_by_id)(actor, publication)


may_review = may_release & Predicate(_not_the_preparer)
