"""Where the owner's doors to programs are, below `/owner/`: keys, the webhook, lists of known content."""

from django.urls import path

from wardmote.edges.console.owners import keys, known, webhook

app_name = "doors"

urlpatterns = [
    path("keys", keys.page, name="keys"),
    path("keys/<int:key_id>/revoke", keys.revoke, name="key-revoke"),
    path("lists", known.page, name="lists"),
    path("lists/<int:list_id>/remove", known.remove, name="list-remove"),
    path("webhook", webhook.page, name="webhook"),
    path("webhook/secret", webhook.renew_secret, name="webhook-secret"),
    path("webhook/deliveries/<int:delivery_id>/resend", webhook.resend, name="resend"),
]
