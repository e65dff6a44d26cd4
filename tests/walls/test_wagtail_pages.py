"""Wagtail's own pages under /admin/: who is no site editor reaches none of them but those listed here."""

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Collection, Page, Site, Task, Workflow

from accounts.enums import Role
from tests.url_table import entries

pytestmark = pytest.mark.django_db

# What Wagtail opens to everybody in the office: frame, own account, empty lists, choosers that change nothing.
REACHABLE = {
    "wagtailadmin_home",
    "wagtailadmin_api:pages:listing",
    "wagtailadmin_api:documents:listing",
    "wagtailadmin_api:images:listing",
    "wagtailadmin_pages:choose_parent",
    "wagtailadmin_pages:move_confirm",
    "wagtailadmin_pages:confirm_workflow_cancellation",
    "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_child",
    "wagtailadmin_choose_page_search",
    "wagtailadmin_choose_page_chosen_multiple",
    "wagtailadmin_choose_page_external_link",
    "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_phone_link",
    "wagtailadmin_choose_page_anchor_link",
    "wagtailadmin_tag_autocomplete",
    "wagtailadmin_workflows:task_chooser",
    "wagtailadmin_workflows:task_chooser_results",
    "wagtailadmin_workflows:task_chooser_create",
    "wagtailadmin_workflows:task_chosen",
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:site_history_results",
    "wagtailadmin_account",
    "wagtailadmin_dismissibles",
    "wagtailadmin_editing_sessions:release",
    "wagtailembeds:chooser",
    "wagtailembeds:chooser_upload",
    "wagtaildocs_chooser:choose",
    "wagtaildocs_chooser:choose_results",
    "wagtaildocs_chooser:chosen_multiple",
    "wagtailimages_chooser:choose",
    "wagtailimages_chooser:choose_results",
    "wagtailimages_chooser:chosen_multiple",
    "wagtailimages_chooser:select_format",
    "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog",
}

# Ends the session, raises on purpose, or has no address to make: signing in and resetting passwords are ours.
LEFT_OUT = {
    "wagtailadmin_logout", "wagtailadmin_error_test", "wagtailadmin_pages:revisions_compare",
    "wagtailadmin_password_reset_confirm", "admin/login/", "admin/test404/", "admin/.*/",
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


def test_staff_who_are_no_site_editors_reach_only_the_pages_listed_here(client, staff, things):
    client.force_login(staff(Role.UNIT_HR, username="clerk"))
    reached = {name for name, url in addresses(things) if client.get(url).status_code not in (302, 403, 404, 405)}
    assert reached - REACHABLE == set()
