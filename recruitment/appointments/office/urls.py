from django.urls import path

from recruitment.appointments.office import converting, several, views

urlpatterns = [
    path("", views.AppointmentList.as_view(), name="appointments"),
    path("take-over/<str:code>/", views.take_over, name="appointments-take-over"),
    path("list/<str:code>/", views.to_notice, name="appointments-to-notice"),
    path("several/<slug:name>/", several.several, name="appointments-several"),
    path("objections/<int:pk>/", views.objection, name="appointment-objection"),
    path("convert/<int:pk>/", converting.convert, name="appointments-convert"),
    path("<int:pk>/", views.appointment_page, name="appointment"),
    path("<int:pk>/<slug:name>/", views.appointment_act, name="appointment-act"),
]
