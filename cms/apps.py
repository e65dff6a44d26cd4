from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from foundation.ui.context import register_footer, register_nav


def _lay_site(using: str, **_told: Any) -> None:
    """A fresh database gets its front page; one that is only half migrated is left alone."""
    from cms.domain import lay_site
    from cms.models import EventIndexPage, HomePage

    tables = connections[using].introspection.table_names()
    if {HomePage._meta.db_table, EventIndexPage._meta.db_table} <= set(tables):
        lay_site()


class CmsConfig(AppConfig):
    name = "cms"
    label = "cms"
    verbose_name = _("Public site")

    def ready(self) -> None:
        from campaigns.planning.signals import campaign_published, rules_amended
        from cms.domain import show_campaign

        def show(sender: Any, campaign: Any, **_told: Any) -> None:
            show_campaign(campaign)

        post_migrate.connect(_lay_site, sender=self, dispatch_uid="cms.lay_site")
        campaign_published.connect(show, weak=False, dispatch_uid="cms.show_campaign")
        rules_amended.connect(show, weak=False, dispatch_uid="cms.show_amendment")
        register_nav(_("Home"), "/", order=10)
        register_nav(_("Positions"), "positions", order=20)
        register_nav(_("Events"), "events", order=30)
        register_nav(_("Public notices"), "notices", order=40)
        register_nav(_("Guide"), "/guide/", order=50)
        register_footer(_("Privacy"), "privacy-notice", order=10)
        register_footer(_("Accessibility"), "/accessibility/", order=20)
        register_footer(_("Announcements"), "/announcements/", order=30)
