"""What an expression is, by the pages of the reference alone. When a value is known, it does not ask: a later one is looked up
among those that the test itself gave to Terraform.
"""

import base64
import datetime
import hashlib
import ipaddress
import json
import re
import urllib.parse
from fractions import Fraction

from methods import METHODS
from scalars import Case, Cidr, Duration, Port, Ratio, Size, Unspecified, literal

INTS = range(-(2**63), 2**63)
LONGEST = 4000


class Keyed(list):
    """The pairs of a list whose elements say a key."""


class Text(str):
    """A text of JSON: members and values are what the reference says, how a letter is escaped is not."""


def text_of(value):
    """What stands in `${…}`: texts, ints, bools, addresses, ranges, dates."""
    if isinstance(value, (Fraction, Duration, Size, Ratio, Port, list, dict, Case)) or value is None:
        raise Unspecified("has no one form as a text")
    return exact(value) if isinstance(value, str) else literal(value)


def plain(value):
    """A value as JSON holds it."""
    match value:
        case dict():
            return {key: plain(value[key]) for key in sorted(value) if value[key] is not None}
        case list():
            return [plain(element) for element in value]
        case Fraction():
            raise Unspecified("how a decimal is written in JSON")
        case bool() | int() | str():
            return value
        case _:
            return text_of(value)


def order(value):
    """What two values are compared by."""
    if isinstance(value, (ipaddress.IPv4Address, Port, Case, Cidr, list, dict)):
        raise Unspecified("has no order")
    return value


def checked(value):
    """Ints have 64 bits; what would be longer than the tests want is drawn again."""
    if isinstance(value, int) and not isinstance(value, bool) and value not in INTS:
        raise Unspecified("overflow")
    if isinstance(value, (Duration, Size)) and (value.nanoseconds if isinstance(value, Duration) else value.bytes) not in INTS:
        raise Unspecified("overflow")
    if isinstance(value, (str, list, dict)) and len(value) > LONGEST:
        raise Unspecified("long")
    return value


