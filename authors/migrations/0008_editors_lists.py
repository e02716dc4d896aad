"""What the list of people filters and searches by: the few who are shown or hidden by decision, and hidden names."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("authors", "0007_rights")]

    operations = [
        migrations.AddIndex(
            model_name="author",
            index=models.Index(fields=["visibility"], name="author_by_decision", condition=~Q(visibility="auto")),
        ),
        migrations.AddIndex(
            model_name="authorname",
            index=models.Index(fields=["author"], name="author_name_hidden", condition=Q(public=False)),
        ),
    ]
