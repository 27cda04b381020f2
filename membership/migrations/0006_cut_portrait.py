import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0005_scan_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="cut_box",
            field=models.JSONField(blank=True, null=True, verbose_name="裁剪范围"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="cut_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cuts",
                to="membership.attachment",
                verbose_name="裁剪自",
            ),
        ),
    ]
