"""What follows when a workflow has approved a change. Wagtail imports this while its own models load, so nothing is imported here."""


def publish(workflow_state, user=None) -> None:
    """
    Publish what was approved. The approval itself is the permission: of the two who wrote and read, neither might publish alone
    (``WAGTAIL_FINISH_WORKFLOW_ACTION``).
    """
    workflow_state.content_object.get_latest_revision().publish(user=user, skip_permission_checks=True)
