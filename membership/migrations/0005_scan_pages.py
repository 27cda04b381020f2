import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0004_referral"),
    ]

    operations = [
        migrations.CreateModel(
            name="ScanPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="页码")),
                ("seen", models.JSONField(blank=True, default=dict, verbose_name="自动检查")),
                ("source_name", models.CharField(blank=True, max_length=255, verbose_name="来源文件")),
                ("source_sha256", models.CharField(max_length=64, verbose_name="来源文件 SHA-256")),
                ("source_size", models.PositiveIntegerField(verbose_name="来源文件字节")),
                ("source_page", models.PositiveSmallIntegerField(verbose_name="来源文件页码")),
                ("added_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="scan_pages",
                        to="membership.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.attachment", verbose_name="图片"
                    ),
                ),
            ],
            options={
                "verbose_name": "待提交的盖章文件页",
                "verbose_name_plural": "待提交的盖章文件页",
                "ordering": ["number", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "source_sha256", "source_page"), name="a_page_is_laid_out_once")
                ],
            },
        ),
    ]
