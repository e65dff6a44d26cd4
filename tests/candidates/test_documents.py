from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from accounts.enums import Role
from foundation.errors import NotAllowed, Refused
from foundation.files.models import PrivateFile
from recruitment.applications import domain as applications
from recruitment.candidates import domain

pytestmark = pytest.mark.django_db


def picture(kind="JPEG"):
    stream = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "place and camera"
    Image.new("RGB", (295, 413), "white").save(stream, kind, exif=exif)
    return stream.getvalue()


def add(candidate, kind="photo", content=None, name="照片.jpg"):
    content = picture() if content is None else content
    return domain.add_document(actor=candidate.user, candidate=candidate, kind=kind, content=content, name=name)


def test_a_photo_is_kept_without_what_the_camera_wrote_into_it(candidate):
    stored = add(candidate).file.content.read()
    assert b"place and camera" not in stored
    assert Image.open(BytesIO(stored)).size == (295, 413)


def test_a_new_photo_takes_the_place_of_the_old_one(candidate):
    first = add(candidate)
    second = add(candidate)
    assert list(candidate.documents.all()) == [second]
    assert not PrivateFile.objects.filter(pk=first.file_id).exists()


def test_the_photo_of_a_submitted_application_stays(candidate, position, submit):
    photo = add(candidate)
    submit(applications.start_application(actor=candidate.user, candidate=candidate, position=position))
    add(candidate)
    with pytest.raises(Refused) as refusal:
        domain.remove_document(actor=candidate.user, candidate=candidate, document=photo)
    assert refusal.value.code == "in_use"
    assert candidate.documents.filter(pk=photo.pk).exists()


@pytest.mark.parametrize(("kind", "content"), [("photo", b"%PDF-1.7\n"), ("diploma", b"<html>"), ("diploma", b"")])
def test_what_is_no_picture_or_scan_is_refused(candidate, kind, content):
    with pytest.raises(Refused):
        add(candidate, kind=kind, content=content)
    assert not candidate.documents.exists()


def test_nobody_hands_in_or_removes_for_someone_else(candidate, make_candidate):
    document, other = add(candidate), make_candidate()
    with pytest.raises(NotAllowed):
        domain.add_document(actor=other.user, candidate=candidate, kind="photo", content=picture(), name="x.jpg")
    with pytest.raises(Refused):
        domain.remove_document(actor=other.user, candidate=other, document=document)


def test_a_document_opens_for_its_owner_and_for_those_on_the_case(
    client, candidate, position, submit, reviewer, staff, make_unit, make_candidate, settings
):
    settings.SECOND_FACTOR_REQUIRED = False
    address = reverse("private-file", args=[add(candidate).file_id])
    outsiders = [make_candidate().user, staff(Role.UNIT_HR, unit=make_unit("S1")), staff(Role.LEADER)]

    def status(user):
        client.force_login(user)
        return client.get(address).status_code

    assert [status(user) for user in (candidate.user, reviewer)] == [200, 404]
    submit(applications.start_application(actor=candidate.user, candidate=candidate, position=position))
    assert [status(user) for user in (candidate.user, reviewer, *outsiders)] == [200, 200, 404, 404, 404]
