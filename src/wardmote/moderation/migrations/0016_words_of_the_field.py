"""Models get the field's words; tables, columns and all that is stored keep their names."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0015_host_judges")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("alert", "voices", "authors"),
                migrations.AlterField(
                    "alert",
                    "authors",
                    models.PositiveIntegerField(
                        db_column="voices", help_text="People who name it in their own words; never falls."
                    ),
                ),
                migrations.RenameModel("LockedCase", "QuarantinedCase"),
                migrations.AlterModelTable("quarantinedcase", "moderation_lockedcase"),
                migrations.RenameModel("AuditPlan", "SamplingPlan"),
                migrations.AlterModelTable("samplingplan", "moderation_auditplan"),
                migrations.RenameModel("Audit", "Sample"),
                migrations.AlterModelTable("sample", "moderation_audit"),
                migrations.RenameModel("AuditPost", "SampledPost"),
                migrations.AlterModelTable("sampledpost", "moderation_auditpost"),
                migrations.RemoveConstraint("sampledpost", "audit_place_once"),
                migrations.RenameField("sampledpost", "audit", "sample"),
                migrations.AlterField(
                    "sampledpost",
                    "sample",
                    models.ForeignKey(
                        db_column="audit_id",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posts",
                        to="moderation.sample",
                    ),
                ),
                migrations.AddConstraint(
                    "sampledpost",
                    models.UniqueConstraint(fields=("sample", "place"), name="audit_place_once"),
                ),
            ],
            database_operations=[],
        ),
    ]
