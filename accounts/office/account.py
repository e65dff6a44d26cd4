"""A member of staff's own settings in the office: language and theme; what they sign in with has pages of its own."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, LocaleSettingsPanel, ThemeSettingsPanel
from wagtail.users.models import UserProfile


@method_decorator([never_cache, require_admin_access], name="dispatch")
class OwnAccount(AccountView):
    """Wagtail's page without name and picture: the system administrator keeps names, and nobody needs a picture."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        user = self.request.user
        profile = UserProfile.get_for_user(user)
        return [panel(self.request, user, profile) for panel in (LocaleSettingsPanel, ThemeSettingsPanel)]


def change_password(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("account_change_password"),
        "label": _("Change password"),
        "help_text": _("The present one is asked first."),
    }


def second_factor(request: HttpRequest) -> dict[str, str]:
    return {
        "url": reverse("mfa_index"),
        "label": _("Second factor"),
        "help_text": _("Authenticator app, passkeys and recovery codes."),
    }
