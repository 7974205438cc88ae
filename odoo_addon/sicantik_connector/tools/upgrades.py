"""What an upgrade tells the offices."""

from markupsafe import Markup


def tell_offices(env, sentence):
    """Post ``sentence``, plain text, in the chatter of every configuration."""
    body = Markup("<p>%s</p>") % sentence
    for config in env["sicantik.config"].with_context(active_test=False).search([]):
        config.message_post(body=body)
