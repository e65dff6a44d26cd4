from django.urls import path, re_path

from campaigns.events.office import pages, registrations, universities

EVENT = "event/<slug:code>"
REGISTRATION = "registrations/(?P<number>[0-9A-Z]+)"

# The lists themselves are registers: events at the root, `registrations/`, `universities/`.
urlpatterns = [
    path("new/", pages.NewEvent.as_view(), name="events-new"),
    path(f"{EVENT}/", pages.EventPage.as_view(), name="events-event"),
    path(f"{EVENT}/edit/", pages.EditEvent.as_view(), name="events-edit"),
    path(f"{EVENT}/act/<slug:name>/", pages.ActPage.as_view(), name="events-act"),
    path(f"{EVENT}/check-in/", pages.CheckIn.as_view(), name="events-check-in"),
    re_path(rf"^{REGISTRATION}/$", registrations.RegistrationPage.as_view(), name="events-registration"),
    re_path(
        rf"^{REGISTRATION}/(?P<name>[a-z-]+)/$",
        registrations.RegistrationAct.as_view(),
        name="events-registration-act",
    ),
    path("universities/new/", universities.NewUniversity.as_view(), name="events-university-new"),
    path("universities/<int:pk>/", universities.UniversityPage.as_view(), name="events-university"),
    path("universities/<int:pk>/edit/", universities.EditUniversity.as_view(), name="events-university-edit"),
]
