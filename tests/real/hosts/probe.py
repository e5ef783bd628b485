#!/usr/bin/env python3
"""Which host reaches which, found out with real packets.

    eval "$(tests/real/hosts.sh env)"
    tests/real/hosts/probe.py web:443/tcp db:5432/tcp db:53/udp

A target is HOST:PORT/PROTOCOL, with a HOST of the lab; where none is named they are read from standard input. From every other host, from `control` and from `outside`, each is tried at its
address of IPv4 and at that of IPv6. What is told is a sorted table, one line each, with columns of one space:

    FROM TO PORT PROTOCOL FAMILY RESULT        web db 5432 tcp ipv6 open

`open`: a TCP connection was made, or a datagram came back. `closed`: refused, or nothing came back, twice. The second look is slow, so that
a packet that was dropped is told from a machine that has much to do. `--from NAME`, any number of them, is for fewer origins.

Where nothing of the host listens at a port, the probe does, in the host's own network. It ends with what it opened.
"""

import argparse
import contextlib
import ctypes
import errno
import os
import pathlib
import re
import resource
import selectors
import socket
import sys
import time

CLONE_NEWNET = 0x40000000
TARGET = re.compile(r"([a-z0-9-]+):([0-9]{1,5})/(tcp|udp)")
FAMILIES = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}
KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
# Seconds of a look, and between two datagrams of it. TCP asks again by itself after one second.
QUICK, SLOW, AGAIN = 0.8, 4.0, 0.3
AT_ONCE = 1000
LIBC = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def network_of(name):
    """Sockets that are made here belong to the network of a host for as long as they are."""
    with open("/proc/self/ns/net") as own, open(f"/run/netns/{os.environ['HOSTS_LAB']}-{name}") as other:
        enter(other)
        try:
            yield
        finally:
            enter(own)


def enter(space):
    if LIBC.setns(space.fileno(), CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "a network cannot be entered")


def opened(protocol, family):
    new = socket.socket(FAMILIES[family], KINDS[protocol])
    new.setblocking(False)
    return new


def listen(selector, target, address):
    """Answers for a host at a port. Where a server of the host's own has it, that one does."""
    name, port, protocol, family = target
    with network_of(name):
        server = opened(protocol, family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((address, port))
    except OSError as error:
        server.close()
        if error.errno == errno.EADDRINUSE and protocol == "tcp":
            return
        sys.exit(f"{name} cannot answer at {address} port {port}/{protocol}: {error.strerror}")
    if protocol == "tcp":
        server.listen(AT_ONCE)
    selector.register(server, selectors.EVENT_READ, lambda: answer(server, protocol))


def answer(server, protocol):
    with contextlib.suppress(BlockingIOError, ConnectionError):
        if protocol == "tcp":
            server.accept()[0].close()
        else:
            server.sendto(*server.recvfrom(64))


class Try:
    """One origin asks one target."""

    def __init__(self, origin, target, address):
        self.origin, self.target, self.address = origin, target, address
        self.is_open = False
        self.is_told = False

    def begin(self, selector):
        self.selector, self.is_told = selector, False
        _, port, protocol, family = self.target
        with network_of(self.origin):
            self.socket = opened(protocol, family)
        error = self.socket.connect_ex((self.address, port))
        if error not in (0, errno.EINPROGRESS):
            return self.tell(False, error)
        wanted = selectors.EVENT_WRITE if protocol == "tcp" else selectors.EVENT_READ
        selector.register(self.socket, wanted, self.hear)
        self.ask()

    def ask(self):
        """Sends a datagram, once more if none came back so far."""
        if not self.is_told and self.target[2] == "udp":
            # What a rule refuses at once is refused here as well; so is what a message of ICMP said about the one before.
            with contextlib.suppress(OSError):
                self.socket.send(b"?")

    def hear(self):
        self.selector.unregister(self.socket)
        if self.target[2] == "tcp":
            error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            return self.tell(error == 0, error)
        try:
            self.tell(self.socket.recv(64) == b"?", 0)
        except OSError as error:
            self.tell(False, error.errno)

    def tell(self, is_open, error):
        if error in (errno.EMFILE, errno.ENOBUFS, errno.EADDRNOTAVAIL, errno.ENETUNREACH):
            sys.exit(f"{self.origin} cannot ask {self.target[0]} at {self.address}: {os.strerror(error)}")
        self.is_open, self.is_told = is_open, True
        self.socket.close()

    def give_up(self):
        if not self.is_told:
            self.selector.unregister(self.socket)
            self.tell(False, 0)


def look(selector, tries, seconds):
    """Asks all of them at once, and hears until each is told or the time is over."""
    for one in tries:
        one.begin(selector)
    end = time.monotonic() + seconds
    next_ask = time.monotonic() + AGAIN
    while time.monotonic() < end and not all(one.is_told for one in tries):
        for key, _ in selector.select(0.05):
            key.data()
        if time.monotonic() >= next_ask:
            next_ask = time.monotonic() + AGAIN
            for one in tries:
                one.ask()
    # What has come in by now counts, however late this program is.
    for key, _ in selector.select(0):
        key.data()
    for one in tries:
        one.give_up()


def in_parts(tries):
    return [tries[at : at + AT_ONCE] for at in range(0, len(tries), AT_ONCE)]


def read_targets(words, hosts):
    for word in words:
        match = TARGET.fullmatch(word)
        if not match or not 0 < int(match[2]) < 65536:
            sys.exit(f"`{word}` is not HOST:PORT/PROTOCOL")
        if match[1] not in hosts:
            sys.exit(f"`{match[1]}` is not in the lab: {' '.join(hosts)}")
        for family in FAMILIES:
            yield match[1], int(match[2]), match[3], family


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="origins", action="append", metavar="NAME")
    parser.add_argument("targets", nargs="*", metavar="HOST:PORT/PROTOCOL")
    given = parser.parse_args()
    if "HOSTS_TABLE" not in os.environ:
        sys.exit('no hosts: eval "$(tests/real/hosts.sh env)"')
    lines = pathlib.Path(os.environ["HOSTS_TABLE"]).read_text().splitlines()
    hosts = {name: dict(zip(FAMILIES, addresses)) for name, *addresses in map(str.split, lines)}
    words = given.targets or sys.stdin.read().split()
    targets = sorted(set(read_targets(words, hosts)))
    origins = given.origins or sorted(hosts)
    for name in set(origins) - set(hosts):
        sys.exit(f"`{name}` is not in the lab: {' '.join(hosts)}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)

    selector = selectors.DefaultSelector()
    for target in targets:
        listen(selector, target, hosts[target[0]][target[3]])
    pairs = [(origin, target) for origin in origins for target in targets if origin != target[0]]
    tries = [Try(origin, target, hosts[target[0]][target[3]]) for origin, target in pairs]
    for seconds in (QUICK, SLOW):
        for part in in_parts([one for one in tries if not one.is_open]):
            look(selector, part, seconds)
    for one in sorted(tries, key=lambda one: (one.origin, one.target)):
        name, port, protocol, family = one.target
        print(one.origin, name, port, protocol, family, "open" if one.is_open else "closed")


main()
