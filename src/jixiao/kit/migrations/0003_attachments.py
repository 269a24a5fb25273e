from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kit", "0002_append_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=9, verbose_name="区划")),
                ("sheet_type", models.CharField(max_length=40, verbose_name="表")),
                ("sheet_id", models.BigIntegerField(verbose_name="编号")),
                ("kind", models.CharField(blank=True, default="", max_length=40, verbose_name="种类")),
                ("title", models.CharField(blank=True, default="", max_length=120, verbose_name="说明")),
                ("filename", models.CharField(max_length=200, verbose_name="文件名")),
                ("sha256", models.CharField(max_length=64, verbose_name="摘要")),
                ("size", models.BigIntegerField(verbose_name="大小")),
                ("user_id", models.BigIntegerField(null=True, verbose_name="用户")),
                ("actor", models.CharField(max_length=80, verbose_name="上传人")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("withdrawn_at", models.DateTimeField(null=True, verbose_name="撤回时间")),
            ],
            options={
                "verbose_name": "附件",
                "indexes": [models.Index(fields=["region", "sheet_type", "sheet_id", "id"], name="attachment_sheet")],
            },
        ),
    ]
