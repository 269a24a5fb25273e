import django.db.models.deletion
from django.db import migrations, models

import jixiao.kit.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("parameters", "0001_parameters"),
        ("subjects", "0002_reconciliation"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClearingRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=9, verbose_name="区划")),
                ("year", models.IntegerField(verbose_name="年度")),
                ("version", models.IntegerField(default=1, verbose_name="版本")),
                ("no", models.IntegerField(verbose_name="次数")),
                ("cutoff", models.DateField(verbose_name="截止日期")),
                ("known_until", models.DateTimeField(null=True, verbose_name="数据冻结时间")),
                ("examined", models.IntegerField(default=0, verbose_name="检查项目数")),
                ("state", jixiao.kit.fields.TermField(default="draft", max_length=32, verbose_name="状态")),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="parameters.policysnapshot",
                        verbose_name="规则快照",
                    ),
                ),
            ],
            options={
                "verbose_name": "存量资金清理",
            },
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region", models.CharField(max_length=9, verbose_name="区划")),
                ("year", models.IntegerField(verbose_name="年度")),
                ("version", models.IntegerField(default=1, verbose_name="版本")),
                ("stock", jixiao.kit.fields.TermField(max_length=32, verbose_name="类别")),
                ("reasons", models.TextField(verbose_name="列入理由")),
                ("budget", jixiao.kit.fields.FenField(verbose_name="全年预算")),
                ("spent", jixiao.kit.fields.FenField(verbose_name="累计支出")),
                ("idle", jixiao.kit.fields.FenField(verbose_name="闲置金额")),
                ("view", models.TextField(blank=True, default="", verbose_name="情况说明")),
                (
                    "measure",
                    jixiao.kit.fields.TermField(blank=True, default="", max_length=32, verbose_name="清理措施"),
                ),
                ("fen", jixiao.kit.fields.FenField(null=True, verbose_name="处理金额")),
                ("doc_no", models.CharField(blank=True, default="", max_length=80, verbose_name="文号")),
                ("opinion", models.TextField(blank=True, default="", verbose_name="处理理由")),
                ("decided_on", models.DateField(null=True, verbose_name="处理日期")),
                ("state", jixiao.kit.fields.TermField(default="listed", max_length=32, verbose_name="状态")),
                (
                    "subject_year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clearing_candidates",
                        to="subjects.subjectyear",
                        verbose_name="对象年度",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="candidates",
                        to="clearing.clearingrun",
                        verbose_name="清理",
                    ),
                ),
            ],
            options={
                "verbose_name": "清理项目",
            },
        ),
        migrations.AddConstraint(
            model_name="clearingrun",
            constraint=models.UniqueConstraint(fields=("region", "year", "no"), name="clearing_run_once"),
        ),
        migrations.AddConstraint(
            model_name="clearingrun",
            constraint=models.UniqueConstraint(fields=("region", "year", "cutoff"), name="clearing_run_cutoff_once"),
        ),
        migrations.AddIndex(
            model_name="candidate",
            index=models.Index(fields=["region", "year", "stock", "id"], name="clearing_candidate_year"),
        ),
        migrations.AddConstraint(
            model_name="candidate",
            constraint=models.UniqueConstraint(fields=("run", "subject_year"), name="clearing_candidate_once"),
        ),
    ]
