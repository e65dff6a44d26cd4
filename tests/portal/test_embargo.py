"""A result stays hidden from the candidate until its list is released (R94)."""

import pytest

from accounts.enums import Role
from recruitment.applications.gateway import MACHINE, move_application
from recruitment.publications.domain import prepare, release, review
from recruitment.publications.models import PublicationKind

pytestmark = pytest.mark.django_db


def release_list(staff, campaign, kind):
    first, second = (staff(Role.TALENT_OFFICE, username=f"{kind}{number}") for number in (1, 2))
    columns = [{"code": "ticket", "label": "准考证号"}]
    draft = prepare(actor=first, campaign=campaign, kind=kind, title=str(kind), columns=columns, rows=[["0511"]])
    review(actor=second, publication=draft)
    release(actor=second, publication=draft)


def test_being_called_to_the_interview_shows_only_after_the_lists_are_out(client, submitted, reviewer, staff):
    for move in ("pass_review", "mark", "shortlist"):
        move_application(actor=reviewer, application=submitted, move=move)
    client.force_login(submitted.candidate.user)
    urls = ("/my/", f"/my/applications/{submitted.registration_no}/")
    before = [client.get(url).content.decode() for url in urls]
    release_list(staff, submitted.campaign, PublicationKind.SCORES)
    release_list(staff, submitted.campaign, PublicationKind.SHORTLIST)
    after = [client.get(url).content.decode() for url in urls]
    called, passed = str(MACHINE.public_name("shortlisted")), str(MACHINE.public_name("effective"))
    for hidden, shown in zip(before, after, strict=True):
        assert called not in hidden
        assert passed in hidden
        assert called in shown
