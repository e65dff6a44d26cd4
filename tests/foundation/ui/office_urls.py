"""The site's own addresses, and one scoped viewset with every act switched on."""

from django.urls import include, path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.ui.tables import TitleColumn
from wagtail.utils.urlpatterns import decorate_urlpatterns

from accounts.models import Unit
from config.urls import urlpatterns as site
from foundation.ui.registers import ScopedModelViewSet


def may(user, unit=None):
    """Whoever is staff, but for the one called stranger."""
    return user.username != "stranger"


def may_change(user, unit=None):
    return user.username == "clerk"


class UnitViewSet(ScopedModelViewSet):
    """Units whose code begins with H: everything else does not exist here."""

    model = Unit
    name = "sample_units"
    url_prefix = "sample-units"
    view_rule = may
    add_rule = change_rule = delete_rule = may_change
    copy_view_enabled = True
    list_per_page = 40
    search_fields = ["name"]
    search_backend_name = None
    form_fields = ["parent", "code", "name", "kind"]
    list_display = [TitleColumn("name", url_name="sample_units:inspect")]
    list_export = ["code", "name"]

    def scope_of(self, user):
        return Unit.objects.filter(code__startswith="H")


units = UnitViewSet()
patterns = decorate_urlpatterns(units.get_urlpatterns(), require_admin_access)
urlpatterns = [path("admin/sample-units/", include((patterns, "sample_units"))), *site]
