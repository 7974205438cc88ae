"""Ended runs with issues: a row of the list, and details that failed."""

from ..common import StartedRunCase, row_of


class RetryCase(StartedRunCase):
    def setUp(self):
        super().setUp()
        rows = [row_of(str(n), f"503/{n}") for n in range(5)]
        self.upsert(self.key, *rows, row_of("draft"))
        self.finish(self.key, issues=[{"key": "row 9", "code": "bad_row"}])

    def failed_details(self, *numbers, kind="expiry"):
        """An ended run that could not ask for these permits; their issues by number."""
        key = self.start(kind)
        rows = [
            {"id": self.permit(number).id, "outcome": "error", "code": "timeout"}
            for number in numbers
        ]
        self.rpc("sicantik.permit", "apply_details", rows=rows, **key)
        self.finish(key, "partial")
        return self.run_of(key)

    def retry(self, issues, user=None):
        return issues.with_user(user or self.operator).action_retry()["params"]

    def due(self, run):
        [claimed] = self.claim(run.uuid)["claimed"]
        key = {"uuid": run.uuid, "token": claimed["token"]}
        answer = self.rpc("sicantik.permit", "due_details", limit=100, **key)
        return [permit["registration_number"] for permit in answer["permits"]]

    def issue(self, run, number):
        return run.issue_ids.filtered(lambda i: i.key in (number, f"503/{number}"))
