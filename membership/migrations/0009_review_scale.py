import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from membership.domain import name_keys

BATCH = 5_000


def order_keys_by_code(apps, schema_editor):
    """
    Let PostgreSQL compare the keys by their characters' codes, whatever the database's language: ranges and their order rest on it. And
    let it read them alone: a page of fifty is found before a second worker has started.
    """
    if schema_editor.connection.vendor == "postgresql":
        table = schema_editor.quote_name(apps.get_model("membership", "NameKey")._meta.db_table)
        schema_editor.execute(f'ALTER TABLE {table} ALTER COLUMN "key" TYPE varchar(60) COLLATE "C"')
        schema_editor.execute(f"ALTER TABLE {table} SET (parallel_workers = 0)")


def copy_member_types(apps, schema_editor):
    """What lists show of those who were there before: the type as last submitted; a further enrolment rests on the current dossier."""
    application, row, dossier, member = (
        apps.get_model("membership", name) for name in ("Application", "ApplicationInstitution", "Dossier", "Member")
    )
    submitted = application.objects.filter(submitted_at__isnull=False)
    sealed = dossier.objects.filter(application=OuterRef("pk"), submitted_at__isnull=False).order_by("-version")
    submitted.filter(proposed_dossier__isnull=False, dossiers__submitted_at__isnull=False).update(
        member_type=Subquery(sealed.values("member_type")[:1])
    )
    person = member.objects.filter(pk=OuterRef(OuterRef("member")))
    current = dossier.objects.filter(pk__in=person.values("current_dossier"))
    submitted.filter(proposed_dossier__isnull=True, member__current_dossier__isnull=False).update(
        member_type=Subquery(current.values("member_type")[:1])
    )
    row.objects.update(member_type=Subquery(application.objects.filter(pk=OuterRef("application")).values("member_type")[:1]))


def write_name_keys(apps, schema_editor):
    """The keys of everybody who has a name."""
    member, key = apps.get_model("membership", "Member"), apps.get_model("membership", "NameKey")
    rows = []
    for pk, name in member.objects.exclude(name="").values_list("pk", "name").iterator(chunk_size=BATCH):
        rows += [key(member_id=pk, key=text, shared=shared) for text, shared in name_keys.with_shared(name_keys.keys_of(name))]
        if len(rows) >= BATCH:
            key.objects.bulk_create(rows)
            rows = []
    key.objects.bulk_create(rows)


