from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("papers", "0009_report_roles")]

    operations: list = []
