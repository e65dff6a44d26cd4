from django.urls import path

from campaigns.events.office import views

urlpatterns = [
    path("", views.EventList.as_view(), name="events-office"),
    path("new/", views.NewEvent.as_view(), name="events-new"),
    path("<str:code>/", views.EventPage.as_view(), name="events-event"),
    path("<str:code>/check-in/", views.CheckIn.as_view(), name="events-check-in"),
]
