"""扩展类型 stands on its own; until now it was known by the name of the field."""

from typing import Any

from django.db import migrations

import jixiao.kit.fields

NAMES = {
    "income": ("收入", "政府收入", "收入绩效"),
    "public_private_partnership": ("PPP", "政府和社会资本合作"),
    "procurement": ("政府采购",),
    "purchased_services": ("政府购买服务", "购买服务"),
    "government_debt": ("政府债务", "专项债", "专项债券"),
}


def named(apps: Any, _editor: Any) -> None:
    rows = apps.get_model("subjects", "SubjectYear").objects
    for code, names in NAMES.items():
        rows.filter(field__in=names).update(extension=code)


class Migration(migrations.Migration):
    dependencies = [("subjects", "0004_subject_links")]

    operations = [
        migrations.AddField(
            model_name="subjectyear",
            name="extension",
            field=jixiao.kit.fields.TermField(blank=True, default="", max_length=32, verbose_name="扩展类型"),
        ),
        migrations.RunPython(named, migrations.RunPython.noop),
    ]
