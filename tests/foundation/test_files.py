import io
import zipfile
from dataclasses import replace

import pytest
from django.core.files.storage import storages
from django.urls import reverse
from PIL import Image

from foundation.errors import Refused
from foundation.files import policies
from foundation.files.domain import clean_name, drop_file, store_file
from foundation.files.kinds import KINDS
from foundation.files.models import PrivateFile

pytestmark = pytest.mark.django_db


def picture(encoding="JPEG", size=(60, 80), **options):
    stream = io.BytesIO()
    Image.new("RGB", size, "teal").save(stream, encoding, **options)
    return stream.getvalue()


def archive(*members, fill=b"x"):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for member in members:
            target.writestr(member, fill)
    return stream.getvalue()


PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n"
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
DOCX = archive("[Content_Types].xml", "word/document.xml")
EVERY_KIND = ("jpeg", "png", "pdf", "xlsx", "docx", "csv")


def store(content, kinds=EVERY_KIND, name="材料.bin", purpose="test", owner=None):
    return store_file(content=content, name=name, purpose=purpose, owner=owner, kinds=kinds)


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (picture(), ".jpg"),
        (picture("PNG"), ".png"),
        (PDF, ".pdf"),
        (XLSX, ".xlsx"),
        (DOCX, ".docx"),
        ("姓名,分数\n林小满,80".encode(), ".csv"),
        ("姓名,分数\n林小满,80".encode("gb18030"), ".csv"),
    ],
)
def test_each_allowed_kind_is_told_by_its_content_and_renamed_after_it(content, suffix):
    file = store(content)
    assert file.name == f"材料{suffix}"
    assert file.content.name.endswith(f"{file.pk}{suffix}")
    assert file.size == len(file.content.read())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"<html><script>alert(1)</script></html>", "file_kind"),
        (b"\x89PNG\r\n\x1a\nnothing more", "picture_damaged"),
        (b"GIF89a" + b"\0" * 20, "file_kind"),
        (archive("some.txt"), "file_kind"),
        (PDF[:20], "pdf_damaged"),
        (PDF.replace(b"/Type", b"/OpenAction << /JS (x) >> /Type"), "pdf_active"),
        (archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_other_content_is_refused_with_what_would_be_right(content, code):
    with pytest.raises(Refused) as refusal:
        store(content)
    assert refusal.value.code == code
    assert "JPEG" in refusal.value.message
    assert not PrivateFile.objects.exists()


def test_a_kind_that_is_not_right_here_is_refused_although_known():
    with pytest.raises(Refused) as refusal:
        store(PDF, kinds=("jpeg", "png"))
    assert refusal.value.code == "file_kind"
    assert "PDF" not in refusal.value.message


def test_a_picture_loses_its_location_and_whatever_was_appended_to_it():
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (30.0, 15.0, 0.0)}
    content = picture(exif=exif) + archive("hidden.txt")
    kept = store(content).content.read()
    assert b"hidden.txt" in content
    assert b"hidden.txt" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_a_picture_turned_by_its_metadata_is_stored_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    file = store(picture(size=(60, 80), exif=exif))
    assert Image.open(file.content).size == (80, 60)


@pytest.mark.parametrize("side", [7000, 14000])
def test_a_picture_that_unpacks_to_too_many_points_is_refused(side):
    stream = io.BytesIO()
    Image.new("1", (side, side)).save(stream, "PNG")
    with pytest.raises(Refused) as refusal:
        store(stream.getvalue())
    assert refusal.value.code == "picture_size"


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr("foundation.files.kinds.UNPACKED_BYTES", 1000)
    store(XLSX)
    with pytest.raises(Refused) as refusal:
        store(archive("[Content_Types].xml", "xl/workbook.xml", fill=b"x" * 501))
    assert refusal.value.code == "archive_size"


