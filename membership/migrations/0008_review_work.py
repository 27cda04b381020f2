from django.conf import settings
from django.db import migrations, models
from django.db.models import Q, deletion


def claimed_by() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=deletion.SET_NULL, null=True, blank=True, related_name="+", verbose_name="领取人"
    )


class Migration(migrations.Migration):
    dependencies = [("membership", "0007_further_enrolment")]
    operations = [
        migrations.AddField("application", "assigned_to", claimed_by()),
        migrations.AddField("application", "assigned_at", models.DateTimeField("领取时间", null=True, blank=True)),
        migrations.AddField("applicationinstitution", "assigned_to", claimed_by()),
        migrations.AddField("applicationinstitution", "assigned_at", models.DateTimeField("领取时间", null=True, blank=True)),
        migrations.AddConstraint(
            "application",
            models.CheckConstraint(
                name="a_claimed_file_says_since_when", condition=Q(assigned_to__isnull=True) | Q(assigned_at__isnull=False)
            ),
        ),
        migrations.AddConstraint(
            "applicationinstitution",
            models.CheckConstraint(
                name="a_claimed_row_says_since_when", condition=Q(assigned_to__isnull=True) | Q(assigned_at__isnull=False)
            ),
        ),
        migrations.AddIndex("dossier", models.Index(fields=["document_hash"], name="dossier_by_document", condition=~Q(document_hash=""))),
    ]
