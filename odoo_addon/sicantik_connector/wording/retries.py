"""What a run waits for while SICANTIK does not answer."""

import re

# As the worker says which status came instead of an answer.
STATUS = re.compile(r"\bstatus (\d{3})\b")


def retry_sentence(env, retry, seconds):
    """``retry``: RETRY of docs/interfaces.md; ``seconds`` until the next try."""
    status = STATUS.search(retry.get("message") or "")
    if status:
        what = env._("SICANTIK answers with error %(status)s.", status=status[1])
    else:
        what = env._("SICANTIK gives no usable answer.")
    if seconds:
        then = env._(
            "Try %(attempt)s failed; the next one follows in %(seconds)s s.",
            attempt=retry["attempt"],
            seconds=seconds,
        )
    else:
        then = env._(
            "Try %(attempt)s failed; the next one is under way.",
            attempt=retry["attempt"],
        )
    return f"{what} {then}"
