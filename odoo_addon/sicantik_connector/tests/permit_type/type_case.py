"""Permits of several types, two of which mean the same."""

from ..common import SicantikCase, fingerprint, row_of, type_of

REMAINING, OLD, OTHER = "Izin Optik", "Izin Optikal", "Izin Apotek"


def type_row(name, code=None, days=None, **changes):
    """A row of the list of permit types, as the worker sends it."""
    return {
        "name": name,
        "name_key": name.casefold(),
        "code": code,
        "group": "Kesehatan",
        "processing_days": days,
        "hash": fingerprint(name, code, days),
        **changes,
    }


class TypeCase(SicantikCase):
    def setUp(self):
        super().setUp()
        self.types_run = self.start("types")
        rows = [type_row(REMAINING, "1"), type_row(OLD, "2"), type_row(OTHER, "3")]
        self.send_types(*rows)
        self.run_key = self.start()

    def send_types(self, *rows):
        return self.rpc(
            "sicantik.permit.type", "upsert_batch", rows=list(rows), **self.types_run
        )

    def bring(self, registration, number=None, name=OLD, further=(), **changes):
        """A permit of the list, or what is new of it."""
        row = row_of(
            registration,
            number,
            permit_type=type_of(name),
            further_types=[type_of(other) for other in further],
            **changes,
        )
        return self.upsert(self.run_key, row)

    def go_on(self):
        """The worker takes up its run, which began again; what it is told."""
        [claimed] = self.claim(self.run_key["uuid"])["claimed"]
        self.run_key["token"] = claimed["token"]
        return claimed["settings"]

    def named(self, name):
        types = self.env["sicantik.permit.type"].with_context(active_test=False)
        return types.search(
            [("config_id", "=", self.config.id), ("name", "=", name)]
        ).with_context(active_test=True)

    def merge(self, *names, remaining=REMAINING):
        """Merge by the wizard, as a manager; how many permits it announced."""
        types = self.env["sicantik.permit.type"].with_user(self.manager)
        types = types.browse([self.named(name).id for name in (*names, remaining)])
        wizard = types.env["sicantik.permit.type.merge"].create(
            {"type_ids": types.ids, "remaining_id": types[-1].id}
        )
        announced = wizard.moved_count
        wizard.action_merge()
        self.env.flush_all()
        self.env.invalidate_all()
        return announced