class Evaluator:
    """`types` are the declared ones, `functions` a name's parameters and body, `names` the values of all other names."""

    def __init__(self, types, functions, names):
        self.types, self.functions, self.names = types, functions, names

    def of(self, node, local=None):
        return checked(getattr(self, node[0])(local or {}, *node[1:]))

    def lit(self, _, value):
        return value

    def none(self, _):
        return None

    def text(self, local, parts):
        return "".join(part if isinstance(part, str) else text_of(self.of(part, local)) for part in parts)

    def var(self, local, name):
        return local[name] if name in local else self.names[name]

    def field(self, local, of, name):
        return self.of(of, local)[name]

    def qfield(self, local, of, name):
        value = self.of(of, local)
        return None if value is None else value[name]

    def index(self, local, of, key):
        value, key = self.of(of, local), self.of(key, local)
        try:
            if isinstance(value, list) and key < 0:
                raise Unspecified("a negative position")
            return value[key]
        except (KeyError, IndexError):
            raise Unspecified("no such element") from None

    def method(self, local, of, name, arguments, maybe=False):
        value = self.of(of, local)
        if maybe and value is None:
            return None
        return METHODS[name](exact(value), *[self.of(argument, local) for argument in arguments])

    def choose(self, local, condition, then, otherwise):
        return self.of(then if self.of(condition, local) else otherwise, local)

    def chosen_later(self, local, condition, then, otherwise):
        """Terraform chooses: both sides must have a value."""
        sides = self.of(otherwise, local), self.of(then, local)
        return sides[self.of(condition, local)]

    def negate(self, local, of):
        return not self.of(of, local)

    def minus(self, local, of):
        return -self.of(of, local)

    def bin(self, local, operator, left, right):
        left = self.of(left, local)
        match operator:
            case "and":
                return left and self.of(right, local)
            case "or":
                return left or self.of(right, local)
            case "??":
                return left if left is not None else self.of(right, local)
        return self.computed(operator, exact(left), exact(self.of(right, local)))

    def computed(self, operator, left, right):
        match operator:
            case "==":
                return left == right
            case "!=":
                return left != right
            case "<":
                return order(left) < order(right)
            case "<=":
                return order(left) <= order(right)
            case ">":
                return order(left) > order(right)
            case ">=":
                return order(left) >= order(right)
            case "in":
                return left in right.network if isinstance(right, Cidr) else left in right
            case "..":
                if left > right:
                    raise Unspecified("an empty range")
                return range(left, right + 1)
            case "++":
                return {**left, **right} if isinstance(left, dict) else left + right
        return self.reckoned(operator, left, right)

    def reckoned(self, operator, left, right):
        if isinstance(left, datetime.date):
            return METHODS["plus"](left, right)
        unit = type(left) if isinstance(left, (Duration, Size, Ratio)) else None
        amounts = [value if isinstance(value, (int, Fraction)) else next(iter(vars(value).values())) for value in (left, right)]
        same = type(left) is type(right)
        a, b = amounts
        match operator:
            case "+":
                result = a + b
            case "-":
                result = a - b
            case "*":
                result = a * b
            case "/" | "div" | "mod" if b == 0:
                raise Unspecified("division by nothing")
            case "/":
                result = Fraction(a) / b
                if unit and same:
                    unit = None
                literal(result)
            case "div" | "mod" if a < 0 or b < 0:
                raise Unspecified("which way a negative quotient is cut")
            case "div":
                result = a // b
            case "mod":
                result = a % b
        if unit is None:
            return result
        if unit is not Ratio:
            if Fraction(result).denominator != 1:
                raise Unspecified("no whole number of the smallest unit")
            result = int(result)
        return unit(result)

    def match(self, local, of, arms):
        value = self.of(of, local)
        for patterns, body in arms:
            for pattern in patterns:
                parts = self.fits(pattern, value)
                if parts is not None:
                    return self.of(body, {**local, **parts})
        raise Unspecified("no arm")

    @staticmethod
    def fits(pattern, value):
        """The parts that a pattern names, where it fits."""
        if pattern == "_":
            return {}
        if isinstance(value, Case):
            name, _, inside = pattern.partition("(")
            if name != value.name:
                return None
            names = [part.strip() for part in inside.rstrip(")").split(",")] if inside else []
            return {name: part for name, part in zip(names, value.parts) if name != "_"}
        return {} if pattern == (f'"{value}"' if isinstance(value, str) else literal(value)) else None

    def steps(self, local, names, source, condition):
        """The local names of each round of a loop: positions and elements of a list, keys and values of a map in the keys' order."""
        value = self.of(source, local)
        if isinstance(value, dict):
            rounds = [(key, value[key]) for key in sorted(value)]
        else:
            rounds = list(enumerate(value))
        for first, second in rounds:
            inner = {**local, names[0]: first, names[1]: second} if len(names) == 2 else {**local, names[0]: second}
            if condition is None or self.of(condition, inner):
                yield inner

    def list(self, local, elements):
        out = []
        for element in elements:
            match element:
                case ("one", value):
                    out.append(self.of(value, local))
                case ("spread", value):
                    out += self.of(value, local)
                case ("when", condition, value):
                    out += [self.of(value, local)] if self.of(condition, local) else []
                case ("each", names, source, condition, value):
                    out += [self.of(value, inner) for inner in self.steps(local, names, source, condition)]
                case ("pairs", first, source, second, other, value):
                    for outer in self.steps(local, [first], source, None):
                        out += [self.of(value, inner) for inner in self.steps(outer, [second], other, None)]
        return out

    def by(self, local, names, source, key, value):
        """Pairs of key and element."""
        return Keyed((self.of(key, inner), self.of(value, inner)) for inner in self.steps(local, names, source, None))

    def map(self, local, entries):
        out = {}
        for entry in entries:
            given = self.given(local, entry)
            if set(given) & set(out):
                raise Unspecified("a key twice")
            out.update(given)
        return out

    def given(self, local, entry):
        match entry:
            case ("one", name, value):
                return {name: self.of(value, local)}
            case ("computed", key, value):
                return {self.of(key, local): self.of(value, local)}
            case ("maybe", name, value):
                value = self.of(value, local)
                return {} if value is None else {name: value}
            case ("spread", value):
                return self.of(value, local)
            case ("when", condition, inner):
                return self.given(local, inner) if self.of(condition, local) else {}
            case ("each", names, source, condition, key, value, gathered):
                return self.gathered(local, names, source, condition, key, value, gathered)

    def gathered(self, local, names, source, condition, key, value, gathered):
        out = {}
        for inner in self.steps(local, names, source, condition):
            at, element = self.of(key, inner), self.of(value, inner)
            if gathered:
                out.setdefault(at, []).append(element)
            elif at in out:
                raise Unspecified("a key twice")
            else:
                out[at] = element
        return out

    def record(self, local, name, entries):
        """A record is completed by its type: what is left out gets its default, what may be absent is."""
        given = self.map(local, [entry for entry in entries if entry[0] != "spread"])
        for entry in entries:
            if entry[0] == "spread":
                spread = {key: value for key, value in self.of(entry[1], local).items() if value is not None}
                if set(spread) & set(given):
                    raise Unspecified("a field twice")
                given.update(spread)
        return {field: given[field] if field in given else default for field, (_, default) in self.types[name].items()}

    def changed(self, local, of, changes):
        out = dict(self.of(of, local))
        for path, value in changes:
            at = out
            for step in path[:-1]:
                at[step] = dict(at[step])
                at = at[step]
            at[path[-1]] = self.of(value, local)
        return out

    def case(self, local, name, parts):
        return Case(name, tuple(self.of(part, local) for part in parts))

    def call(self, local, name, arguments, named=()):
        values = [self.of(argument, local) for argument in arguments]
        if name in self.functions:
            parameters, body = self.functions[name]
            inner = {parameter: default for parameter, default in parameters}
            inner.update({parameter: value for (parameter, _), value in zip(parameters, values)})
            inner.update({parameter: self.of(value, local) for parameter, value in named})
            return self.of(body, inner)
        return BUILT_INS[name](*values)


