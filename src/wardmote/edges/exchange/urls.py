"""Addresses of the exchange between installations."""

from django.urls import path

from wardmote.edges.exchange import views

urlpatterns = [
    path("community/<slug:kind>", views.to_community, name="exchange_to_community"),
    path("host/<slug:kind>", views.to_host, name="exchange_to_host"),
]
