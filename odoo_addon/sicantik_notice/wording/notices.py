"""Why a notice was not sent, and what to do about it."""


def notice_reasons(env):
    """``{code: sentence}`` in the language of ``env``."""
    return {**_of_failures(env), **_of_the_rest(env)}


def _of_failures(env):
    return {
        "no_address": env._(
            "The contact has no e-mail address any more. Enter one with the button "
            "Correct E-mail or WhatsApp, or leave it empty, then press Send Again: "
            "without an address a person of the office is asked to tell the applicant."
        ),
        "no_sender": env._(
            "The office has no e-mail address to write from. Have an administrator "
            "enter one for the company, then press Send Again."
        ),
        "no_text": env._(
            "The text for this notice was deleted. Have an administrator upgrade the "
            "addon SICANTIK Notices, which brings it back; then press Send Again."
        ),
        "bad_text": env._(
            "The text of this notice has an error. Have a manager correct it "
            "under Configuration › Notices, then press Send Again."
        ),
        "no_responsible": env._(
            "Nobody could be asked to tell the applicant. Have a manager choose who is "
            "responsible (somebody who may see permits) under Configuration › Notices: "
            "it is then asked for by itself."
        ),
        "no_channel": env._(
            "There is no way to reach the recipient. Have an administrator look at the "
            "contact, then press Send Again."
        ),
        "mail": env._(
            "The e-mail could not be delivered. Press Correct E-mail or WhatsApp and "
            "correct the address, or empty it so that the office tells the applicant, "
            "then press Send Again."
        ),
        "constraint": env._("Odoo refused it. Press Send Again after correcting it."),
        "duplicate": env._("Another notice already says the same."),
        "data": env._("Odoo refused a value of it. Look at the permit's values."),
        "internal": env._(
            "It failed inside Odoo. Have an administrator look at Odoo's log."
        ),
    }


def _of_the_rest(env):
    return {
        "nearer": env._(
            "A notice nearer to the expiry date took its place; only that one is sent."
        ),
        "changed": env._(
            "The permit's status or expiry date changed before the recipient was told."
        ),
        "expired": env._("The permit expired before the notice was sent."),
        "renewal_proposed": env._(
            "A renewal of the permit is proposed. Accept or refuse it on the permit; "
            "once it is refused, the applicant is told."
        ),
        "gone": env._("What the notice was about was deleted before it was sent."),
        "left": env._(
            "The recipient left, or may not see what the notice is about any more."
        ),
        "by_hand": env._("Cancelled by a person."),
        "merged": env._("The same was told to the contact that this one became."),
        "called": env._("A person of the office told the recipient."),
        "trial": env._(
            "For a trial it goes to All Notices To (Configuration › Notices), and not "
            "to the recipient."
        ),
        "copy": env._("This database is a copy for tests, which writes to nobody."),
    }
