from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_begun_at")]

    operations = [
        migrations.AddField(
            model_name="job",
            name="asked_by",
            field=models.BigIntegerField(
                blank=True, editable=False, help_text="The job that put this one; it puts it once.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="job",
            index=models.Index(
                condition=models.Q(("asked_by__isnull", False)), fields=["asked_by"], name="job_asked_by"
            ),
        ),
    ]
