"""The delivered workflow: an editor submits a change of the guide, an administrator or another editor approves it (CMS-1)."""

from django.contrib.auth.models import Group
from wagtail.models import Page, Workflow, WorkflowPage, WorkflowTask

from guide_pages.models import SecondReadingTask

NAME = "会员指南修改审阅"
TASK_NAME = "请另一人审阅"
# Groups bear the codes of their roles.
READERS = ("administrator", "editor")
# Wagtail's own comes with its first migration, for groups in which nobody is.
WAGTAILS_OWN = "Moderators approval"


def ensure(guide: Page) -> None:
    """Make the workflow and give it to ``guide``, once: what administrators change or switch off later stays theirs."""
    if Workflow.objects.filter(name=NAME).exists():
        return
    task = SecondReadingTask.objects.create(name=TASK_NAME)
    task.groups.set([Group.objects.get_or_create(name=name)[0] for name in READERS])
    workflow = Workflow.objects.create(name=NAME)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.get_or_create(page=guide, defaults={"workflow": workflow})
    Workflow.objects.filter(name=WAGTAILS_OWN).update(active=False)