def test_a_file_over_its_limit_is_refused_without_being_read_to_its_end(monkeypatch):
    class Endless(io.RawIOBase):
        def read(self, size=-1):
            assert size == 1001
            return b"a" * size

    monkeypatch.setitem(KINDS, "csv", replace(KINDS["csv"], limit=1000))
    assert store(b"a" * 1000, kinds=("csv",)).size == 1000
    with pytest.raises(Refused) as refusal:
        store(Endless(), kinds=("csv",))
    assert refusal.value.code == "file_size"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\temp\\学历 证书.exe", "学历 证书.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("...", "file.pdf"),
        ("长" * 300, "长" * 146 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(given, kept):
    assert clean_name(given, ".pdf") == kept


@pytest.fixture
def purpose(monkeypatch):
    monkeypatch.setattr(policies, "_CHECKS", {"test": lambda user, file: file.owner_id == user.pk})
    return "test"


def test_only_those_the_purpose_lets_open_it_get_the_file_and_all_others_a_404(
    client, purpose, candidate_user, django_user_model
):
    file = store(PDF, name="学历证书.pdf", owner=candidate_user)
    address = reverse("private-file", args=[file.pk])
    assert client.get(address).status_code == 404
    client.force_login(django_user_model.objects.create_user("somebody"))
    assert client.get(address).status_code == 404
    client.force_login(candidate_user)
    response = client.get(address)
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"].startswith("attachment")
    assert "filename*=utf-8''" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_a_purpose_nobody_answers_for_opens_to_nobody(client, candidate_user):
    file = store(PDF, purpose="unheard-of", owner=candidate_user)
    client.force_login(candidate_user)
    assert client.get(reverse("private-file", args=[file.pk])).status_code == 404


def test_only_pictures_and_pdf_are_shown_in_the_page(client, purpose, candidate_user):
    client.force_login(candidate_user)
    shown = {}
    for name, content in (("jpeg", picture()), ("pdf", PDF), ("csv", b"a,b\n1,2"), ("xlsx", XLSX)):
        file = store(content, owner=candidate_user)
        disposition = client.get(reverse("private-file", args=[file.pk]) + "?show")["Content-Disposition"]
        shown[name] = disposition.startswith("inline")
    assert shown == {"jpeg": True, "pdf": True, "csv": False, "xlsx": False}


def test_nginx_is_told_where_the_file_lies_and_sends_it(client, purpose, candidate_user, settings):
    settings.PRIVATE_SENDFILE = "nginx"
    file = store(PDF, owner=candidate_user)
    client.force_login(candidate_user)
    response = client.get(reverse("private-file", args=[file.pk]))
    assert response["X-Accel-Redirect"] == f"/private/{file.content.name}"
    assert response.content == b""
    assert response["Content-Type"] == "application/pdf"


def test_an_object_store_gets_a_link_that_ends_within_a_minute(client, purpose, candidate_user, settings, monkeypatch):
    asked = {}

    def url(name, *, parameters, expire):
        asked.update(parameters, expire=expire)
        return "https://store.example/signed"

    settings.PRIVATE_SENDFILE = "s3"
    file = store(PDF, owner=candidate_user)
    monkeypatch.setattr(storages["private"], "url", url)
    client.force_login(candidate_user)
    response = client.get(reverse("private-file", args=[file.pk]))
    assert response["Location"] == "https://store.example/signed"
    assert asked["expire"] == 60
    assert asked["ResponseContentDisposition"].startswith("attachment")


def test_a_dropped_file_leaves_the_disk_only_once_the_transaction_is_committed(django_capture_on_commit_callbacks):
    file = store(PDF)
    storage, name = file.content.storage, file.content.name
    with django_capture_on_commit_callbacks(execute=True):
        drop_file(file=file)
        assert storage.exists(name)
    assert not storage.exists(name)
    assert not PrivateFile.objects.exists()


def test_of_the_media_folder_only_renditions_of_pictures_are_public(client, settings):
    for path in ("images/a.jpg", "images/a.svg", "images/a.html", "original_images/a.jpg", "documents/a.pdf"):
        target = settings.MEDIA_ROOT / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(picture())
    answers = {
        path: client.get(f"/media/{path}").status_code
        for path in (
            "images/a.jpg",
            "images/a.svg",
            "images/a.html",
            "images/../original_images/a.jpg",
            "original_images/a.jpg",
            "documents/a.pdf",
        )
    }
    assert answers == {**dict.fromkeys(answers, 404), "images/a.jpg": 200}
    response = client.get("/media/images/a.jpg")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
