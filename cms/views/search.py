"""Search over the pages of the site and the positions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from cms import queries
from recruitment.challenges.queries import public_challenges, search_challenges


def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    pages = list(Page.objects.live().public().search(text)[:20]) if text else []
    positions = queries.search_positions(queries.public_positions(), text=text) if text else None
    context = {
        "q": text,
        "pages": [page.specific for page in pages],
        "positions": positions.count() if positions else 0,
        "challenges": list(search_challenges(public_challenges(), text)[:20]) if text else [],
    }
    return render(request, "cms/search.html", context)
