"""What the lists of the admin filter by: small indexes of what lacks something, or is out of the ordinary."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("papers", "0010_rights")]

    operations = [
        *(
            migrations.AddIndex(model_name=model, index=models.Index(fields=[key], name=name, condition=condition))
            for model, key, name, condition in (
                ("paper", "id", "paper_untitled", Q(title="")),
                ("paper", "id", "paper_without_abstract", Q(abstract="")),
                ("paper", "id", "paper_undated", Q(published=None)),
                ("paper", "id", "paper_without_authors", Q(authors_count=0)),
                ("paper", "id", "paper_retracted", Q(is_retracted=True)),
                ("paper", "id", "paper_with_code", Q(has_code=True)),
                ("paperentry", "paper", "entry_nowhere", Q(institutions="")),
                ("authorship", "id", "authorship_nameless", Q(raw_name="")),
                ("authorship", "id", "authorship_corresponding", Q(is_corresponding=True)),
                ("authorship", "id", "authorship_not_shown", Q(hidden_on_profile=True)),
                ("authorshipaffiliation", "id", "affiliation_unprinted", Q(raw="")),
            )
        ),
        migrations.AddIndex(
            model_name="authorship",
            index=models.Index(
                F("decided_by"), F("paper").desc(), F("position"), name="authorship_decided", condition=~Q(decided_by="new")
            ),
        ),
    ]
