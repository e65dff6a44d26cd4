from django.urls import path, re_path

from accounts.office import staff, units

urlpatterns = [
    path("units/add/", units.unit_add, name="office-unit-add"),
    path("units/import/", units.unit_import, name="office-unit-import"),
    path("units/<int:pk>/", units.unit_edit, name="office-unit"),
    path("units/<int:pk>/use/", units.unit_use, name="office-unit-use"),
    path("staff/add/", staff.staff_add, name="office-staff-add"),
    path("staff/<int:pk>/", staff.staff_member, name="office-staff-member"),
    path("staff/<int:pk>/grant/", staff.role_grant, name="office-role-grant"),
    path("staff/roles/<int:pk>/end/", staff.role_end, name="office-role-end"),
    re_path(r"^staff/(?P<pk>\d+)/(?P<act>password|factor|close|open)/$", staff.staff_act, name="office-staff-act"),
]
