"""Every text that a case is about, and which of them a decision judged; of cases so far, from what was kept."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import OuterRef, Subquery

import wardmote.kernel.ids
from wardmote.kernel.ids import new_id


def keep_texts(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """The text that each case ended with, and those that were reported on the way; decisions judged the former."""
    case_model, text_model = apps.get_model("moderation", "Case"), apps.get_model("moderation", "CaseText")
    ended = case_model.objects.order_by("pk").values_list(
        "pk", "community_id", "item_id", "item__taken_at", "item__content_hash", "screening_id", "screening__content_hash"
    )
    last = 0
    while piece := list(ended.filter(pk__gt=last)[:1000]):
        last = piece[-1][0]
        scored = {case_id: (screening, of) for case_id, *_, screening, of in piece if screening}
        texts = {(case_id, item): (at, community, of) for case_id, community, item, at, of, _, _ in piece}
        for model in ("Report", "OutsideReport"):
            reports = apps.get_model("moderation", model).objects.filter(case__in=[case[0] for case in piece])
            for case_id, community, item, at, of in reports.values_list(
                "case_id", "community_id", "item_id", "item__taken_at", "item__content_hash"
            ):
                texts.setdefault((case_id, item), (at, community, of))
        rows = []
        for (case_id, item), (at, community, of) in sorted(texts.items(), key=lambda each: each[1][0]):
            screening, said_of = scored.get(case_id, (None, ""))
            rows.append(
                text_model(
                    id=new_id(),
                    community_id=community,
                    case_id=case_id,
                    item_id=item,
                    screening_id=screening if said_of == of else None,
                    came_at=at,
                )
            )
        text_model.objects.bulk_create(rows)
    apps.get_model("moderation", "Decision").objects.update(
        item_id=Subquery(case_model.objects.filter(pk=OuterRef("case_id")).values("item_id")[:1])
    )
    if editor.connection.vendor == "postgresql":
        # The keys that were just written are checked now, so that their table may be altered next.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("communities", "0002_state"), ("moderation", "0008_audits")]

    operations = [
        migrations.CreateModel(
            name="CaseText",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        default=wardmote.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("came_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="texts", to="moderation.case"
                    ),
                ),
                (
                    "community",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_texts",
                        to="communities.community",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="in_cases", to="moderation.item"
                    ),
                ),
                (
                    "screening",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_texts",
                        to="moderation.screening",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "item"), name="case_text_once")],
            },
        ),
        migrations.AddField(
            model_name="decision",
            name="item",
            field=models.ForeignKey(
                null=True,
                help_text="The text that was judged.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="moderation.item",
            ),
        ),
        migrations.RunPython(keep_texts, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="decision",
            name="item",
            field=models.ForeignKey(
                help_text="The text that was judged.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="moderation.item",
            ),
        ),
    ]
