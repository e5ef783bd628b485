"""The methods of the built-in types, by the page of built-ins."""

import datetime
import ipaddress
import re
from fractions import Fraction

from scalars import DURATIONS, SIZES, Cidr, Duration, Port, Ratio, Size, Unspecified, amount_text, decimal_text, literal


def rounded(value, places=0):
    """Halves away from zero."""
    scaled = abs(Fraction(value)) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, 10**places)


def worth(value):
    return value.nanoseconds if isinstance(value, Duration) else value.bytes


def share(value, unit):
    if worth(unit) == 0:
        raise Unspecified("a unit of nothing")
    return Fraction(worth(value), worth(unit))


def whole(value):
    if Fraction(value).denominator != 1:
        raise Unspecified("a rest")
    return int(value)


def of_kind(numbers, units):
    """`floor`, `ceil` and `round` are of decimals and of amounts in a unit."""
    return lambda value, *unit: numbers(value, *unit) if isinstance(value, (int, Fraction)) else units(share(value, *unit))


def floor(value):
    return Fraction(value).numerator // Fraction(value).denominator


def divided(value, by, places=0):
    if by == 0:
        raise Unspecified("division by nothing")
    return rounded(Fraction(value) / by, places)


def fixed(value, places):
    digits = f"{abs(int(rounded(value, places) * 10**places)):0{places + 1}d}"
    sign = "-" if rounded(value, places) < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def get(of, key):
    if isinstance(of, dict):
        return of.get(key)
    if key < 0:
        raise Unspecified("a negative position")
    return of[key] if key < len(of) else None


def some(count):
    if count < 0:
        raise Unspecified("a negative count")
    return count


def lines(text):
    if "\r" in text:
        raise Unspecified("which letters end a line")
    parts = text.split("\n")
    return parts[:-1] if parts[-1] == "" else parts


def trimmed(text):
    bare = text.strip(" \n")
    if re.search(r"^[^ -~\n]|[^ -~\n]$", bare):
        raise Unspecified("which letters are blanks")
    return bare


def split(text, separator):
    if separator == "":
        raise Unspecified("parts between nothing")
    return text.split(separator)


def replaced(text, old, new):
    if old == "":
        raise Unspecified("every nothing replaced")
    return text.replace(old, new)


def padded(text, width, filling=" "):
    if len(filling) != 1:
        raise Unspecified("filled with no one character")
    return filling * (width - len(text)) + text


def in_ascii(change):
    """What a capital letter of another script is, depends on who is asked."""
    def of(text):
        if any(len(letter.lower()) != 1 or len(letter.upper()) != 1 or letter in "ıſςΣ\u212a" for letter in text):
            raise Unspecified("capital letters of this script")
        return change(text)
    return of


def slug(text):
    if re.search(r"[^\x00-\x7f]", text):
        raise Unspecified("letters that are none of ASCII")
    made = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    if not made:
        raise Unspecified("a name of nothing")
    return made


def host(of, index):
    place = index if index >= 0 else of.network.num_addresses + index
    if not 0 <= place < of.network.num_addresses:
        raise Unspecified("no such host")
    return of.network[place]


def subnet(of, bits, index):
    prefix = of.prefix + bits
    if not 0 <= bits or prefix > 32 or not 0 <= index < 2**bits:
        raise Unspecified("no such subnet")
    return Cidr(of.network.network_address + index * 2 ** (32 - prefix), prefix)


