"""Why a message waits, failed or ended, and what to do about it."""

# Of a notice a code of these begins with it, beside those of other channels.
PREFIX = "whatsapp_"


def notice_reasons(env):
    """``{code of a notice: sentence}`` in the language of ``env``."""
    own = {
        "no_way": env._(
            "The contact, its answer, the account or the text changed so that it "
            "cannot go by WhatsApp any more."
        ),
    }
    return {f"{PREFIX}{why}": said for why, said in {**reasons(env), **own}.items()}


def reasons(env):
    """``{code: sentence}`` in the language of ``env``."""
    return {
        **_of_the_account(env),
        **_of_the_recipient(env),
        **_of_the_text(env),
        **_of_limits(env),
        **_of_the_worker(env),
        **_of_odoo(env),
    }


def _of_the_account(env):
    return {
        "credentials": env._(
            "The provider does not accept the key. Have a manager make a new one "
            "there, press Enter Keys on the account, and then Check Account."
        ),
        "no_secret": env._(
            "The account's key was not entered yet. Have a manager press Enter Keys on "
            "the account under WhatsApp › Accounts."
        ),
        "account_blocked": env._(
            "The provider has blocked the account or the number. Have a manager look "
            "at the account there, then press Check Account."
        ),
        "quality": env._(
            "WhatsApp holds the number back because people reported or blocked it. It "
            "goes on by itself; have a manager look at its quality at the provider."
        ),
        "recipient_not_allowed": env._(
            "The account is still for tests and may write to listed numbers only. Have "
            "a manager finish its set-up at the provider."
        ),
        "no_account": env._(
            "The account was archived or deleted. Choose another one, then press Send "
            "Again."
        ),
        "account_archived": env._(
            "The WhatsApp account was archived, and the office has no other one. The "
            "notice goes by whichever way there is now."
        ),
    }


def _of_the_recipient(env):
    return {
        "not_on_whatsapp": env._(
            "The number has no WhatsApp, or cannot get messages of offices. It is not "
            "tried again until the contact has another number."
        ),
        "opted_out": env._(
            "The recipient told WhatsApp not to get such messages. Enter the answer "
            "Refused at the contact and tell the recipient in another way."
        ),
        "declined": env._(
            "WhatsApp did not deliver it, to spare the recipient too many messages. "
            "Tell the recipient in another way."
        ),
    }


def _of_the_text(env):
    return {
        "outside_window": env._(
            "The provider took it for a free message, which may only answer one of the "
            "recipient. Have a manager see that the text is approved there."
        ),
        "text_missing": env._(
            "The provider knows no approved text of this name in this language. Have a "
            "manager compare it under WhatsApp › Texts with the provider's, then press "
            "Send Again."
        ),
        "text_paused": env._(
            "The provider has paused or disabled the text. Have a manager look at it "
            "there and set its state under WhatsApp › Texts."
        ),
        "text_rejected": env._(
            "The provider refuses the text or its values. Have a manager compare it "
            "under WhatsApp › Texts with the provider's, then press Send Again."
        ),
        "wrong_parameters": env._(
            "The values do not fit the text as the provider knows it. Have a manager "
            "compare its variables under WhatsApp › Texts with the provider's, then "
            "press Send Again."
        ),
    }


def _of_limits(env):
    return {
        "busy": env._(
            "The provider takes fewer messages at the moment. It goes on by itself."
        ),
        "too_soon": env._(
            "Another message went to this number a moment ago. It goes on by itself."
        ),
        "daily_limit": env._(
            "WhatsApp lets the office write to no more people in these 24 hours. It "
            "goes on by itself when the limit allows."
        ),
        "limit_minute": env._(
            "The account's messages of this minute are used up. It goes on by itself."
        ),
        "limit_day": env._(
            "The account's messages of these 24 hours are used up. It goes on by "
            "itself; a manager may raise Messages in 24 Hours."
        ),
        "limit_recipients": env._(
            "As many people as WhatsApp allows were written to in these 24 hours. It "
            "goes on by itself."
        ),
        "limit_spacing": env._(
            "Between two messages to one number there is a short pause. It goes on by "
            "itself."
        ),
        "night": env._("Nobody is written to at night. It goes out in the morning."),
    }


def _of_the_worker(env):
    return {
        "provider_down": env._(
            "The provider does not answer. It is tried again by itself."
        ),
        "no_answer": env._(
            "The provider gave no answer, so nobody knows whether it went out. Ask the "
            "recipient, or press Send Again if it may arrive twice."
        ),
        "vanished": env._(
            "The worker broke off while it handed the message over, so nobody knows "
            "whether it went out. Ask the recipient, or press Send Again if it may "
            "arrive twice."
        ),
        "journal": env._(
            "The worker cannot write its journal, so it sends nothing. Have an "
            "administrator look at the worker's log and disk."
        ),
        "told_before": env._(
            "The same message went out already, so it was not sent once more."
        ),
        "restored": env._(
            "The worker's store was restored, and this message may have gone out "
            "before. Ask the recipient, or press Send Again if it may arrive twice."
        ),
        "attempts": env._(
            "All tries failed. The technical details say why; press Send Again later."
        ),
        "other": env._(
            "The provider refused it. The technical details say why; an administrator "
            "can look the code up there."
        ),
    }


def _of_odoo(env):
    return {
        "queued": env._("It waits until the worker asks for it, within 30 seconds."),
        "claimed": env._("The worker has taken it and is about to send it."),
        "waiting": env._("It waits at the worker for its turn."),
        "worker_away": env._(
            "No worker is heard of at the moment. It waits, and goes out when the "
            "worker is there again."
        ),
        "cancel_asked": env._("The worker was asked to stop it."),
        "failed": env._("It could not be sent."),
        "unknown": env._("Nobody knows whether it went out."),
        "expired": env._(
            "It was too late for it when it could have been sent. Tell the recipient "
            "in another way, or press Send Again if it is still of use."
        ),
        "cancelled": env._("It was cancelled before it went out."),
        "by_hand": env._("A person cancelled it before it went out."),
        "withdrawn": env._(
            "What it says was not true any more, or was told in another way."
        ),
        "changed": env._(
            "The contact's number or answer, the text or the account changed before it "
            "went out. The notice goes by whichever way there is now."
        ),
        "blocked": env._(
            "The number was blocked before it went out. The notice goes by whichever "
            "way there is now."
        ),
        "gone": env._("The notice was deleted before it went out."),
        "copy": env._("This database is a copy for tests, which writes to nobody."),
    }
