from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["created_at", "id"], name="message_by_time"),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "待发送"),
                    ("sending", "发送中"),
                    ("accepted", "已受理"),
                    ("delivered", "已送达"),
                    ("failed", "没有发出"),
                    ("unknown", "结果不明"),
                    ("suppressed", "不发送"),
                ],
                default="queued",
                max_length=16,
                verbose_name="状态",
            ),
        ),
    ]
