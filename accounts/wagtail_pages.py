"""Which of Wagtail's own pages somebody's work needs; the others do not exist, whatever Wagtail would answer."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.defaults import page_not_found

from accounts.enums import Role
from accounts.policies import covers_county

# Frame, own account, way out.
FOR_STAFF = frozenset({
    "wagtailadmin_home", "wagtailadmin_account", "wagtailadmin_logout", "wagtailadmin_sprite",
    "wagtailadmin_javascript_catalog", "wagtailadmin_dismissibles",
})  # fmt: skip
# Pages, pictures and documents of the public site, with what their editor asks for while one types.
FOR_SITE_EDITORS = frozenset({
    "wagtailadmin_explore_root", "wagtailadmin_explore", "wagtailadmin_explore_results", "wagtail_bulk_action",
    "wagtailadmin_api:pages:listing", "wagtailadmin_api:pages:detail", "wagtailadmin_choose_page",
    "wagtailadmin_choose_page_child", "wagtailadmin_choose_page_search", "wagtailadmin_choose_page_chosen_multiple",
    "wagtailadmin_choose_page_external_link", "wagtailadmin_choose_page_email_link",
    "wagtailadmin_choose_page_phone_link", "wagtailadmin_choose_page_anchor_link", "wagtailadmin_block_preview",
    "wagtailadmin_editing_sessions:ping", "wagtailadmin_editing_sessions:release", "wagtailadmin_tag_autocomplete",
    "wagtailadmin_tag_model_autocomplete",
    *(f"wagtailadmin_pages:{name}" for name in (
        "add", "preview_on_add", "usage", "edit", "preview_on_edit", "view_draft", "add_subpage", "delete",
        "unpublish", "search", "search_results", "move", "move_confirm", "set_page_position", "copy", "lock",
        "unlock", "revisions_index", "revisions_view", "revisions_revert", "revisions_unschedule",
        "revisions_compare", "history", "history_results",
    )),
    *(f"wagtaildocs:{name}" for name in (
        "index", "index_results", "add", "edit", "delete", "add_multiple", "edit_multiple",
        "create_multiple_from_uploaded_document", "delete_multiple", "delete_upload_multiple", "document_usage",
    )),
    *(f"wagtailimages:{name}" for name in (
        "index", "index_results", "add", "edit", "delete", "preview", "add_multiple", "edit_multiple",
        "create_multiple_from_uploaded_image", "delete_multiple", "delete_upload_multiple", "image_usage",
    )),
    *(f"{space}:{name}" for space in ("wagtaildocs_chooser", "wagtailimages_chooser") for name in (
        "choose", "choose_results", "chosen", "chosen_multiple", "create",
    )),
    "wagtailimages_chooser:select_format",
})  # fmt: skip


def is_wagtails(view: Callable[..., Any]) -> bool:
    return str(getattr(getattr(view, "view_class", view), "__module__", "")).startswith("wagtail.")


def is_open_to(user: Any, name: str) -> bool:
    """Whether the page of Wagtail with that URL name exists for this person."""
    return name in FOR_STAFF or (name in FOR_SITE_EDITORS and covers_county(user, Role.SYSTEM_ADMINISTRATOR))


class WagtailPagesMiddleware:
    """After the gate of staff: the office's missing page instead of a page of Wagtail that nobody's work needs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.route.startswith("admin/") or not is_wagtails(view):
            return None
        if not request.user.is_authenticated or is_open_to(request.user, match.view_name):
            return None
        return page_not_found(request, Exception(), template_name="wagtailadmin/404.html")
