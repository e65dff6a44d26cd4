"""Wagtail's own pages under /admin/: who is no site editor reaches none of them but those listed here."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import get_resolver, reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, Site, Task, Workflow

from accounts.enums import Role
from accounts.models import User
from tests.url_table import entries

pytestmark = pytest.mark.django_db

# Name of the URL → why everybody in the office may open it.
REACHABLE = {
    "wagtailadmin_home": "the person's own to-do list",
}
OWN = {
    "wagtailadmin_users": None,
}


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
        if entry.is_ours or not entry.route.startswith("admin/"):
            continue
        own = {"pk": keys[space] for space in keys if entry.name.startswith(space + ":")}
        try:
            yield entry.name, reverse(entry.name, kwargs={name: {**every, **own}[name] for name in entry.parameters})
        except Exception as e:
            yield entry.name, f"XX {e}"


@pytest.mark.parametrize("role", [Role.UNIT_HR])
def test_list(client, staff, things, role):
    client.force_login(staff(role, username="clerk"))
    for name, url in addresses(things):
        if url.startswith("XX"):
            print("NOREV", name, url[:200]); continue
        for method in ("get", "post"):
            try:
                r = getattr(client, method)(url)
            except Exception as e:
                print("EXC", name, method, repr(e)[:100]); continue
            if r.status_code not in (302, 404, 405, 403):
                print(method, r.status_code, name, url)
            elif r.status_code == 302 and r.url != "/admin/":
                print(method, r.status_code, name, url, r.url)
    assert 0
