"""What Bird tells of a workspace's numbers and templates, as its kit's `WhatsAppNumber` and `WhatsAppTemplate` have it."""

from typing import Any

from providers.bird.events import moment, named
from providers.messages import Call, Identity
from providers.texts import Text

_PAGE = 20
_BEGAN = 1_790_000_000.0
"""When the workspace was made."""
_TIERS = {"TIER_250": "tier_250", "TIER_2K": "tier_1k", "TIER_10K": "tier_10k", "TIER_100K": "tier_100k"}
"""What Bird's kit knows of Meta's."""


def number(number: str, identity: Identity, quality: str, tier: str, at: float) -> dict[str, Any]:
    """One that is connected."""
    return {
        "id": named("wan", number),
        "waba": identity.business_id or "200000000000002",
        "phone_number": number,
        "name": identity.verified_name,
        "scope": "workspace",
        "status": "connected",
        "quality_rating": quality.lower(),
        "messaging_limit": _TIERS.get(tier, "tier_unlimited"),
        "throughput_level": "standard",
        "meta_synced_at": moment(at),
        "created_at": moment(_BEGAN),
        "updated_at": moment(_BEGAN),
    }


def tag(text: Text) -> str:
    """Its language as Bird writes it."""
    return text.language.replace("_", "-")


def template(texts: list[Text]) -> dict[str, Any]:
    """One with all its languages."""
    first = texts[0]
    live = [text for text in texts if text.state == "approved"]
    languages: dict[str, Any] = {}
    for text in texts:
        state: dict[str, Any] = {"status": text.state, "submitted_at": moment(_BEGAN)}
        if text.state == "rejected":
            state["rejection"] = {"category": (text.reason or "").lower(), "reason": text.reason}
        languages[tag(text)] = state
    states = {text.state for text in texts}
    return {
        "id": named("wat", first.name),
        "slug": first.name,
        "slug_editable": False,
        "name": first.name,
        "description": None,
        "scope": "workspace",
        "category": "utility",
        "status": "active" if live else texts[0].state if states in ({"pending"}, {"rejected"}) else "inactive",
        "default_language": tag(first),
        "on_missing_language": "fail",
        "language_source_required": False,
        "available_languages": [tag(text) for text in live],
        "languages": languages,
        "draft_version_id": None,
        "live_version_id": named("wav", first.name) if states - {"pending", "rejected"} else None,
        "pending_version_id": named("wav", first.name) if "pending" in states else None,
        "last_submitted_at": moment(_BEGAN),
        "created_at": moment(_BEGAN),
        "updated_at": moment(_BEGAN),
    }


def language(text: Text) -> dict[str, Any]:
    """One language of the version that Meta serves: only here stands in which category Meta has it."""
    places = [{"type": "text", "text": f"contoh {place + 1}"} for place in range(text.variables)]
    body = {"type": "body", "text": text.body or "Contoh", "example_parameters": places}
    found = {"language": tag(text), "components": [body], "status": text.state, "revision": 1, "content_hash": "sha256:0"}
    times = {"submitted_at": moment(_BEGAN), "approved_at": moment(_BEGAN), "updated_at": moment(_BEGAN)}
    return found | {"category": text.category} | times


def page(call: Call, records: list[dict[str, Any]]) -> dict[str, Any]:
    """One page of a list."""
    begin = int(call.asked("starting_after", "c0").removeprefix("c"))
    end = begin + int(call.asked("limit", str(_PAGE)))
    return {
        "data": records[begin:end],
        "next_cursor": f"c{end}" if end < len(records) else None,
        "prev_cursor": f"c{begin}" if begin else None,
        "refresh_cursor": f"c{begin}" if records else None,
    }
