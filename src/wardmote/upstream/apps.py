from django.apps import AppConfig


class UpstreamConfig(AppConfig):
    name = "wardmote.upstream"
    label = "upstream"
    default_auto_field = "django.db.models.BigAutoField"
