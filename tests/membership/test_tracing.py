import logging
from contextvars import copy_context

from membership import tracing


def record():
    return logging.LogRecord("caca", logging.INFO, __file__, 1, "looked at a document", None, None)


class TestRequestId:  # S-8, OPS-4
    def test_each_request_has_its_own(self):
        ids = {tracing.new_request_id() for _ in range(100)}

        assert len(ids) == 100
        assert all(len(request_id) == 16 and int(request_id, 16) >= 0 for request_id in ids)

    def test_it_ends_with_its_request(self):
        copy_context().run(tracing.request_id.set, "0123456789abcdef")

        assert tracing.request_id.get() == ""


class TestRequestIdFilter:
    def test_every_line_written_during_a_request_names_it(self):
        line = record()

        def served():
            tracing.request_id.set("0123456789abcdef")
            return tracing.RequestIdFilter().filter(line)

        assert copy_context().run(served) is True
        assert line.request_id == "0123456789abcdef"

    def test_lines_of_commands_and_tasks_have_a_dash(self):
        line = record()

        assert tracing.RequestIdFilter().filter(line) is True
        assert logging.Formatter("{request_id} {message}", style="{").format(line) == "- looked at a document"
