from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0011_audit_guard"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="dossier",
            name="dossier_by_document",
        ),
        migrations.AddIndex(
            model_name="dossier",
            index=models.Index(fields=["document_hash"], name="dossier_by_document_hash"),
        ),
    ]
