from django.db import migrations, models

# What the database itself answers to whoever would change the record (S-8); also to what goes past Django.
REFUSAL = "Audit entries are never changed or deleted."
TABLE = "membership_auditentry"

POSTGRESQL = [
    f"""
    CREATE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
    f"CREATE TRIGGER {TABLE}_not_emptied BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION {TABLE}_refuse()",
]
SQLITE = [
    f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER {TABLE}_not_emptied BEFORE DELETE ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
]
STATEMENTS = {
    "postgresql": (
        POSTGRESQL,
        [
            f"DROP TRIGGER {TABLE}_not_emptied ON {TABLE}",
            f"DROP TRIGGER {TABLE}_kept ON {TABLE}",
            f"DROP FUNCTION {TABLE}_refuse()",
        ],
    ),
    "sqlite": (SQLITE, [f"DROP TRIGGER {TABLE}_not_emptied", f"DROP TRIGGER {TABLE}_kept"]),
}


def guard(apps, schema_editor):
    for statement in STATEMENTS.get(schema_editor.connection.vendor, ([], []))[0]:
        schema_editor.execute(statement)


def unguard(apps, schema_editor):
    for statement in STATEMENTS.get(schema_editor.connection.vendor, ([], []))[1]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """The record is read by every one of its filters, and guarded by the database; the calendar that dates rest on is kept."""

    dependencies = [("membership", "0010_bulk_and_exports")]
    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["actor", "-at", "-id"], name="audit_by_actor"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["action", "-at", "-id"], name="audit_by_action"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(
                condition=models.Q(("institution__isnull", False)),
                fields=["institution", "-at", "-id"],
                name="audit_by_institution",
            ),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["request_id", "-at", "-id"], name="audit_by_request"),
        ),
        migrations.CreateModel(
            name="CalendarYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(unique=True, verbose_name="年份")),
                ("working", models.CharField(max_length=366, verbose_name="工作日")),
                ("is_estimated", models.BooleanField(default=False, verbose_name="暂按周一至周五")),
                ("told", models.CharField(blank=True, max_length=366, verbose_name="上次告知时的工作日")),
                ("changed_at", models.DateTimeField(blank=True, null=True, verbose_name="变动时间")),
            ],
            options={"verbose_name": "年份日历", "verbose_name_plural": "年份日历", "ordering": ["year"]},
        ),
        migrations.AddConstraint(
            model_name="calendaryear",
            constraint=models.CheckConstraint(
                condition=models.Q(("changed_at__isnull", True), ("told", ""))
                | models.Q(("changed_at__isnull", False)) & ~models.Q(("told", "")),
                name="a_year_that_moved_says_since_when_and_from_what",
            ),
        ),
        # Last: on SQLite whatever remakes the table would take its triggers along.
        migrations.RunPython(guard, unguard),
    ]
