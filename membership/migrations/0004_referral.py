import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0003_read_only_mode"),
    ]

    operations = [
        migrations.AddField(
            model_name="seat",
            name="told_of_end_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="已通知的结束日期"),
        ),
        migrations.CreateModel(
            name="ReferralBinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("bound_at", models.DateTimeField(verbose_name="绑定时间")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="referral_binding",
                        to="membership.application",
                        verbose_name="申请",
                    ),
                ),
                (
                    "code",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bindings",
                        to="membership.referralcode",
                        verbose_name="推荐码",
                    ),
                ),
            ],
            options={
                "verbose_name": "推荐码绑定",
                "verbose_name_plural": "推荐码绑定",
            },
        ),
    ]
