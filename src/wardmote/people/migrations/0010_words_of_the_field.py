"""A model gets the field's word; its table keeps its name."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0009_contacts")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("LoginLetter", "LoginMail"),
                migrations.AlterModelTable("loginmail", "people_loginletter"),
            ],
            database_operations=[],
        ),
    ]
