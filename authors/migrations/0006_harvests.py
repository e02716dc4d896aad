from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("authors", "0005_jobs")]

    operations: list = []
