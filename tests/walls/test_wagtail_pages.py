"""Wagtail's own pages under /admin/: those on the list of a person's role exist, the others do not."""

import json

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, Site, Task, Workflow

from accounts.enums import Role
from accounts.wagtail_pages import FOR_SITE_EDITORS, FOR_STAFF, is_open_to
from tests.url_table import entries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_missing_page")]

# Ends the session, raises on purpose, or has no address to make: signing in and resetting passwords are ours.
LEFT_OUT = {
    "wagtailadmin_logout", "wagtailadmin_error_test", "wagtailadmin_pages:revisions_compare",
    "wagtailadmin_password_reset_confirm", "wagtailadmin_login", "admin/login/",
    "admin/test404/", "admin/.*/",
}  # fmt: skip


@pytest.fixture
def things(county, staff):
    """One object of each kind that Wagtail's addresses name: parameter → its key, by namespace where they differ."""
    page = Page.objects.filter(depth=2).first().specific
    image = get_image_model().objects.create(title="图", file=get_test_image_file())
    document = get_document_model().objects.create(title="件", file=ContentFile(b"x", "a.txt"))
    revision = page.save_revision()
    task = Task.objects.first() or Task.objects.create(name="t")
    workflow = Workflow.objects.first() or Workflow.objects.create(name="w")
    group = Group.objects.first() or Group.objects.create(name="g")
    person = staff(Role.AUDITOR, username="someone")
    every = {
        **dict.fromkeys(("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk"), page.pk),
        **dict.fromkeys(("document_id", "doc_id"), document.pk),
        "image_id": image.pk, "revision_id": revision.pk, "task_id": task.pk, "workflow_pk": workflow.pk,
        "revision_id_a": "earliest", "revision_id_b": "latest", "pk": page.pk, "filter_spec": "width-100",
        "uploaded_file_id": 1, "workflow_state_id": 1, "task_state_id": 1, "redirect_id": 1, "session_id": 1,
        "collection_id": Collection.get_first_root_node().pk, "object_id": str(page.pk),
        "content_type_app_name": "cms", "content_type_model_name": page.specific._meta.model_name,
        "app_label": "wagtailcore", "model_name": "page", "app_name": "cms", "action_name": "approve",
        "action": "publish",
    }  # fmt: skip
    keys = {
        "wagtailusers_users": person.pk, "wagtailusers_groups": group.pk, "wagtailsites": Site.objects.first().pk,
        "wagtailadmin_collections": every["collection_id"], "wagtailadmin_workflows": workflow.pk,
        "wagtaildocs_chooser": document.pk, "wagtailimages_chooser": image.pk,
    }  # fmt: skip
    return every, keys


def addresses(things):
    every, keys = things
    for entry in entries():
        own = {"pk": keys.get(entry.name.partition(":")[0], every["pk"])}
        if entry.is_ours or entry.name in LEFT_OUT or not entry.route.startswith("admin/"):
            continue
        yield entry.name, reverse(entry.name, kwargs={name: {**every, **own}[name] for name in entry.parameters})


OPEN = {**dict.fromkeys(Role, FOR_STAFF), Role.SYSTEM_ADMINISTRATOR: FOR_STAFF | FOR_SITE_EDITORS}


@pytest.mark.parametrize("role", Role)
def test_the_list_of_a_role_is_what_the_gate_asks(staff, role):
    person = staff(role, username="clerk")
    assert {entry.name for entry in entries() if is_open_to(person, entry.name)} == OPEN[role]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR])
def test_of_wagtails_pages_only_those_on_the_list_exist(client, staff, things, role, method):
    """Asked as one of each list: which list a role has is held above."""
    client.force_login(staff(role, username="clerk"))
    closed = [(name, url) for name, url in addresses(things) if name not in OPEN[role]]
    assert len(closed) > 60
    assert [name for name, url in closed if getattr(client, method)(url).status_code != 404] == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR])
def test_the_pages_on_the_list_open(client, staff, things, role):
    """Otherwise the list could hold names that are nowhere, or keep everybody out."""
    client.force_login(staff(role, username="clerk"))
    asked = {name: url for name, url in addresses(things) if name in OPEN[role]}
    assert {"wagtailadmin_home", "wagtailadmin_account"} <= asked.keys()
    reached = {name for name, url in asked.items() if client.get(url).status_code not in (403, 404)}
    of_others = {"wagtail_bulk_action", "wagtailadmin_tag_model_autocomplete", "wagtailadmin_block_preview"}
    needs_an_object = of_others | {name for name in asked if "upload" in name or "editing_sessions" in name}
    assert asked.keys() - reached - needs_an_object == set()


def test_every_name_on_the_lists_is_a_page_of_wagtail():
    assert (FOR_STAFF | FOR_SITE_EDITORS) - {entry.name for entry in entries()} == set()


def test_a_system_administrator_of_one_unit_edits_no_page_of_the_site(client, staff, things, make_unit):
    client.force_login(staff(Role.SYSTEM_ADMINISTRATOR, unit=make_unit("X1"), username="clerk"))
    wrong = [name for name, url in addresses(things) if name in FOR_SITE_EDITORS and client.get(url).status_code != 404]
    assert wrong == []


def test_one_keeps_language_and_theme_without_being_asked_for_names(client, staff):
    person = staff(Role.AUDITOR, username="clerk")
    client.force_login(person)
    html = client.get("/admin/account/").content.decode()
    assert "name_email" not in html
    assert 'href="/account/password/change/"' in html
    sent = {
        "locale-preferred_language": "en",
        "theme-theme": "dark",
        "theme-density": "default",
        "theme-contrast": "system",
    }
    assert client.post("/admin/account/", sent).status_code == 302
    person.refresh_from_db()
    assert (person.wagtail_userprofile.preferred_language, person.wagtail_userprofile.theme) == ("en", "dark")


def test_the_frame_of_the_office_shows_the_persons_name(client, staff):
    person = staff(Role.AUDITOR, username="clerk")
    person.name = "贺承宇"
    person.save()
    client.force_login(person)
    assert f'"name": {json.dumps("贺承宇")}' in client.get("/admin/").content.decode()
