"""The task of the delivered workflow: somebody else reads a change of the guide before it is published (CMS-1)."""

from wagtail.models import AbstractGroupApprovalTask


class SecondReadingTask(AbstractGroupApprovalTask):
    """Approval by a person of the groups who did not submit the change. Superusers approve their own, for the day nobody else is there."""

    class Meta:
        verbose_name = "请另一人审阅"
        verbose_name_plural = "请另一人审阅"

    @classmethod
    def get_description(cls):
        return "所选用户组中，提交者以外的任何一人都可以批准或退回修改"

    def get_actions(self, obj, user):
        return [] if self._submitted(obj, user) else super().get_actions(obj, user)

    def get_task_states_user_can_moderate(self, user, **kwargs):
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states if user.is_superuser else states.exclude(workflow_state__requested_by=user)

    def _submitted(self, obj, user) -> bool:
        state = obj.current_workflow_state
        return not user.is_superuser and state is not None and state.requested_by_id == user.pk
