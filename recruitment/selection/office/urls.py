from django.urls import path

from recruitment.selection.office import views

urlpatterns = [
    path("", views.selection_list, name="selection-list"),
    path("<str:code>/", views.selection, name="selection"),
    path("<str:code>/panel/<slug:purpose>/", views.start, name="selection-panel"),
    path("<str:code>/ranking/", views.ranking, name="selection-ranking"),
    path("<str:code>/extra-test/", views.extra_test, name="selection-extra-test"),
    path("<str:code>/list/", views.to_press, name="selection-to-press"),
    path("<str:code>/agreements/", views.agreements, name="selection-agreements"),
    path("<str:code>/agreements/<slug:registration_no>/", views.agreement, name="selection-agreement"),
    path("<str:code>/agreements/<slug:registration_no>/degree/", views.degree, name="selection-degree"),
]
