import django.db.models.deletion
from django.db import migrations, models

import jixiao.kit.fields


class Migration(migrations.Migration):
    dependencies = [
        ("monitoring", "0002_handling"),
    ]

    operations = [
        migrations.AddField(
            model_name="readingsheet",
            name="attention_reason",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="选为重点的理由"),
        ),
        migrations.AddField(
            model_name="round",
            name="due_on",
            field=models.DateField(null=True, verbose_name="报送期限"),
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", jixiao.kit.fields.TermField(max_length=32, verbose_name="种类")),
                ("unit_name", models.CharField(max_length=120, verbose_name="单位名称")),
                ("unit_path", jixiao.kit.fields.PathField(max_length=200, verbose_name="单位路径")),
                ("due_on", models.DateField(verbose_name="延长至")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("actor", models.CharField(max_length=80, verbose_name="办理人")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="leaves",
                        to="monitoring.round",
                        verbose_name="轮次",
                    ),
                ),
            ],
            options={
                "verbose_name": "延期与重开",
                "indexes": [models.Index(fields=["round", "unit_path"], name="leave_round")],
            },
        ),
        migrations.CreateModel(
            name="SiteVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=9, verbose_name="区划")),
                ("on", models.DateField(verbose_name="日期")),
                ("people", models.CharField(max_length=200, verbose_name="核查人员")),
                ("findings", models.TextField(verbose_name="核查情况")),
                ("actor", models.CharField(max_length=80, verbose_name="登记人")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="monitoring.readingsheet",
                        verbose_name="监控表",
                    ),
                ),
            ],
            options={
                "verbose_name": "现场核查",
                "indexes": [models.Index(fields=["sheet", "on"], name="site_visit_sheet")],
            },
        ),
    ]
