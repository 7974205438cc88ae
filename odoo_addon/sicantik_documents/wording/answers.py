"""What the worker says of a file, and what to do about it."""


def upload_sentence(env, code, limit=0, pages=0):
    """Why a file was not taken, in the language of ``env``; ``limit``: the office's
    largest size in MiB, ``pages``: its most pages."""
    known = {**_of_the_file(env), **_of_limits(env, limit, pages), **_of_the_way(env)}
    return known.get(code) or env._(
        "The worker did not take the file and gives a reason that this Odoo does not "
        "know (%s). Have an administrator upgrade worker and addons together.",
        code,
    )


def ending_sentence(env, code):
    """Why a file cannot be shown, in the language of ``env``."""
    known = {
        "gone": env._(
            "The worker has no such file any more. Whoever has it uploads it to the "
            "same permit again, which brings it back; an administrator looks with "
            "“sicantik files verify” on the worker's server what else is gone."
        ),
        "altered": env._(
            "The worker's file is not the one that was uploaded, so it is not shown. "
            "Whoever has it uploads it to the same permit again, which brings it back; "
            "an administrator looks with “sicantik files verify” on the worker's "
            "server what else was altered."
        ),
        "erased": env._(
            "The document was erased. Its number, and the hashes and dates of its "
            "versions, stay; its files cannot be brought back."
        ),
        "erase_soon": env._(
            "Its name and what was written about it are erased. The worker erases its "
            "files in a few minutes."
        ),
        "erase_sent": env._(
            "Its name and what was written about it are erased. A file of it may just "
            "be on its way to the worker, which is asked again within the hour; it is "
            "erased by itself then."
        ),
        "erase_away": env._(
            "Its name and what was written about it are erased. The worker does not "
            "answer now, so its files are still there; they are erased when it is "
            "back, by itself."
        ),
        "erase_unknown": env._(
            "Its name and what was written about it are erased. The worker does not "
            "know its file: an administrator runs “sicantik files recover” on the "
            "worker's server, and it is erased by itself then. What the worker still "
            "does not know after a day is lost there, and counts as erased."
        ),
        "fetch_unpaired": env._(
            "The worker does not know this Odoo any more. A system administrator "
            "presses Renew Keys in the configuration and gives the worker the new "
            "settings."
        ),
        "no_worker": env._(
            "No worker is connected, and it keeps the files. A system administrator "
            "presses Connect Worker in the configuration and enters the Worker Address."
        ),
    }
    return known.get(code) or env._(
        "The file cannot be shown now, because the worker that keeps it does not "
        "answer. Try again in a few minutes; if that does not help, have an "
        "administrator look whether the worker runs."
    )


def _of_the_file(env):
    return {
        "empty": env._("The file is empty. Save it again and upload that."),
        "not_pdf": env._(
            "The file is no PDF, whatever its name says. Save or print it as a PDF."
        ),
        "encrypted": env._(
            "The PDF is protected with a password. Save it without one and upload that."
        ),
        "damaged": env._(
            "The PDF is damaged. Make it anew, or open it and print it to a new PDF."
        ),
        "javascript": env._(
            "The PDF holds a program (JavaScript). Print it to a new PDF and upload "
            "that."
        ),
        "launch": env._(
            "The PDF starts another program when it is opened. Print it to a new PDF "
            "and upload that."
        ),
        "embedded_files": env._(
            "The PDF has other files inside. Print it to a new PDF without them; a "
            "manager may allow such files in the configuration."
        ),
        "signed": env._(
            "The PDF is signed already, and an original is asked for. Upload it as "
            "Signed."
        ),
        "too_complex": env._(
            "The PDF is built in such a way that it cannot be checked. Print it to a "
            "new PDF and upload that."
        ),
    }


def _of_limits(env, limit, pages):
    return {
        "too_large": env._(
            "The file is larger than %(limit)s MiB. Make it smaller, for example by "
            "scanning at 200 dpi; a manager may raise the limit in the configuration.",
            limit=limit,
        ),
        "worker_too_large": env._(
            "The file is larger than the worker takes. Make it smaller, for example by "
            "scanning at 200 dpi, or have an administrator raise files.largest_mib in "
            "the worker's settings."
        ),
        "too_many_pages": env._(
            "The PDF has more than %(pages)s pages. Upload it in parts; a manager may "
            "raise the limit in the configuration.",
            pages=pages,
        ),
        "proxy": env._(
            "A proxy between Odoo and the worker refuses files of this size: its "
            "administrator raises client_max_body_size, or the Worker Address leads "
            "past it."
        ),
    }


def _of_the_way(env):
    return {
        "away": env._(
            "The worker does not answer now. The file waits in Odoo, sealed, and goes "
            "by itself."
        ),
        "unpaired": env._(
            "The worker does not know this Odoo any more. A system administrator "
            "presses Renew Keys in the configuration and gives the worker the new "
            "settings."
        ),
        "malformed": env._(
            "The file did not arrive whole. Upload it again; if that does not help, "
            "have an administrator upgrade worker and addons together."
        ),
        "other_key": env._(
            "The file was sealed to a key that the worker does not have any more. "
            "Upload it again in a minute, when Odoo knows the new one."
        ),
        "other_content": env._(
            "The worker has another file by this number. Upload the file again."
        ),
        "404": env._(
            "The worker keeps no documents. Have an administrator upgrade it to the "
            "version of the addons."
        ),
    }
