from django.apps import AppConfig


class DemoConfig(AppConfig):
    """A county to try everything on; it writes only through the verbs of the other rooms."""

    name = "recruitment.demo"
    label = "demo"
