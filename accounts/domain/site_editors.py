"""Wagtail keeps page and image rights per group: one group follows the role of system administrator."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from accounts.enums import Role
from accounts.models import User
from accounts.policies import covers_county, is_staff_member

SITE_EDITORS = "site_editors"
_PAGE = ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page")
_COLLECTION = ("add_image", "change_image", "choose_image", "add_document", "change_document", "choose_document")


def sync_site_editor(user: User) -> None:
    """Put `user` into the group of site editors, or take them out, as their current roles say."""
    should = is_staff_member(user) and covers_county(user, Role.SYSTEM_ADMINISTRATOR)
    if user.groups.filter(name=SITE_EDITORS).exists() != should:
        change = user.groups.add if should else user.groups.remove
        change(_site_editors())


def _site_editors() -> Group:
    group, created = Group.objects.get_or_create(name=SITE_EDITORS)
    if created:
        page_rights = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=_PAGE)
        file_rights = Permission.objects.filter(
            content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=_COLLECTION
        )
        for page in Page.objects.filter(depth=1):
            for right in page_rights:
                GroupPagePermission.objects.get_or_create(group=group, page=page, permission=right)
        for collection in Collection.objects.filter(depth=1):
            for right in file_rights:
                GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=right)
    return group
