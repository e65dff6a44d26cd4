"""Pages of the public site. They show what lower rooms decided; no rule lives here."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from campaigns.planning import queries as planning
from campaigns.planning.rule_view import printed_clauses
from cms import queries
from cms.blocks import BodyBlock


class TranslatedTitle(models.Model):
    """An English title beside the Chinese one; shown when the reader chose English."""

    title_en = models.CharField(_("English title"), max_length=255, blank=True)

    class Meta:
        abstract = True

    @property
    def shown_title(self) -> str:
        """The title in the reader's language; Chinese where no English one was written."""
        english = (get_language() or "").startswith("en")
        return self.title_en if english and self.title_en else self.title  # type: ignore[attr-defined,no-any-return]


class HomePage(TranslatedTitle, Page):
    """The front page: what is open now, the three tracks, what comes next, the latest notices."""

    lede = models.CharField(_("leading sentence"), max_length=200, blank=True)
    lede_en = models.CharField(_("leading sentence in English"), max_length=300, blank=True)

    max_count = 1
    content_panels = [*Page.content_panels, FieldPanel("title_en"), FieldPanel("lede"), FieldPanel("lede_en")]
    template = "cms/home_page.html"

    class Meta:
        verbose_name = _("home page")

    @property
    def shown_lede(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.lede_en if english and self.lede_en else self.lede

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["front"] = queries.front_page(timezone.now())
        return context


class GuidePage(TranslatedTitle, Page):
    """A page of text: how to apply, privacy, accessibility."""

    body = StreamField(BodyBlock(), verbose_name=_("text"), blank=True)
    body_en = StreamField(BodyBlock(), verbose_name=_("text in English"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("title_en"), FieldPanel("body"), FieldPanel("body_en")]
    search_fields = [*Page.search_fields, index.SearchField("body"), index.SearchField("body_en")]
    template = "cms/guide_page.html"

    class Meta:
        verbose_name = _("text page")

    @property
    def shown_body(self) -> Any:
        english = (get_language() or "").startswith("en")
        return self.body_en if english and self.body_en else self.body


class AnnouncementIndexPage(TranslatedTitle, Page):
    """All announcements, newest first."""

    max_count = 1
    subpage_types = ["cms.AnnouncementPage"]
    content_panels = [*Page.content_panels, FieldPanel("title_en")]
    template = "cms/announcement_index_page.html"

    class Meta:
        verbose_name = _("list of announcements")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        pages = AnnouncementPage.objects.child_of(self).live().select_related("campaign")
        context["page_of_announcements"] = queries.paginate(pages.order_by("-first_published_at"), request)
        return context


class AnnouncementPage(TranslatedTitle, Page):
    """The public face of a campaign; its text is the published version of the campaign's announcement."""

    campaign = models.OneToOneField("planning.Campaign", on_delete=models.PROTECT, related_name="public_page")
    text = models.TextField(editable=False)

    parent_page_types = ["cms.AnnouncementIndexPage"]
    subpage_types: list[str] = []
    search_fields = [*Page.search_fields, index.SearchField("text")]
    content_panels = [*Page.content_panels, FieldPanel("title_en")]
    template = "cms/announcement_page.html"

    class Meta:
        verbose_name = _("announcement")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        announcement = planning.published_announcement(self.campaign)
        context["announcement"] = announcement
        context["clauses"] = printed_clauses(announcement.rule_set.document) if announcement else []
        context["timeline"] = queries.campaign_steps(self.campaign, timezone.now())
        context["summary"] = queries.position_summary(self.campaign)
        context["challenges"] = queries.challenges_of(self.campaign)
        return context


class EventIndexPage(TranslatedTitle, Page):
    """The tour: all recruiting events with their places and dates."""

    max_count = 1
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("title_en")]
    template = "cms/event_index_page.html"

    class Meta:
        verbose_name = _("list of events")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context.update(queries.tour_page(request.GET.get("city", "")))
        return context
