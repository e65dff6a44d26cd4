from django.urls import path

from recruitment.panels.office import desk, judging

urlpatterns = [
    path("", judging.my_panels, name="panels-mine"),
    path("<int:pk>/", judging.marking, name="panels-marking"),
    path("<int:pk>/<int:draw_no>/", judging.sheet, name="panels-sheet"),
    path("<int:pk>/<int:draw_no>/recuse/", judging.recuse, name="panels-recuse"),
    path("<int:pk>/desk/", desk.panel_page, name="panels-panel"),
    path("<int:pk>/desk/lock/", desk.lock, name="panels-lock"),
    path("<int:pk>/desk/seat/", desk.seat, name="panels-seat"),
    path("<int:pk>/desk/unseat/<int:member>/", desk.unseat, name="panels-unseat"),
]
