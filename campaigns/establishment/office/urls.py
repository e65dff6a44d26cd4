from django.urls import path

from campaigns.establishment.office import views

urlpatterns = [
    path("", views.Overview.as_view(), name="posts-overview"),
    path("units/<str:code>/", views.UnitPosts.as_view(), name="posts-unit"),
    path("permits/", views.Permits.as_view(), name="posts-permits"),
    path("permits/new/", views.NewPermit.as_view(), name="posts-permit-new"),
    path("permits/import/", views.ImportPermits.as_view(), name="posts-import"),
    path("permits/import/<uuid:pk>/", views.ImportPreview.as_view(), name="posts-import-preview"),
    path("envelopes/new/", views.NewEnvelope.as_view(), name="posts-envelope-new"),
]
