import django.db.models.deletion
from django.db import migrations, models

import jixiao.kit.fields


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0003_filing"),
        ("rectification", "0001_rectification"),
    ]

    operations = [
        migrations.AddField(
            model_name="rectification",
            name="finding",
            field=models.TextField(blank=True, default="", verbose_name="发现的问题"),
        ),
        migrations.AddField(
            model_name="rectification",
            name="measures",
            field=models.TextField(blank=True, default="", verbose_name="整改措施"),
        ),
        migrations.AddField(
            model_name="rectification",
            name="reading_sheet",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rectifications",
                to="monitoring.readingsheet",
                verbose_name="监控表",
            ),
        ),
        migrations.AddField(
            model_name="rectification",
            name="responsible",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="责任人"),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=9, verbose_name="区划")),
                ("year", models.IntegerField(verbose_name="年度")),
                ("number", models.CharField(max_length=80, verbose_name="文号")),
                ("unit_name", models.CharField(max_length=120, verbose_name="单位名称")),
                ("unit_path", jixiao.kit.fields.PathField(max_length=200, verbose_name="单位路径")),
                ("basis", models.TextField(blank=True, default="", verbose_name="依据")),
                ("materials", models.TextField(blank=True, default="", verbose_name="报送材料")),
                ("contact", models.CharField(blank=True, default="", max_length=120, verbose_name="联系人")),
                ("issued_on", models.DateField(verbose_name="下达日期")),
                ("due_on", models.DateField(verbose_name="整改期限")),
                ("actor", models.CharField(max_length=80, verbose_name="下达人")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "round",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="monitoring.round",
                        verbose_name="监控轮次",
                    ),
                ),
            ],
            options={
                "verbose_name": "整改通知书",
            },
        ),
        migrations.AddField(
            model_name="rectification",
            name="notice",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="rectification.notice",
                verbose_name="整改通知书",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["region", "year", "id"], name="notice_year"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("region", "number"), name="notice_once"),
        ),
    ]
