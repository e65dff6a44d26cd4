from django.apps import AppConfig


class HouseConfig(AppConfig):
    """The house itself: checks of its settings."""

    name = "config"
    label = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401 (registers the checks)
