"""A run whose worker tells of its calls to SICANTIK."""

from ..common import StartedRunCase

LIST, DETAIL = "listpermohonanterbit", "cekperizinanizin"


def calls_of(endpoint, calls, total_ms, slowest_ms=0, **codes):
    """API of docs/interfaces.md."""
    return {
        "endpoint": endpoint,
        "calls": calls,
        "failed": sum(codes.values()),
        "total_ms": total_ms,
        "slowest_ms": slowest_ms,
        "error_codes": codes,
    }


class ApiCallCase(StartedRunCase):
    def counted(self):
        return self.env["sicantik.api.call"].search(
            [("config_id", "=", self.config.id)], order="id"
        )
