from django.urls import path

from recruitment.reporting.office import people, views, what_if
from recruitment.reporting.office.funnel import FunnelPage
from recruitment.reporting.office.slot_checks import SlotChecks

urlpatterns = [
    path("", views.Figures.as_view(), name="figures"),
    path("slot-checks/", SlotChecks.as_view(), name="figures-slot-checks"),
    path("people/", people.PeoplePage.as_view(), name="figures-people"),
    path("people/rows/", people.PeopleRows.as_view(), name="figures-people-rows"),
    path("people/high-level/", people.DefineHighLevel.as_view(), name="figures-people-define"),
    path("<str:code>/what-if/", what_if.WhatIf.as_view(), name="figures-what-if"),
    path("<str:code>/events/", FunnelPage.as_view(), name="figures-funnel"),
    path("<str:code>/<slug:key>/", views.FigureList.as_view(), name="figures-list"),
]
