"""The scalars of the language that Python has no type for, and how each is written, by the page of types.

A decimal is a `Fraction`, an int an `int`, absence is `None`.
"""

import datetime
import ipaddress
from dataclasses import dataclass
from fractions import Fraction

DURATIONS = {"w": 604_800_000_000_000, "d": 86_400_000_000_000, "h": 3_600_000_000_000, "min": 60_000_000_000, "s": 1_000_000_000, "ms": 1_000_000, "us": 1000, "ns": 1}
SIZES = {"PiB": 1 << 50, "TiB": 1 << 40, "GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10, "PB": 10**15, "TB": 10**12, "GB": 10**9, "MB": 10**6, "kB": 1000, "B": 1}


class Unspecified(Exception):
    """The reference calls this an error, or does not say what it is: such a program is not compared."""


@dataclass(frozen=True, order=True)
class Duration:
    nanoseconds: int


@dataclass(frozen=True, order=True)
class Size:
    bytes: int


@dataclass(frozen=True, order=True)
class Ratio:
    of_one: Fraction


@dataclass(frozen=True)
class Cidr:
    """A range as it is written: its address keeps host bits."""

    address: ipaddress.IPv4Address
    prefix: int

    @property
    def network(self):
        return ipaddress.ip_network(f"{self.address}/{self.prefix}", strict=False)


@dataclass(frozen=True)
class Port:
    protocol: str
    first: int
    last: int


@dataclass(frozen=True)
class Case:
    """A case of a tagged union."""

    name: str
    parts: tuple


def decimal_text(value):
    """All digits of a decimal; one that never ends is no decimal."""
    places, rest = 0, Fraction(value)
    while rest.denominator != 1:
        rest *= 10
        places += 1
        if places > 18:
            raise Unspecified("a decimal that does not end")
    digits = str(abs(rest.numerator)).rjust(places + 1, "0")
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return ("-" if value < 0 else "") + whole + (f".{part}" if places else "")


def literal(value):
    """How a scalar that is no text is written in a program."""
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Fraction():
            text = decimal_text(value)
            return text if "." in text else f"{text}.0"
        case Duration(amount):
            return amount_text(amount, DURATIONS, "s")
        case Size(amount):
            return amount_text(amount, SIZES, "B")
        case Ratio(part):
            return f"{decimal_text(part * 100)}%"
        case Cidr():
            return f"{value.address}/{value.prefix}"
        case Port():
            numbers = f"{value.first}" if value.first == value.last else f"{value.first}-{value.last}"
            return f"{numbers}/{value.protocol}"
        case datetime.date():
            return value.isoformat()
        case _:
            return str(value)


def amount_text(amount, units, of_none):
    """In the largest unit that leaves no rest."""
    if amount == 0:
        return f"0{of_none}"
    unit = max((unit for unit, worth in units.items() if amount % worth == 0), key=units.get)
    return f"{amount // units[unit]}{unit}"


def amount(text, units):
    """What a text of a number and a unit is worth; none when it is no such text."""
    unit = text.lstrip("-0123456789.")
    if unit not in units:
        return None
    try:
        return Fraction(text[: len(text) - len(unit)]) * units[unit]
    except ValueError:
        return None
