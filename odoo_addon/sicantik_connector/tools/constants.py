"""Numbers and lists of choices that several models share, each with its reason."""

# Items a call: one transaction stays short and below Odoo's request limits.
MAX_ROWS = 2000

# Characters of a text that stands in a unique index: a B-tree entry of PostgreSQL
# holds 2,704 bytes, four a character at worst.
MAX_KEY = 600
MAX_TEXT = 500

# The two parts of an identity and what stands between them (docs/interfaces.md).
SEPARATOR = "\x1f"
NUMBERED = "N" + SEPARATOR
UNNUMBERED = "T" + SEPARATOR

# Lease of a claimed run, in seconds.
LEASE_MIN = 5
LEASE_MAX = 600

# A worker not heard of for this long counts as silent; it polls every 30 seconds.
SILENT_AFTER_SECONDS = 120
# It is written down at most this often, so that polling does not fill the table.
SEEN_EVERY_SECONDS = 20

# Days until the next detail call.
DETAIL_CYCLE_DAYS = 30
DETAIL_CYCLE_NEAR_DAYS = 7
DETAIL_MISS_DAYS = (7, 14, 30)
# Hours until an erroneous detail call is repeated.
DETAIL_ERROR_HOURS = 1

# Statuses that people decide; the others follow from number and expiry date.
DECISIONS = ("renewed", "cancelled")

# A permit that expires later than in so many days is not being renewed yet: a company
# may hold two of a kind at once.
RENEWAL_DAYS = 180

# Detail calls that the worker has under way at once.
DETAIL_CALLS_AT_ONCE = 4

# Permits asked by "Test Expiry Sync".
TEST_EXPIRY_LIMIT = 10

# A run claimed so often without an end is lost.
MAX_ATTEMPTS = 5

API_KEY_DAYS = 365
# Days before its end from which the key's end is said.
API_KEY_WARNING_DAYS = 30
API_KEY_NAME = "SICANTIK Companion worker"
WORKER_LOGIN = "sicantik_worker"

VIEWER = "sicantik_connector.group_viewer"
OPERATOR = "sicantik_connector.group_operator"
MANAGER = "sicantik_connector.group_manager"
WORKER = "sicantik_connector.group_sicantik_worker"
SYSTEM = "base.group_system"

TIME_ZONES = [
    ("Asia/Jakarta", "WIB (Asia/Jakarta)"),
    ("Asia/Makassar", "WITA (Asia/Makassar)"),
    ("Asia/Jayapura", "WIT (Asia/Jayapura)"),
]

KINDS = [
    ("probe", "Connection Test"),
    ("types", "Permit Types"),
    ("permits", "Permits"),
    ("expiry", "Expiry Dates"),
    ("ask", "One Permit"),
    ("all", "Everything"),
    ("compare", "Comparison"),
    ("preview", "Dry Run"),
]

RUN_STATES = [
    ("queued", "Queued"),
    ("claimed", "Running"),
    ("done", "Done"),
    ("partial", "Partly Done"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
    ("lost", "Lost"),
]
OPEN_STATES = ("queued", "claimed")

# Absolute figures of a run that its worker reports.
COUNTERS = (
    "total",
    "done",
    "created",
    "updated",
    "unchanged",
    "flagged",
    "failed",
    "api_calls",
    "rate",
    "eta_seconds",
)
