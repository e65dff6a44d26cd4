from django.urls import path

from recruitment.publications.office import views

urlpatterns = [
    path("", views.PublicationList.as_view(), name="press-publications"),
    path("new/", views.notice_new, name="press-notice-new"),
    path("<int:pk>/", views.publication_page, name="press-publication"),
    path("<int:pk>/correct/", views.correct, name="press-correct"),
    path("<int:pk>/list.xlsx", views.export, name="press-export"),
    path("<int:pk>/<slug:name>/", views.publication_act, name="press-act"),
]
