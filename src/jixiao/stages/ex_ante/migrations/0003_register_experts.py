import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("ex_ante", "0002_online"),
        ("institutions", "0003_ended_engagements"),
    ]

    operations = [
        migrations.AddField(
            model_name="assessmentexpert",
            name="expert",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assessments",
                to="institutions.expert",
                verbose_name="专家库",
            ),
        ),
        migrations.AddField(
            model_name="assessmentexpert",
            name="account",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.AddField(
            model_name="assessmentexpert", name="version", field=models.IntegerField(default=1, verbose_name="版本")
        ),
    ]
