"""What an address of SICANTIK or of the worker may look like. No Odoo in here."""

import ipaddress
import socket
from urllib.parse import urlsplit


def problem_of(url):
    """Name what is wrong with the http(s) address ``url``, or return None.

    One of ``scheme``, ``host``, ``userinfo``, ``query``, ``link_local``. Nothing is
    looked up: a host name is taken as it is.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _port = parts.port  # raises ValueError on a bad one
    except ValueError:
        return "host"
    if parts.scheme not in ("http", "https"):
        return "scheme"
    if "@" in parts.netloc:
        return "userinfo"
    if not host or any(char.isspace() for char in url):
        return "host"
    if "?" in url or "#" in url:
        return "query"
    address = _address_of(host)
    if address is not None and _is_link_local(address):
        return "link_local"
    return None


def _address_of(host):
    """The IP address that ``host`` spells, in any form that a resolver takes."""
    for spelled in (lambda: host.split("%")[0], lambda: socket.inet_aton(host)):
        try:
            return ipaddress.ip_address(spelled())
        except (OSError, ValueError):
            continue
    return None


def _is_link_local(address):
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_link_local
