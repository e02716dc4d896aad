"""What editors decide about likely duplicates has a history; who decided is known by name when the account is gone."""

from typing import Any

from django.db import migrations, models

KINDS = [("A", "author"), ("P", "paper"), ("I", "institution")]


def keep_decisions(apps: Any, schema_editor: Any) -> None:
    decided = apps.get_model("papers", "LikelyDuplicate").objects.exclude(decision="").select_related("former_decided_by")
    decision = apps.get_model("papers", "PairDecision")
    for pair in decided.iterator():
        name = pair.former_decided_by.username if pair.former_decided_by else ""
        type(pair).objects.filter(pk=pair.pk).update(decided_by=name)
        told = {"kind": pair.kind, "decision": pair.decision, "decided_by": name, "given_at": pair.decided_at or pair.found_at}
        for mine, other in ((pair.first_id, pair.second_id), (pair.second_id, pair.first_id)):
            decision.objects.create(record_id=mine, other_id=other, **told)


class Migration(migrations.Migration):
    dependencies = [("papers", "0011_editors_lists")]

    operations = [
        migrations.CreateModel(
            name="PairDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=KINDS, max_length=1)),
                ("record_id", models.PositiveBigIntegerField()),
                ("other_id", models.PositiveBigIntegerField(verbose_name="the other record")),
                ("decision", models.CharField(choices=[("apart", "kept apart"), ("later", "put off")], max_length=5)),
                ("decided_by", models.CharField(blank=True, max_length=150)),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "likely duplicate",
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("kind", "record_id", "other_id"), name="pair_decision_once")],
            },
        ),
        migrations.RenameField("likelyduplicate", "decided_by", "former_decided_by"),
        migrations.AddField("likelyduplicate", "decided_by", models.CharField(blank=True, max_length=150)),
        migrations.RunPython(keep_decisions, migrations.RunPython.noop),
        migrations.RemoveField("likelyduplicate", "former_decided_by"),
    ]