def extreme(choose):
    def of(elements):
        if not elements:
            return None
        return choose(elements, key=lambda pair: order(pair[0]))[1] if isinstance(elements, Keyed) else choose(elements, key=order)
    return of


def count(of):
    if isinstance(of, list) and of and isinstance(of[0], bool):
        return sum(of)
    if isinstance(of, Keyed):
        return {key: sum(1 for other, _ in of if other == key) for key, _ in of}
    return len(of)


def distinct(elements):
    seen, out = [], []
    for key, value in elements if isinstance(elements, Keyed) else [(element, element) for element in elements]:
        if key not in seen:
            seen.append(key)
            out.append(value)
    return out


def group_by(pairs):
    out = {}
    for key, value in pairs:
        out.setdefault(key, []).append(value)
    return out


def total(values):
    if isinstance(values, Keyed):
        return {key: total(group) for key, group in group_by(values).items()}
    if not values:
        raise Unspecified("nothing of which type")
    if isinstance(values[0], (Duration, Size, Ratio)):
        return type(values[0])(sum(next(iter(vars(value).values())) for value in values))
    return sum(values)


def ordered(pairs):
    """Each behind those that its key names, and else in their order."""
    left, out = list(pairs), []
    while left:
        waits = {value for _, value in left}
        ready = next((pair for pair in left if not waits & set(pair[0]) - {pair[1]}), None)
        if ready is None:
            raise Unspecified("a circle")
        left.remove(ready)
        out.append(ready[1])
    return out


def zipped(left, right):
    if len(left) != len(right):
        raise Unspecified("lists of two lengths")
    return [{"left": one, "right": other} for one, other in zip(left, right)]


def as_json(value):
    return Text(json.dumps(plain(value), ensure_ascii=False, separators=(",", ":"), sort_keys=True))


def parse_json(text):
    def member(value):
        return value if isinstance(value, str) else as_json_of(value)
    value = json.loads(text, parse_float=Fraction, parse_int=int)
    return {key: member(inner) for key, inner in value.items() if inner is not None}


def as_json_of(value):
    if isinstance(value, (list, dict)):
        return str(exact(as_json(value)))
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


# Letters of JSON that are written in one way alone.
PLAIN_JSON = re.compile(r"""([ -%'-;=?-\[\]-~]|\\["\\nrt])*""")


def exact(value):
    """What takes the bytes of a text takes none of a JSON whose letters may be escaped in two ways."""
    if isinstance(value, Text) and not PLAIN_JSON.fullmatch(value):
        raise Unspecified("how letters are escaped in JSON")
    return value


def integer(value):
    if isinstance(value, str):
        return int(value)
    if Fraction(value).denominator != 1:
        raise Unspecified("a decimal with places")
    return int(value)


def fingerprint(value):
    if not isinstance(value, str):
        value = as_json(value)
    return hashlib.sha256(exact(value).encode()).hexdigest()


BUILT_INS = {
    "abs": lambda value: type(value)(abs(next(iter(vars(value).values())))) if isinstance(value, (Duration, Size, Ratio)) else abs(value),
    "any": any,
    "every": all,
    "base64": lambda text: base64.b64encode(exact(text).encode()).decode(),
    "compact": lambda elements: [element for element in elements if element is not None],
    "count": count,
    "decimal": lambda value: Fraction(value),
    "digest": lambda text: hashlib.sha256(exact(text).encode()).hexdigest()[:16],
    "distinct": distinct,
    "enumerate": lambda elements: [{"index": index, "value": value} for index, value in enumerate(elements)],
    "fingerprint": fingerprint,
    "first": lambda elements: elements[0] if elements else None,
    "flatten": lambda lists: [element for inner in lists for element in inner],
    "group_by": group_by,
    "int": integer,
    "ip": lambda value: ipaddress.ip_address(value),
    "cidr": lambda value: value if isinstance(value, Cidr) else Cidr(ipaddress.ip_address(value.split("/")[0]), int(value.split("/")[1])),
    "join": lambda elements, separator: separator.join(text_of(element) for element in elements),
    "json": as_json,
    "keys": lambda of: sorted(of),
    "last": lambda elements: elements[-1] if elements else None,
    "max": extreme(max),
    "min": extreme(min),
    "ordered": ordered,
    "parse_json": parse_json,
    "reverse": lambda elements: elements[::-1],
    "sort": lambda elements: sorted(elements, key=order),
    "sort_by": lambda pairs: [value for _, value in sorted(pairs, key=lambda pair: order(pair[0]))],
    "sum": total,
    "tcp": lambda of: Port("tcp", of, of) if isinstance(of, int) else Port("tcp", of[0], of[-1]),
    "udp": lambda of: Port("udp", of, of) if isinstance(of, int) else Port("udp", of[0], of[-1]),
    "text": text_of,
    "url_encode": lambda text: urllib.parse.quote(exact(text), safe="-._~"),
    "values": lambda of: [of[key] for key in sorted(of)],
    "zip": zipped,
}
