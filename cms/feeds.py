"""Public notices as a feed."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recruitment.publications.models import Publication
from recruitment.publications.queries import on_the_page


class NoticeFeed(Feed):
    """The latest released lists."""

    title = _("Public notices")
    description = _("Lists and results, as they are released.")
    link = "/notices/"

    def items(self) -> QuerySet[Publication]:
        return on_the_page()[:30]

    def item_title(self, item: Publication) -> str:
        return item.title

    def item_description(self, item: Publication) -> str:
        return item.intro

    def item_link(self, item: Publication) -> str:
        return reverse("notice", args=[item.pk])

    def item_pubdate(self, item: Publication) -> datetime | None:
        return item.released_at