class Migration(migrations.Migration):
    dependencies = [("membership", "0008_review_work")]
    operations = [
        migrations.CreateModel(
            name="NameKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60, verbose_name="检索键")),
                ("shared", models.PositiveSmallIntegerField(default=0, verbose_name="与前一键相同的字数")),
            ],
            options={
                "verbose_name": "姓名检索",
                "verbose_name_plural": "姓名检索",
            },
        ),
        migrations.RunPython(order_keys_by_code, migrations.RunPython.noop),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("desk", models.CharField(max_length=60, verbose_name="列表")),
                ("name", models.CharField(max_length=20, verbose_name="名称")),
                ("query", models.CharField(blank=True, max_length=1000, verbose_name="筛选条件")),
                ("saved_at", models.DateTimeField(verbose_name="保存时间")),
            ],
            options={
                "verbose_name": "我的视图",
                "verbose_name_plural": "我的视图",
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="application",
            name="member_type",
            field=models.CharField(
                blank=True,
                choices=[("professional", "专业会员"), ("ordinary", "普通会员"), ("student", "学生会员")],
                max_length=16,
                verbose_name="会员类型",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="stage",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(state__in=("awaiting_form", "endorsing"), then=models.Value("before")),
                    models.When(hold="none", state="checking", then=models.Value("waiting")),
                    models.When(state="checking", then=models.Value("held")),
                    models.When(state__in=("deciding", "returned", "closed"), then=models.Value("decided")),
                    models.When(state__in=("withdrawn", "expired"), then=models.Value("ended")),
                    default=models.Value(""),
                ),
                output_field=models.CharField(
                    choices=[
                        ("", "不在列表中"),
                        ("before", "尚未送审"),
                        ("waiting", "待审"),
                        ("held", "审核暂停"),
                        ("decided", "已审"),
                        ("ended", "已撤销"),
                    ],
                    max_length=16,
                    verbose_name="阶段",
                ),
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="status",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(models.When(state="closed", then=models.F("outcome")), default=models.F("state")),
                output_field=models.CharField(max_length=16, verbose_name="审核状态"),
            ),
        ),
        migrations.AddField(
            model_name="applicationinstitution",
            name="member_type",
            field=models.CharField(
                blank=True,
                choices=[("professional", "专业会员"), ("ordinary", "普通会员"), ("student", "学生会员")],
                max_length=16,
                verbose_name="会员类型",
            ),
        ),
        migrations.AddField(
            model_name="applicationinstitution",
            name="stage",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(due_on__isnull=True, then=models.Value("")),
                    models.When(hold="none", state="pending", then=models.Value("waiting")),
                    models.When(state="pending", then=models.Value("held")),
                    models.When(state__in=("approved", "refused"), then=models.Value("decided")),
                    models.When(state="withdrawn", then=models.Value("ended")),
                    default=models.Value(""),
                ),
                output_field=models.CharField(
                    choices=[
                        ("", "不在列表中"),
                        ("before", "尚未送审"),
                        ("waiting", "待审"),
                        ("held", "审核暂停"),
                        ("decided", "已审"),
                        ("ended", "已撤销"),
                    ],
                    max_length=16,
                    verbose_name="阶段",
                ),
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="phone_tail",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=django.db.models.functions.text.Right("phone", 4),
                output_field=models.CharField(max_length=4, verbose_name="手机尾号"),
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["kind", "stage", "stage_due_on", "id", "member_type"], name="file_list_by_due"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["kind", "stage", "assigned_to", "stage_due_on", "id"], name="file_list_by_claim"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["kind", "stage", "id", "member_type"], name="file_list_by_stage"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["kind", "status", "id", "member_type"], name="file_list_by_status"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["kind", "id", "stage", "member_type"], name="file_list"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["member", "kind", "stage", "status", "id"], name="file_list_of_person"),
        ),
        migrations.AddIndex(
            model_name="applicationinstitution",
            index=models.Index(fields=["institution", "stage", "due_on", "id", "member_type"], name="row_list_by_due"),
        ),
        migrations.AddIndex(
            model_name="applicationinstitution",
            index=models.Index(fields=["institution", "stage", "assigned_to", "due_on", "id"], name="row_list_by_claim"),
        ),
        migrations.AddIndex(
            model_name="applicationinstitution",
            index=models.Index(fields=["institution", "stage", "id", "member_type"], name="row_list_by_stage"),
        ),
        migrations.AddIndex(
            model_name="applicationinstitution",
            index=models.Index(fields=["institution", "state", "id", "member_type"], name="row_list_by_state"),
        ),
        migrations.AddIndex(
            model_name="applicationinstitution",
            index=models.Index(fields=["institution", "id", "stage", "member_type"], name="row_list"),
        ),
        migrations.AddIndex(
            model_name="applicationinstitution",
            index=models.Index(fields=["stage", "due_on", "id", "institution", "member_type"], name="row_list_of_all_by_due"),
        ),
        migrations.AddIndex(
            model_name="applicationinstitution",
            index=models.Index(fields=["stage", "id", "institution", "state", "member_type"], name="row_list_of_all_by_stage"),
        ),
        migrations.AddIndex(
            model_name="applicationinstitution",
            index=models.Index(fields=["id", "institution", "stage", "state", "member_type"], name="row_list_of_all"),
        ),
        migrations.AddIndex(
            model_name="applicationinstitution",
            index=models.Index(fields=["member", "institution", "stage", "state", "id"], name="row_list_of_person"),
        ),
        migrations.AddField(
            model_name="namekey",
            name="member",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="name_keys", to="membership.member", verbose_name="会员"
            ),
        ),
        migrations.AddField(
            model_name="savedview",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="saved_views", to=settings.AUTH_USER_MODEL, verbose_name="审核员"
            ),
        ),
        migrations.AddIndex(
            model_name="namekey",
            index=models.Index(fields=["key", "member", "shared"], name="name_key_in_order"),
        ),
        migrations.AddConstraint(
            model_name="namekey",
            constraint=models.UniqueConstraint(fields=("member", "key"), name="a_name_key_once_per_person"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("reviewer", "desk", "name"), name="a_reviewer_names_a_view_of_a_list_once"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="a_view_has_a_name"),
        ),
        migrations.RunPython(copy_member_types, migrations.RunPython.noop),
        migrations.RunPython(write_name_keys, migrations.RunPython.noop),
    ]
