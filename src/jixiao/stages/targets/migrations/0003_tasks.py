from django.db import migrations, models

import jixiao.kit.fields


class Migration(migrations.Migration):
    dependencies = [("targets", "0002_filing")]

    operations = [
        migrations.AddField(
            model_name="pilot",
            name="version",
            field=models.IntegerField(default=1, verbose_name="版本"),
        ),
        migrations.AddField(
            model_name="indicatorline",
            name="duty",
            field=models.IntegerField(null=True, verbose_name="对应职责"),
        ),
        migrations.CreateModel(
            name="TargetDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField(verbose_name="行次")),
                ("text", models.CharField(max_length=500, verbose_name="部门职责")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT,
                        related_name="duties",
                        to="targets.targetversion",
                        verbose_name="目标版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "部门职责",
                "constraints": [
                    models.UniqueConstraint(fields=("version", "position"), name="target_duty_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TargetTask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField(verbose_name="行次")),
                ("name", models.CharField(max_length=200, verbose_name="任务名称")),
                ("content", models.CharField(blank=True, default="", max_length=1000, verbose_name="主要内容")),
                ("fiscal", jixiao.kit.fields.FenField(default=0, verbose_name="财政拨款")),
                ("other", jixiao.kit.fields.FenField(default=0, verbose_name="其他资金")),
                ("duty", models.IntegerField(null=True, verbose_name="对应职责")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT,
                        related_name="tasks",
                        to="targets.targetversion",
                        verbose_name="目标版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度主要任务",
                "constraints": [
                    models.UniqueConstraint(fields=("version", "position"), name="target_task_once"),
                ],
            },
        ),
    ]
