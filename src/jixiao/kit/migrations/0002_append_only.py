from django.db import migrations

from jixiao.kit.audit import install_triggers


def install(apps, schema_editor):
    install_triggers(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("kit", "0001_kit")]

    operations = [migrations.RunPython(install, migrations.RunPython.noop)]
