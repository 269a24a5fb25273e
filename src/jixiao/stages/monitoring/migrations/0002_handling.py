from django.db import migrations, models

import jixiao.kit.fields


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0001_monitoring"),
    ]

    operations = [
        migrations.AddField(
            model_name="readingsheet",
            name="handling_doc_no",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="处置文号"),
        ),
        migrations.AddField(
            model_name="readingsheet",
            name="handling_fen",
            field=jixiao.kit.fields.FenField(null=True, verbose_name="处置金额"),
        ),
    ]
