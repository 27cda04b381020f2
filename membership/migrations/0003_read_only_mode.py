"""The switch of the read-only mode, and its one row, so that no page has to make it (UI-9)."""

from django.db import migrations, models


def make_the_row(apps, schema_editor):
    apps.get_model("membership", "ReadOnlyMode").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0002_message_log"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadOnlyMode",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                (
                    "is_on",
                    models.BooleanField(
                        default=False,
                        help_text="开启后，所有人可以查看，不能提交。登录和退出不受影响。维护完成后，请在这里手动关闭。",
                        verbose_name="开启维护模式",
                    ),
                ),
                (
                    "starts_at",
                    models.DateTimeField(
                        blank=True, help_text="留空则保存后立即开始。到开始之前，每页上方会预告。", null=True, verbose_name="开始时间"
                    ),
                ),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True, help_text="只用来告诉大家何时再来，到时不会自动关闭。", null=True, verbose_name="预计结束时间"
                    ),
                ),
                (
                    "text",
                    models.CharField(
                        blank=True, help_text="接在公告后面的一句话，例如：本次维护升级证书下载。", max_length=60, verbose_name="补充说明"
                    ),
                ),
            ],
            options={
                "verbose_name": "维护模式",
                "verbose_name_plural": "维护模式",
                "constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="the_site_has_one_read_only_switch")],
            },
        ),
        migrations.RunPython(make_the_row, migrations.RunPython.noop),
    ]
