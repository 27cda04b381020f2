from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0012_dossier_by_document_hash"),
    ]

    operations = [
        migrations.AddField(
            model_name="violationreport",
            name="answer",
            field=models.CharField(blank=True, max_length=500, verbose_name="处理意见"),
        ),
    ]
