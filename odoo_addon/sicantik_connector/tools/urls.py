"""What an address of SICANTIK or of the worker may look like. No Odoo in here."""

import ipaddress
import socket
from urllib.parse import urlsplit

# Private networks and this machine (RFC 1918, RFC 4193, loopback).
PRIVATE_NETWORKS = [
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "::1/128",
    )
]


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


def problem_of_link(url):
    """As ``problem_of``, for a link that people open: it may have a query."""
    if any(char.isspace() for char in url):
        return "host"
    return problem_of(url.partition("#")[0].partition("?")[0])


def is_http(url):
    """Whether ``url`` begins with http://, in any case."""
    return url[:7].lower() == "http://"


def host_of(url):
    """The host of ``url`` as it names one server: lower case, without a final dot,
    whatever scheme, port and path; the text itself when there is none."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        host = None
    return (host or url or "").rstrip(".").lower()


def private_host(url):
    """The host of ``url`` when it is spelled as an address of a private network or of
    this machine, or is ``localhost``; else None. Nothing is looked up."""
    if problem_of(url):
        return None
    host = urlsplit(url).hostname
    if host == "localhost":
        return host
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    networks = (n for n in PRIVATE_NETWORKS if n.version == address.version)
    return host if any(address in network for network in networks) else None


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
