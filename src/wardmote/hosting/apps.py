from django.apps import AppConfig


class HostingConfig(AppConfig):
    name = "wardmote.hosting"
    label = "hosting"
    default_auto_field = "django.db.models.BigAutoField"
