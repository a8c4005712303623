from django.db import migrations, models


def mark_given_up(apps, schema_editor):
    """Mail whose job was given up says so itself; until now it stayed on its way for ever."""
    Delivery = apps.get_model("notices", "Delivery")
    jobs = apps.get_model("jobs", "Job").objects.filter(name="notices.deliver_email", state="failed")
    for args, error, at in jobs.values_list("args", "last_error", "finished_at"):
        Delivery.objects.filter(pk=args[0], channel="email", state="pending").update(
            state="failed", failed_at=at, transport_reply=error
        )


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_kind_host_notice"), ("jobs", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="failed_at",
            field=models.DateTimeField(blank=True, help_text="When it was given up.", null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="tries",
            field=models.PositiveIntegerField(default=0, help_text="How often it was not taken since it was put."),
        ),
        migrations.RunPython(mark_given_up, migrations.RunPython.noop, elidable=False),
    ]
