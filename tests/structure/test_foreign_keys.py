"""A foreign key is an import that no import linter sees: it may point down the floors, never sideways."""

from django.apps import apps

FLOORS = (
    ("base", "stats", "facts"),
    ("charts", "workspaces"),
    ("runs",),
    ("warehouse",),
    ("collector",),
    ("people", "journeys"),
    ("plays", "experiments"),
    ("capabilities",),
    ("site",),
)


def part(model: type) -> str:
    return model.__module__.split(".")[1]


def floor(name: str) -> int:
    return next(height for height, names in enumerate(FLOORS) if name in names)


def test_foreign_keys_only_point_down() -> None:
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("nousnous."):
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and not field.auto_created else None
            if target is None or not target.__module__.startswith("nousnous."):
                continue
            own_app, other_app = model._meta.app_label, target._meta.app_label
            if own_app != other_app and floor(part(target)) >= floor(part(model)):
                wrong.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert wrong == []