def later_date(date, by):
    if worth(by) % DURATIONS["d"]:
        raise Unspecified("no whole days")
    try:
        return date + datetime.timedelta(days=worth(by) // DURATIONS["d"])
    except OverflowError:
        raise Unspecified("past the calendar") from None


def moved(address, steps=1):
    try:
        return address + steps
    except ipaddress.AddressValueError:
        raise Unspecified("past the last address") from None


def composed(amount, units):
    """The largest unit first, as often as it fits."""
    out = ""
    for name, unit in units:
        out += f"{amount // unit}{name}" if amount // unit else ""
        amount %= unit
    if amount:
        raise Unspecified("smaller than the smallest unit")
    return out


def go(value):
    amount = worth(value)
    if amount < 0 or amount % DURATIONS["ms"] or (amount % DURATIONS["s"] and amount >= DURATIONS["s"]):
        raise Unspecified("parts of a second")
    units = [("h", DURATIONS["h"]), ("m", DURATIONS["min"]), ("s", DURATIONS["s"]), ("ms", DURATIONS["ms"])]
    return composed(amount, units) or "0s"


def prometheus(value):
    match value:
        case Duration(amount) if amount >= 0:
            units = [("d", DURATIONS["d"]), ("h", DURATIONS["h"]), ("m", DURATIONS["min"]), ("s", DURATIONS["s"]), ("ms", DURATIONS["ms"])]
            if amount >= DURATIONS["w"]:
                raise Unspecified("whether weeks are a unit")
            return composed(amount, units) or "0s"
        case Ratio(part):
            return decimal_text(part)
        case int() | Fraction():
            return decimal_text(value)
    raise Unspecified("negative")


def kubernetes(value):
    if worth(value) <= 0:
        raise Unspecified("a quantity of nothing")
    return amount_text(worth(value), SIZES, "B").replace("iB", "i").replace("kB", "k").removesuffix("B")


METHODS = {
    "contains": lambda of, part: part in of.network if isinstance(of, Cidr) else part in of,
    "drop": lambda of, count: of[some(count):],
    "take": lambda of, count: of[:some(count)],
    "get": get,
    "has": lambda of, key: key in of,
    "is_empty": lambda of: len(of) == 0,
    "length": len,
    "first": lambda of: of[0] if isinstance(of, range) else of.first if isinstance(of, Port) else of.network[0] if isinstance(of, Cidr) else of[0] if of else None,
    "last": lambda of: of[-1] if isinstance(of, range) else of.last if isinstance(of, Port) else of.network[-1] if isinstance(of, Cidr) else of[-1] if of else None,
    "address": lambda of: of.address,
    "host": host,
    "mask": lambda of: of.network.netmask,
    "network": lambda of: Cidr(of.network.network_address, of.prefix),
    "overlaps": lambda of, other: of.network.overlaps(other.network),
    "prefix": lambda of: of.prefix,
    "size": lambda of: of.network.num_addresses,
    "subnet": subnet,
    "version": lambda of: 4,
    "day": lambda of: of.day,
    "month": lambda of: of.month,
    "year": lambda of: of.year,
    "iso8601": lambda of: of.isoformat(),
    "plus": later_date,
    "ceil": of_kind(lambda of: -floor(-of), lambda part: -floor(-part)),
    "floor": of_kind(floor, floor),
    "round": of_kind(rounded, lambda part: floor(part + Fraction(1, 2))),
    "in": lambda of, unit: whole(share(of, unit)),
    "div": divided,
    "exact": decimal_text,
    "prometheus": prometheus,
    "ratio": lambda of: Ratio(Fraction(of)),
    "decimal": lambda of: of.of_one,
    "percent": lambda of: of.of_one * 100,
    "text": lambda of, *places: fixed(of, *places) if places else literal(of),
    "days": lambda of: whole(share(of, Duration(DURATIONS["d"]))),
    "hours": lambda of: whole(share(of, Duration(DURATIONS["h"]))),
    "minutes": lambda of: whole(share(of, Duration(DURATIONS["min"]))),
    "seconds": lambda of: whole(share(of, Duration(DURATIONS["s"]))),
    "milliseconds": lambda of: whole(share(of, Duration(DURATIONS["ms"]))),
    "go": go,
    "bytes": lambda of: of.bytes,
    "kubernetes": kubernetes,
    "next": moved,
    "cidr": lambda of: Cidr(of, 32),
    "is_private": lambda of: any(of in ipaddress.ip_network(range) for range in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")),
    "has_number": lambda of: of.first > 0,
    "is_range": lambda of: of.first != of.last,
    "protocol": lambda of: of.protocol,
    "cut": lambda of, count: of[:some(count)],
    "ends_with": lambda of, part: of.endswith(part),
    "starts_with": lambda of, part: of.startswith(part),
    "lines": lines,
    "lower": in_ascii(str.lower),
    "upper": in_ascii(str.upper),
    "pad_left": padded,
    "replace": replaced,
    "slug": slug,
    "split": split,
    "trim": trimmed,
    "without_prefix": lambda of, part: of.removeprefix(part),
    "without_suffix": lambda of, part: of.removesuffix(part),
}
