import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0006_cut_portrait"),
    ]

    operations = [
        migrations.CreateModel(
            name="Replacement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
            options={
                "verbose_name": "更换机构",
                "verbose_name_plural": "更换机构",
            },
        ),
        migrations.RemoveConstraint(
            model_name="affiliation",
            name="one_affiliation_per_member_institution_and_start",
        ),
        migrations.AddConstraint(
            model_name="affiliation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True), ("voided_at__isnull", True)),
                fields=("member", "institution", "valid_from"),
                name="one_affiliation_per_member_institution_and_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationinstitution",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("waiting", "pending"))),
                fields=("replaces",),
                name="one_open_row_per_replaced_affiliation",
            ),
        ),
        migrations.AddField(
            model_name="replacement",
            name="affiliation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.affiliation", verbose_name="更换"
            ),
        ),
        migrations.AddField(
            model_name="replacement",
            name="application",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="replacements", to="membership.application", verbose_name="申请"
            ),
        ),
        migrations.AddField(
            model_name="replacement",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="membership.institution", verbose_name="新机构"
            ),
        ),
        migrations.AddConstraint(
            model_name="replacement",
            constraint=models.UniqueConstraint(fields=("application", "institution"), name="an_institution_replaces_one_affiliation"),
        ),
        migrations.AddConstraint(
            model_name="replacement",
            constraint=models.UniqueConstraint(fields=("application", "affiliation"), name="an_affiliation_is_replaced_once_in_a_draft"),
        ),
    ]
