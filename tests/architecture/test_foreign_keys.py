"""Foreign keys are imports that the import linter cannot see: they too point down the stack."""

from django.apps import apps
from django.db.models import ForeignObject, ManyToManyField

STACK = ["moderation", "hosting", "upstream", "notices", "network", "communities", "people", "jobs", "record"]
"""The domains, high to low; those side by side are listed in `SIDE_BY_SIDE`."""
SIDE_BY_SIDE = {"moderation", "hosting", "upstream"}


def height(label: str) -> int:
    return 0 if label in SIDE_BY_SIDE else STACK.index(label)


def keys() -> list[tuple[str, str, str]]:
    """Every relation between two of our apps: from, to, and its name."""
    return [
        (model._meta.app_label, field.related_model._meta.app_label, str(field))
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignObject | ManyToManyField)
        and not isinstance(field.related_model, str)
        and model.__module__.startswith("wardmote.")
    ]


def test_no_foreign_key_points_up_or_sideways() -> None:
    """A key leads into its own domain or a lower one."""
    ours = [key for key in keys() if key[1] in STACK]
    upward = [name for source, target, name in ours if source != target and height(target) <= height(source)]

    assert len(ours) > 10
    assert upward == []


def test_every_domain_stands_in_the_stack() -> None:
    """A domain that this test does not know would point where it likes."""
    labels = {config.label for config in apps.get_app_configs() if config.name.startswith("wardmote.")}

    assert labels <= set(STACK)


def test_what_is_not_ours_is_never_keyed_to_but_for_the_login() -> None:
    """Our tables hang on no table of a third party's."""
    foreign = {(source, target) for source, target, _ in keys() if target not in STACK}

    assert foreign == set()
