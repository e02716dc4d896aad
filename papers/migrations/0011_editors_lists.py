from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("papers", "0010_rights")]

    operations: list = []
