from __future__ import annotations

from typing import Any

from django.db import migrations, models

from jixiao.registers.indicators.grams import grams
from jixiao.registers.indicators.indexing import install, remove

# The index as it was before, for the way back.
SQLITE = (
    "CREATE VIRTUAL TABLE indicators_grams USING fts5(grams, content='indicators_searchtext', "
    "content_rowid='entry_id', detail=none, tokenize=\"unicode61 remove_diacritics 0\")",
    "CREATE TRIGGER indicators_grams_in AFTER INSERT ON indicators_searchtext BEGIN "
    "INSERT INTO indicators_grams(rowid, grams) VALUES (new.entry_id, new.grams); END",
    "CREATE TRIGGER indicators_grams_out AFTER DELETE ON indicators_searchtext BEGIN "
    "INSERT INTO indicators_grams(indicators_grams, rowid, grams) VALUES ('delete', old.entry_id, old.grams); END",
    "CREATE TRIGGER indicators_grams_new AFTER UPDATE ON indicators_searchtext BEGIN "
    "INSERT INTO indicators_grams(indicators_grams, rowid, grams) VALUES ('delete', old.entry_id, old.grams); "
    "INSERT INTO indicators_grams(rowid, grams) VALUES (new.entry_id, new.grams); END",
)
POSTGRESQL = ("CREATE INDEX indicators_grams ON indicators_searchtext USING gin (string_to_array(grams, ' '))",)


def empty(apps: Any, schema_editor: Any) -> None:
    """The grams are made anew from the entries."""
    remove(apps, schema_editor)
    apps.get_model("indicators", "SearchText").objects.all().delete()


def restore(apps: Any, schema_editor: Any) -> None:
    """The index of before, with its grams."""
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)
    entry, text = (apps.get_model("indicators", name) for name in ("Entry", "SearchText"))
    held = entry.objects.values_list("pk", "region", "name").iterator()
    made = [text(entry_id=pk, grams=" ".join(f"{region}{gram}" for gram in grams(name))) for pk, region, name in held]
    text.objects.bulk_create(made, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0002_library"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, restore),
        migrations.RunPython(empty, migrations.RunPython.noop),
        migrations.AddField(
            model_name="searchtext",
            name="region",
            field=models.CharField(max_length=9, verbose_name="区划"),
        ),
        migrations.AddField(
            model_name="searchtext",
            name="length",
            field=models.IntegerField(verbose_name="名称字数"),
        ),
        migrations.RunPython(install, empty),
    ]
