from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authors", "0009_report_decisions")]

    operations = [
        migrations.AddField(
            model_name="siteidentity",
            name="top_lists",
            field=models.BooleanField(
                default=False, help_text="Show lists of people, institutions and papers with the highest figures."
            ),
        ),
    ]
