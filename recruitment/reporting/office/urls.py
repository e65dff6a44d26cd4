from django.urls import path

from recruitment.reporting.office import views

urlpatterns = [
    path("", views.Figures.as_view(), name="figures"),
    path("<str:code>/<slug:key>/", views.FigureList.as_view(), name="figures-list"),
]
