import django.db.models.deletion
from django.db import migrations, models

import jixiao.kit.fields


class Migration(migrations.Migration):
    dependencies = [
        ("subjects", "0001_subjects"),
        ("targets", "0001_targets"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicatorline",
            name="basis",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="指标值设定依据"),
        ),
        migrations.AddField(
            model_name="indicatorline",
            name="core",
            field=models.BooleanField(default=False, verbose_name="核心指标"),
        ),
        migrations.AddField(
            model_name="targetsheet",
            name="congress_reason",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="报人大的理由"),
        ),
        migrations.AddField(
            model_name="targetsheet",
            name="framework",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="目标框架"),
        ),
        migrations.AddField(
            model_name="targetsheet",
            name="to_congress",
            field=models.BooleanField(default=False, verbose_name="报人大"),
        ),
        migrations.AddField(
            model_name="targetversion",
            name="approval_doc_no",
            field=models.CharField(blank=True, default="", max_length=80, verbose_name="批复文号"),
        ),
        migrations.AddField(
            model_name="targetversion",
            name="approved_on",
            field=models.DateField(null=True, verbose_name="批复日期"),
        ),
        migrations.AddField(
            model_name="targetversion",
            name="based_on",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="successors",
                to="targets.targetversion",
                verbose_name="上一版",
            ),
        ),
        migrations.AddField(
            model_name="targetversion",
            name="budget_line",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subjects.budgetline",
                verbose_name="预算调整",
            ),
        ),
        migrations.AddField(
            model_name="targetversion",
            name="filing",
            field=models.IntegerField(default=1, verbose_name="第几次上报"),
        ),
        migrations.AddField(
            model_name="targetversion",
            name="reason",
            field=models.TextField(blank=True, default="", verbose_name="调整理由"),
        ),
        migrations.AddField(
            model_name="targetversion",
            name="review_advice",
            field=models.TextField(blank=True, default="", verbose_name="审核意见"),
        ),
        migrations.AddField(
            model_name="targetversion",
            name="review_grade",
            field=jixiao.kit.fields.TermField(blank=True, default="", max_length=32, verbose_name="审核等级"),
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField(verbose_name="行次")),
                ("name", models.CharField(max_length=200, verbose_name="职责")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duties",
                        to="targets.targetversion",
                        verbose_name="目标版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "部门职责",
            },
        ),
        migrations.AddField(
            model_name="indicatorline",
            name="duty",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="targets.duty",
                verbose_name="对应职责",
            ),
        ),
        migrations.CreateModel(
            name="LineOpinion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("party", jixiao.kit.fields.TermField(max_length=32, verbose_name="联审方")),
                ("agrees", models.BooleanField(default=True, verbose_name="同意")),
                ("words", models.TextField(blank=True, default="", verbose_name="意见")),
                ("user_id", models.BigIntegerField(null=True, verbose_name="用户")),
                ("actor", models.CharField(max_length=80, verbose_name="填写人")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="targets.indicatorline",
                        verbose_name="绩效指标",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opinions",
                        to="targets.targetversion",
                        verbose_name="目标版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "联审意见",
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField(verbose_name="行次")),
                ("name", models.CharField(max_length=120, verbose_name="任务名称")),
                ("content", models.TextField(blank=True, default="", verbose_name="主要内容")),
                ("fiscal", jixiao.kit.fields.FenField(default=0, verbose_name="财政拨款")),
                ("other", jixiao.kit.fields.FenField(default=0, verbose_name="其他资金")),
                (
                    "duty",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tasks",
                        to="targets.duty",
                        verbose_name="对应职责",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="targets.targetversion",
                        verbose_name="目标版本",
                    ),
                ),
            ],
            options={
                "verbose_name": "年度主要任务",
            },
        ),
        migrations.CreateModel(
            name="Admission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=9, verbose_name="区划")),
                ("year", models.IntegerField(verbose_name="年度")),
                ("door", jixiao.kit.fields.TermField(max_length=32, verbose_name="关口")),
                ("phase", jixiao.kit.fields.TermField(max_length=32, verbose_name="时点")),
                ("fen", jixiao.kit.fields.FenField(verbose_name="金额")),
                ("doc_no", models.CharField(blank=True, default="", max_length=80, verbose_name="文号")),
                ("on", models.DateField(verbose_name="日期")),
                ("user_id", models.BigIntegerField(null=True, verbose_name="用户")),
                ("actor", models.CharField(max_length=80, verbose_name="办理人")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "budget_line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="subjects.budgetline",
                        verbose_name="预算行",
                    ),
                ),
                (
                    "subject_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="admissions",
                        to="subjects.subjectyear",
                        verbose_name="对象年度",
                    ),
                ),
            ],
            options={
                "verbose_name": "入库与安排",
                "indexes": [models.Index(fields=["region", "year", "subject_year"], name="admission_subject")],
            },
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="duty_once"),
        ),
        migrations.AddIndex(
            model_name="lineopinion",
            index=models.Index(fields=["version", "line", "id"], name="line_opinion_version"),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.UniqueConstraint(fields=("version", "position"), name="task_once"),
        ),
    ]
