"""What people may ask for: a paper not shown on their profile, scores hidden."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("papers", "0009_report_roles"), ("authors", "0007_rights")]

    operations = [
        migrations.AddField(
            model_name="authorship",
            name="hidden_on_profile",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The paper is not shown on this person's profile and counts nowhere there; the printed name stays.",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="scores_hidden",
            field=models.BooleanField(db_default=False, default=False, help_text="Novelty and AI Score are shown nowhere."),
        ),
    ]
