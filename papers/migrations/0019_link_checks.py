"""Whether what a link leads to is still there, as of when, and where it moved."""

from django.db import migrations, models
from django.db.models import Q

STATUS = [("", "not checked"), ("alive", "there"), ("moved", "moved"), ("dead", "not found"), ("unreachable", "no answer")]
FIELDS = {
    "status": models.CharField(blank=True, choices=STATUS, db_default="", default="", editable=False, max_length=11),
    "checked_at": models.DateTimeField(blank=True, editable=False, null=True),
    "moved_to": models.URLField(blank=True, db_default="", default="", editable=False, max_length=1000),
    "failures": models.PositiveSmallIntegerField(db_default=0, default=0, editable=False),
}


class Migration(migrations.Migration):
    dependencies = [("papers", "0018_score_roles")]

    operations = [
        *(migrations.AddField("paperlink", name, field) for name, field in FIELDS.items()),
        migrations.AddIndex("paperlink", models.Index(fields=["paper"], name="paper_link_dead", condition=Q(status="dead"))),
    ]
