from django.urls import path

from accounts import views

urlpatterns = [path("privacy/", views.privacy, name="privacy-notice")]
