from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("authors", "0006_harvests")]

    operations: list = []
