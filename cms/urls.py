from django.urls import path
from django.views.generic import TemplateView
from wagtail.contrib.sitemaps.views import sitemap

from cms.feeds import NoticeFeed
from cms.views import challenges, events, notices, positions, search

urlpatterns = [
    path("positions/", positions.position_list, name="positions"),
    path("positions/<str:campaign>/<str:code>/", positions.position_page, name="position"),
    path("challenges/", challenges.board, name="challenges"),
    path("challenges/<str:code>/", challenges.challenge_page, name="challenge"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/feed/", NoticeFeed(), name="notice-feed"),
    path("notices/<int:pk>/", notices.notice_page, name="notice"),
    path("notices/<int:pk>/list.xlsx", notices.notice_sheet, name="notice-sheet"),
    path("tour/", events.event_list, name="events"),
    path("tour/ticket/<str:token>/", events.ticket, name="event-ticket"),
    path("tour/ticket/<str:token>/code.svg", events.ticket_code, name="event-ticket-code"),
    path("tour/<str:code>/", events.event_page, name="event"),
    path("tour/<str:code>/event.ics", events.event_calendar, name="event-calendar"),
    path("search/", search.search, name="search"),
    path("sitemap.xml", sitemap),
    path("robots.txt", TemplateView.as_view(template_name="cms/robots.txt", content_type="text/plain")),
]
