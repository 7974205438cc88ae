"""What SICANTIK answers in place of data, and what a run waits for meanwhile."""

import re

# As the worker says which status came instead of an answer.
STATUS = re.compile(r"\bstatus (\d{3})\b")


def answer_sentence(env, message):
    """What SICANTIK answers, by the worker's English ``message`` of it."""
    if status := STATUS.search(message or ""):
        return env._("SICANTIK answers with error %(status)s.", status=status[1])
    return env._("SICANTIK gives no usable answer.")


def retry_sentence(env, retry, seconds):
    """``retry``: RETRY of docs/interfaces.md; ``seconds`` until the next try."""
    what = answer_sentence(env, retry.get("message"))
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
