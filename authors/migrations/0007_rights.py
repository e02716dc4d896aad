"""What people may ask for: their scores hidden; and when the answer to a report was mailed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authors", "0006_harvests")]

    operations = [
        migrations.AddField(
            model_name="author",
            name="scores_hidden",
            field=models.BooleanField(db_default=False, default=False, help_text="Novelty and AI Score are shown nowhere."),
        ),
        migrations.AddField(model_name="report", name="mailed_at", field=models.DateTimeField(blank=True, null=True)),
    ]
