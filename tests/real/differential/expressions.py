"""Random expressions of a wanted type."""

from fractions import Fraction

from scalars import DURATIONS, SIZES, Duration, Ratio, Size

ORDERED = ["int", "decimal", "string", "duration", "size", "date", "ratio"]
SUMS = ["int", "decimal", "size", "duration", "ratio"]
KEYS = ["a", "b", "c1", "key", "z_9", "B", "a b"]
# What stands in `${…}` as it is.
SAID = ["string", "string", "int", "bool", "ip", "cidr", "date"]


def lit(value):
    return ("lit", value)


class Expressions:
    def __init__(self, program):
        self.p = program
        self.pick, self.chance, self.one = program.pick, program.chance, program.one

    def of(self, kind, depth, later, typed=False):
        """An expression of this type; none where nothing of it can be said here."""
        if depth <= 0 or self.chance(0.12):
            return self.leaf(kind, later, typed)
        if kind == "string" and later and self.chance(0.1) and (chosen := self.later_choice(kind, depth - 1)):
            return chosen
        if self.chance(0.4) and (node := self.anywhere(kind, depth - 1, later, typed)):
            return node
        name = kind if isinstance(kind, str) else kind[0]
        return getattr(self, f"of_{name}")(kind, depth - 1, later, typed) or self.leaf(kind, later, typed)

    def names(self, kind, later):
        return [name for name, of, is_later in self.p.scope if of == kind and (later or not is_later)]

    def leaf(self, kind, later, typed):
        names = self.names(kind, later)
        if names and self.chance(0.65):
            return self.named(self.one(names))
        match kind:
            case str():
                return lit(self.p.scalar(kind))
            case ("list", of):
                elements = [self.leaf(of, later, typed) for _ in range(self.pick.randint(0 if typed else 1, 3))]
                return None if None in elements else ("list", [("one", element) for element in elements])
            case ("map", of):
                keys = self.pick.sample(KEYS, self.pick.randint(0 if typed else 1, 3))
                values = [self.leaf(of, later, typed) for _ in keys]
                return None if None in values else self.as_map([("one", key, value) for key, value in zip(keys, values)], typed)
            case ("maybe", of):
                return (("none",) if self.chance(0.4) else self.leaf(of, later, typed)) if typed else self.absent(of, later)
            case ("record", name):
                return self.record(name, 0, later) if typed else self.names_or_none(kind, later)
            case ("words", name):
                return lit(self.one(self.p.words[name])) if typed else self.names_or_none(kind, later)
            case ("cases", name):
                if not typed:
                    return self.names_or_none(kind, later)
                case = self.one(list(self.p.cases[name]))
                return ("case", case, [self.leaf(part, False, True) for part in self.p.cases[name][case]])

    def as_map(self, entries, typed):
        """Braces whose type nothing says are a record; a loop over pairs makes a map."""
        if typed:
            return ("map", entries)
        pair = self.p.fresh("e")
        pairs = [("one", ("map", [("one", "k", lit(key)), ("one", "v", value)])) for _, key, value in entries]
        return ("map", [("each", [pair], ("list", pairs), None, ("field", ("var", pair), "k"), ("field", ("var", pair), "v"), False)])

    def named(self, name):
        return ("var", name)

    def names_or_none(self, kind, later):
        names = self.names(kind, later)
        return self.named(self.one(names)) if names else None

    def named_map(self, of, later):
        """A map that has a name: of braces that stand there themselves `values` and `keys` do not tell the type yet."""
        return self.names_or_none(("map", of), later)

    def absent(self, of, later):
        """What may be absent, without a type that says so: the first of a list, an entry of a map, a field."""
        listed = self.of(("list", of), 1, later)
        mapped = self.of(("map", of), 1, later)
        ways = []
        if listed:
            ways += [("call", "first", [listed]), ("method", listed, "get", [lit(self.pick.randint(0, 3))]), ("call", "last", [listed]), ("method", listed, "first", [])]
        if mapped:
            ways.append(("method", mapped, "get", [lit(self.one(["a", "b", "zz"]))]))
        return self.one(ways) if ways else None

    def record(self, name, depth, later):
        entries = []
        bases = self.names(("record", self.p.bases.get(name)), later)
        spread = bases and self.chance(0.6)
        if spread:
            entries.append(("spread", self.named(self.one(bases))))
        for field, (kind, _) in self.p.types[name].items():
            if spread and field in self.p.types[self.p.bases[name]]:
                continue
            must = field in self.p.must[name]
            if not must and self.chance(0.4):
                continue
            value = self.of(kind, depth, later and (name, field) in self.p.later_fields, True)
            if value is None:
                if must:
                    return None
                continue
            if kind[0] == "maybe" and self.chance(0.5) and value[0] != "none":
                entries.append(("maybe", field, value) if value[0] != "lit" else ("one", field, value))
            else:
                entries.append(("one", field, value))
        return ("record", name, entries)

    # Of any type.

    def anywhere(self, kind, depth, later, typed):
        match self.pick.randint(0, 8):
            case 0:
                condition = self.of("bool", depth, False)
                then, otherwise = self.of(kind, depth, later, typed), self.of(kind, depth, later, typed)
                return ("choose", condition, then, otherwise) if condition and then and otherwise else None
            case 1:
                if isinstance(kind, tuple) and kind[0] == "maybe":
                    return None
                maybe, other = self.maybe(kind, depth, later), self.of(kind, depth, later)
                return ("bin", "??", maybe, other) if maybe and other else None
            case 2:
                mapped = self.of(("map", kind), depth, later) if kind[0] != "maybe" else None
                return ("index", mapped, lit(self.one(["a", "b", "key"]))) if mapped else None
            case 3:
                listed = self.of(("list", kind), depth, later) if kind[0] != "maybe" else None
                return ("index", listed, lit(self.pick.randint(0, 2))) if listed else None
            case 4:
                return self.field(kind, later)
            case 5:
                return self.matched(kind, depth, later, typed)
            case 6:
                return self.called(kind, depth)
            case 7:
                return self.narrowed(kind, depth, later, typed)
            case 8:
                names = self.names(kind, later)
                return self.named(self.one(names)) if names else None

    def maybe(self, kind, depth, later):
        """What may be absent, by its type or by how it was looked up."""
        names = self.names(("maybe", kind), later)
        if names and self.chance(0.5):
            return self.named(self.one(names))
        fields = [(name, field) for name, of, is_later in self.p.scope if of[0] == "record" and (later or not is_later) for field, (inner, _) in self.p.types[of[1]].items() if inner == ("maybe", kind)]
        if fields and self.chance(0.6):
            name, field = self.one(fields)
            return ("field", self.named(name), field)
        through = [(of, field) for _, of, _ in self.p.scope if of[0] == "list" and of[1][0] == "record" for field, (inner, _) in self.p.types[of[1][1]].items() if inner == kind]
        if through and self.chance(0.6):
            of, field = self.one(through)
            listed = self.names_or_none(of, later)
            return ("qfield", ("call", "first", [listed]), field) if listed else None
        return self.absent(kind, later)

    def field(self, kind, later):
        ways = [(name, field) for name, of, is_later in self.p.scope if of[0] == "record" and (later or not is_later) for field, (inner, _) in self.p.types[of[1]].items() if inner == kind]
        if not ways:
            return None
        name, field = self.one(ways)
        return ("field", self.named(name), field)

    def matched(self, kind, depth, later, typed):
        arm = lambda: self.of(kind, depth, later, typed)
        cases = [(name, of[1]) for name, of, is_later in self.p.scope if of[0] == "cases"]
        words = [(name, of[1]) for name, of, is_later in self.p.scope if of[0] == "words"]
        if cases and self.chance(0.5):
            name, union = self.one(cases)
            arms = []
            for case, parts in self.p.cases[union].items():
                names = [self.p.fresh("m") for _ in parts]
                inside = [(part, of, False) for part, of in zip(names, parts)]
                value = self.within(inside, arm)
                if value is None:
                    return None
                used = self.p.uses(value)
                written = [part if part in used else "_" for part in names]
                arms.append(([case + (f"({', '.join(written)})" if parts else "")], value))
            return ("match", self.named(name), arms)
        if words and self.chance(0.6):
            name, of = self.one(words)
            arms = [([self.word(word)], arm()) for word in self.p.words[of]]
            subject = self.named(name)
        else:
            of = self.one(["string", "int"])
            subject = self.of(of, depth, False)
            values = {self.p.scalar(of) for _ in range(2)} if of == "int" else set(self.pick.sample(["small", "web", "", "a.b"], 2))
            arms = [([str(value) if of == "int" else self.word(value)], arm()) for value in sorted(values)] + [(["_"], arm())]
        return ("match", subject, arms) if subject and all(value for _, value in arms) else None

    @staticmethod
    def word(text):
        return f'"{text}"'

    def within(self, names, draw):
        """Draws with some more names in scope."""
        kept = self.p.scope
        self.p.scope = kept + names
        try:
            return draw()
        finally:
            self.p.scope = kept

    def called(self, kind, depth):
        ways = [name for name, (_, of, _) in self.p.signatures.items() if of == kind]
        if not ways:
            return None
        name = self.one(ways)
        parameters, _, optional = self.p.signatures[name]
        given = parameters[:-1] if optional and self.chance(0.5) else parameters
        values = [self.of(of, depth, False, True) for _, of in given]
        if None in values:
            return None
        named = [(given[-1][0], values[-1])] if values and self.chance(0.3) else []
        return ("call", name, values[:-1] if named else values, named)

    def narrowed(self, kind, depth, later, typed):
        names = [(name, of) for name, of, is_later in self.p.scope if of[0] == "maybe" and (later or not is_later)]
        if not names:
            return None
        name, of = self.one(names)
        stage = next(is_later for other, _, is_later in self.p.scope if other == name)
        kept = [entry for entry in self.p.scope if entry[0] != name]
        whole, self.p.scope = self.p.scope, kept + [(name, of[1], stage)]
        then = self.of(kind, depth, later, typed)
        self.p.scope = kept
        otherwise = self.of(kind, depth, later, typed)
        self.p.scope = whole
        if then is None or otherwise is None:
            return None
        present = self.chance(0.6)
        condition = ("bin", "!=" if present else "==", self.named(name), ("none",))
        return ("choose", condition, *((then, otherwise) if present else (otherwise, then)))

    def later_choice(self, kind, depth=1):
        """Chosen by what Terraform knows."""
        condition = self.later_condition()
        then, otherwise = self.of(kind, depth, True), self.of(kind, depth, True)
        return ("chosen_later", condition, then, otherwise) if condition and then and otherwise else None

    def later_condition(self):
        """Whether a text that is later is another; none where nothing is."""
        names = [name for name, of, is_later in self.p.scope if of == "string" and is_later and name in self.p.pool]
        if not names:
            return None
        name = self.one(names)
        value = self.p.pool[name] if self.chance(0.5) else self.p.letters()
        if self.chance(0.3):
            return ("bin", "==", self.of("string", 1, True), self.named(name))
        return ("bin", self.one(["==", "==", "!="]), self.named(name), lit(value))

    # Of each type.

    def of_string(self, _, depth, later, typed):
        known = lambda: self.of("string", depth, False)
        text = lambda: self.of("string", depth, later)
        ways = [
            lambda: self.interpolated(depth, later), lambda: self.interpolated(depth, later), lambda: self.interpolated(depth, later),
            lambda: ("bin", "++", text(), text()),
            lambda: ("method", text(), "lower", []),
            lambda: ("method", known(), "upper", []),
            lambda: ("method", known(), "trim", []),
            lambda: ("method", known(), "replace", [lit(self.one(["a", ".", "$", "\n", "é"])), known()]),
            lambda: ("method", known(), "cut", [lit(self.pick.randint(0, 5))]),
            lambda: ("method", known(), "pad_left", [lit(self.pick.randint(0, 9)), lit(self.one(["0", " ", "é"]))]),
            lambda: ("method", known(), self.one(["without_prefix", "without_suffix"]), [lit(self.one(["a", ".", ""]))]),
            lambda: ("method", known(), "slug", []),
            lambda: ("call", "join", [self.of(("list", self.one(SAID)), depth, later), lit(self.one([",", "", " $ ", "\n"]))]),
            lambda: ("call", "text", [self.of(self.one(SAID), depth, later)]),
            lambda: ("call", "base64", [text()]),
            lambda: ("call", "url_encode", [text()]),
            lambda: ("call", "fingerprint", [text()]),
            lambda: ("call", "digest", [known()]),
            lambda: ("call", "json", [self.of(self.jsonable(), depth, later)]),
            lambda: ("call", "json", [self.of(self.jsonable(), depth, later)]),
            lambda: ("method", self.of("decimal", depth, False), "text", [lit(self.pick.randint(0, 4))]),
            lambda: ("method", self.of("decimal", depth, False), "exact", []),
            lambda: ("method", self.of("size", depth, False), "kubernetes", []),
            lambda: ("method", self.of("duration", depth, False), self.one(["go", "prometheus"]), []),
            lambda: ("method", self.of("port", depth, False), self.one(["text", "protocol"]), []),
            lambda: ("method", self.of("date", depth, False), "iso8601", []),
            lambda: self.parsed(depth, later),
        ]
        return self.whole(self.one(ways)())

    @staticmethod
    def whole(node):
        """Nothing, where a part of it could not be drawn."""
        def sound(part):
            if isinstance(part, tuple) and part and part[0] == "each":
                # A loop may have no condition.
                return all(sound(inner) for at, inner in enumerate(part) if at != 3)
            return part is not None and (not isinstance(part, (tuple, list)) or all(sound(inner) for inner in part))
        return node if sound(node) else None

    def interpolated(self, depth, later):
        parts = []
        for _ in range(self.pick.randint(1, 4)):
            parts.append(self.p.letters() if self.chance(0.5) else self.of(self.one(SAID), depth, later))
        # Two texts side by side are one: `$` and `{` of two parts would be written as an interpolation.
        joined = []
        for part in parts:
            if isinstance(part, str) and joined and isinstance(joined[-1], str):
                joined[-1] += part
            else:
                joined.append(part)
        return ("text", joined)

    def jsonable(self):
        scalar = self.one(["string", "string", "int", "bool", "ip", "date", "cidr"])
        return self.one([scalar, ("list", scalar), ("map", scalar), ("map", ("list", scalar)), ("list", ("map", scalar))])

    def parsed(self, depth, later):
        if self.chance(0.5):
            # Members of several types.
            values = [self.of(self.one(["string", "string", "int", "bool", ("list", "int")]), depth, later) for _ in range(3)]
            written = ("map", [("one", key, value) for key, value in zip(["a", "b", "key"], values)])
            return ("index", ("call", "parse_json", [("call", "json", [written])]), lit(self.one(["a", "b", "key"]))) if all(values) else None
        inner = self.of(("map", self.one(["string", "int", "bool", ("list", "int"), ("map", "bool")])), depth, later)
        return ("index", ("call", "parse_json", [("call", "json", [inner])]), lit(self.one(["a", "b", "key"]))) if inner else None

    def of_int(self, _, depth, later, typed):
        number = lambda: self.of("int", depth, False)
        anything = self.one(["string", "int"])
        listed = lambda: self.of(("list", anything), depth, True)
        ways = [
            lambda: ("bin", self.one(["+", "-", "*", "div", "mod"]), number(), number()),
            lambda: ("bin", self.one(["+", "-", "*"]), number(), number()),
            lambda: ("minus", number()),
            lambda: ("method", self.of("string", depth, False), "length", []),
            lambda: ("method", listed(), "length", []),
            lambda: ("call", "count", [listed()]),
            lambda: ("call", "count", [self.of(("list", "bool"), depth, False)]),
            lambda: ("call", "count", [self.of(("map", anything), depth, True)]),
            lambda: ("call", "sum", [self.of(("list", "int"), depth, False)]),
            lambda: ("call", "abs", [number()]),
            lambda: ("method", self.of("port", depth, False), self.one(["first", "last"]), []),
            lambda: ("method", self.of("cidr", depth, False), self.one(["prefix", "size"]), []),
            lambda: ("method", self.of("date", depth, False), self.one(["day", "month", "year"]), []),
            lambda: ("method", self.of("decimal", depth, False), self.one(["ceil", "floor"]), []),
            lambda: ("method", self.of("duration", depth, False), self.one(["floor", "ceil", "round"]), [lit(Duration(self.one([*DURATIONS.values()])))]),
            lambda: ("method", self.of("size", depth, False), self.one(["floor", "ceil", "round"]), [lit(Size(self.one([*SIZES.values()])))]),
            lambda: ("method", self.of("size", depth, False), "bytes", []),
            lambda: ("method", self.of("duration", depth, False), self.one(["seconds", "minutes", "milliseconds"]), []),
            lambda: ("call", "int", [("call", "text", [number()])]),
        ]
        return self.whole(self.one(ways)())

    def of_decimal(self, _, depth, later, typed):
        number = lambda: self.of(self.one(["decimal", "decimal", "int"]), depth, False)
        decimal = lambda: self.of("decimal", depth, False)
        ways = [
            lambda: ("bin", self.one(["+", "-", "*"]), decimal(), number()),
            lambda: ("bin", "/", number(), lit(self.one([1, 2, 4, 5, 8, Fraction(1, 2), Fraction(5, 4)]))),
            lambda: ("method", decimal(), "div", [number(), lit(self.pick.randint(0, 5))]),
            lambda: ("method", decimal(), "round", [lit(self.pick.randint(0, 3))]),
            lambda: ("method", self.of("ratio", depth, False), self.one(["decimal", "percent"]), []),
            lambda: ("call", "decimal", [self.of("int", depth, False)]),
            lambda: ("call", "sum", [self.of(("list", "decimal"), depth, False)]),
            lambda: ("call", "abs", [decimal()]),
        ]
        return self.whole(self.one(ways)())

    def of_bool(self, _, depth, later, typed):
        kind = self.one(ORDERED)
        text = lambda: self.of("string", depth, False)
        some = lambda kind: self.of(kind, depth, False)
        equal = self.one(["string", "int", "ip", "date", "duration", ("list", "int"), ("map", "string"), "bool"])
        ways = [
            lambda: ("bin", self.one(["<", "<=", ">", ">="]), some(kind), some(kind)),
            lambda: ("bin", self.one(["==", "!="]), some(equal), some(equal)),
            lambda: ("bin", self.one(["and", "or"]), some("bool"), some("bool")),
            lambda: ("negate", some("bool")),
            lambda: ("method", text(), self.one(["contains", "starts_with", "ends_with"]), [lit(self.one(["a", "", "$", "é", "."]))]),
            lambda: ("method", text(), "is_empty", []),
            lambda: ("bin", "in", some("int"), ("list", [("one", some("int")) for _ in range(3)])),
            lambda: ("bin", "in", some("int"), ("bin", "..", lit(self.pick.randint(0, 5)), lit(self.pick.randint(5, 500)))),
            lambda: ("bin", "in", some("ip"), some("cidr")),
            lambda: ("bin", "in", lit(self.one(["a", "b", "zz"])), self.of(("map", "string"), depth, True)),
            lambda: ("method", self.of(("map", "int"), depth, False), "has", [lit(self.one(["a", "key", "B"]))]),
            lambda: ("call", self.one(["any", "every"]), [some(("list", "bool"))]),
            lambda: ("method", self.of(("list", "string"), depth, True), "is_empty", []),
            lambda: ("method", some("cidr"), "overlaps", [some("cidr")]),
            lambda: ("method", some("port"), self.one(["is_range", "has_number"]), []),
            lambda: ("method", some("ip"), "is_private", []),
            lambda: self.present(),
        ]
        return self.whole(self.one(ways)())

    def present(self):
        names = [name for name, of, _ in self.p.scope if of[0] == "maybe"]
        return ("bin", self.one(["==", "!="]), self.named(self.one(names)), ("none",)) if names else None

    def amounts(self, kind, depth):
        """Sums and shares of sizes, durations and ratios."""
        some = lambda: self.of(kind, depth, False)
        ways = [
            lambda: ("bin", self.one(["+", "-"]), some(), some()),
            lambda: ("call", "sum", [self.of(("list", kind), depth, False)]),
            lambda: ("bin", "??", ("call", self.one(["max", "min"]), [self.of(("list", kind), depth, False)]), some()),
        ]
        if kind != "ratio":
            ways += [lambda: ("bin", "*", some(), lit(self.pick.randint(1, 5))), lambda: ("bin", "/", some(), lit(self.one([1, 2, 4])))]
        return self.whole(self.one(ways)())

    def of_duration(self, _, depth, later, typed):
        return self.amounts("duration", depth)

    def of_size(self, _, depth, later, typed):
        return self.amounts("size", depth)

    def of_ratio(self, _, depth, later, typed):
        return self.amounts("ratio", depth)

    def of_ip(self, _, depth, later, typed):
        cidr = lambda: self.of("cidr", depth, False)
        ways = [
            lambda: ("method", cidr(), self.one(["address", "first", "last", "mask"]), []),
            lambda: ("method", cidr(), "host", [lit(self.pick.randint(0, 3))]),
            lambda: ("method", cidr(), "host", [("minus", lit(self.pick.randint(1, 3)))]),
            lambda: ("method", self.of("ip", depth, False), "next", [lit(self.pick.randint(0, 300))]),
            lambda: ("call", "ip", [("call", "text", [self.of("ip", depth, False)])]),
        ]
        return self.whole(self.one(ways)())

    def of_cidr(self, _, depth, later, typed):
        cidr = lambda: self.of("cidr", depth, False)
        ways = [
            lambda: ("method", cidr(), "network", []),
            lambda: ("method", cidr(), "subnet", [lit(self.pick.randint(0, 4)), lit(self.pick.randint(0, 9))]),
            lambda: ("method", self.of("ip", depth, False), "cidr", []),
            lambda: ("call", "cidr", [("call", "text", [cidr()])]),
        ]
        return self.whole(self.one(ways)())

    def of_port(self, _, depth, later, typed):
        return ("call", self.one(["tcp", "udp"]), [lit(self.pick.randint(1, 60000))])

    def of_date(self, _, depth, later, typed):
        date, days = self.of("date", depth, False), lit(Duration(self.pick.randint(0, 400) * DURATIONS["d"]))
        return ("method", date, "plus", [days]) if self.chance(0.5) else ("bin", "+", date, days)

    def of_list(self, kind, depth, later, typed):
        of = kind[1]
        same = lambda: self.of(kind, depth, later)
        ways = [lambda: self.elements(of, depth, later, typed)] * 4
        ways += [
            lambda: ("bin", "++", same(), same()),
            lambda: ("method", same(), self.one(["take", "drop"]), [lit(self.pick.randint(0, 3))]),
            lambda: ("call", "reverse", [same()]),
            lambda: ("call", "values", [self.named_map(of, later)]),
            lambda: ("call", "flatten", [self.of(("list", kind), depth, later)]),
        ]
        if of[0] not in ("record", "cases", "words", "maybe"):
            ways.append(lambda: ("call", "distinct", [self.of(kind, depth, False)]))
        if of in ORDERED:
            ways.append(lambda: ("call", "sort", [self.of(kind, depth, False)]))
        if of == "string":
            ways += [
                lambda: ("call", "keys", [self.named_map(self.one(["int", "string"]), True)]),
                lambda: ("method", self.of("string", depth, False), "split", [lit(self.one([",", " ", "a", "é"]))]),
                lambda: ("method", self.of("string", depth, False), "lines", []),
            ]
        ways.append(lambda: ("call", self.one(["sort_by", "distinct"]), [self.keyed(of, depth, later)]))
        return self.whole(self.one(ways)())

    def keyed(self, of, depth, later):
        source = self.one([of, "int", "string"])
        listed = self.of(("list", source), depth, False)
        name = self.p.fresh("e")
        inside = [(name, source, False)]
        key = self.within(inside, lambda: self.of(self.one(["int", "string"]), depth, False))
        value = self.within(inside, lambda: self.of(of, depth, later))
        return ("by", [name], listed, key, value) if listed and key and value else None

    def source(self, depth, later, two):
        """What a loop goes over, and the names of each round."""
        over = self.one(["list", "list", "map"])
        of = self.p.type(1, fields=True) if self.chance(0.5) else self.one(["string", "int"])
        known = {kind for _, kind, _ in self.p.scope if kind[0] == over and kind[1][0] != "maybe"}
        if known and self.chance(0.5):
            of = self.one(sorted(known, key=str))[1]
        node = self.of((over, of), depth, later)
        if node is None:
            return None
        stage = later and self.p.is_later(node)
        first, second = self.p.fresh("e"), self.p.fresh("e")
        if two or over == "map":
            return node, [first, second], [(first, "string" if over == "map" else "int", False), (second, of, stage)]
        return node, [second], [(second, of, stage)]

    def elements(self, of, depth, later, typed):
        out = []
        for _ in range(self.pick.randint(1, 3)):
            draw = self.pick.random()
            value = None
            if draw < 0.4:
                value = self.of(of, depth, later, typed)
                element = ("one", value)
            elif draw < 0.5:
                value = self.of(("list", of), depth, later)
                element = ("spread", value)
            elif draw < 0.65:
                condition = self.of("bool", depth, False)
                value = condition and self.of(of, depth, later, typed)
                element = ("when", condition, value)
            elif draw < 0.72 and (names := self.names(("maybe", of), later)):
                value = self.named(self.one(names))
                element = ("when", ("bin", "!=", value, ("none",)), value)
            elif draw < 0.8:
                value, element = self.pairs(of, depth, later, typed)
            else:
                value, element = self.each(of, depth, later, typed)
            if value is None:
                return None
            out.append(element)
        return ("list", out)

    def each(self, of, depth, later, typed):
        drawn = self.source(depth, later, self.chance(0.4))
        if drawn is None:
            return None, None
        node, names, inside = drawn
        condition = self.within(inside, lambda: self.of("bool", depth, False)) if self.chance(0.4) else None
        value = self.within(inside, lambda: self.of(of, depth, later, typed))
        return value, ("each", names, node, condition, value)

    def pairs(self, of, depth, later, typed):
        kinds = [self.one(["string", "int"]) for _ in range(2)]
        first, second = self.of(("list", kinds[0]), depth, False), self.of(("list", kinds[1]), depth, False)
        names = [self.p.fresh("e"), self.p.fresh("e")]
        value = self.within([(name, kind, False) for name, kind in zip(names, kinds)], lambda: self.of(of, depth, later, typed))
        if first is None or second is None:
            return None, None
        return value, ("pairs", names[0], first, names[1], second, value)

    def of_map(self, kind, depth, later, typed):
        of = kind[1]
        ways = [lambda: self.entries(of, depth, later, typed)] * 3
        ways += [
            lambda: ("bin", "++", self.of(kind, depth, later), self.of(kind, depth, later)),
            lambda: ("map", [self.each_entry(of, depth, later, typed)]),
        ]
        if of == "int":
            ways.append(lambda: ("call", "count", [self.by_text("int", depth)]))
        if of in SUMS:
            ways.append(lambda: ("call", "sum", [self.by_text(of, depth)]))
        if of[0] == "list":
            ways.append(lambda: ("call", "group_by", [self.by_text(of[1], depth)]))
        if of == "string":
            ways.append(lambda: ("call", "parse_json", [("call", "json", [self.of(("map", self.one(["string", "int", "bool"])), depth, False)])]))
        return self.whole(self.one(ways)())

    def by_text(self, of, depth):
        source = self.one(["int", "string"])
        listed = self.of(("list", source), depth, False)
        name = self.p.fresh("e")
        inside = [(name, source, False)]
        key = self.within(inside, lambda: self.of("string", depth, False))
        value = self.within(inside, lambda: self.of(of, depth, False))
        return ("by", [name], listed, key, value) if listed and key and value else None

    def entries(self, of, depth, later, typed):
        out = []
        for key in self.pick.sample(KEYS, self.pick.randint(1, 3)):
            value = self.of(of, depth, later, typed)
            if value is None:
                return None
            entry = ("one", key, value)
            draw = self.pick.random()
            if draw < 0.15 and (condition := self.of("bool", depth, False)):
                entry = ("when", condition, entry)
            elif draw < 0.3:
                entry = ("computed", self.of("string", depth, False), value)
            out.append(entry)
        plain = [entry for entry in out if entry[0] == "one"]
        return self.as_map(out if typed else plain, typed) if typed or plain else None

    def each_entry(self, of, depth, later, typed):
        drawn = self.source(depth, later, self.chance(0.4))
        if drawn is None:
            return None
        node, names, inside = drawn
        gathered = of[0] == "list" and self.chance(0.7)
        key = self.within(inside, lambda: self.of("string", depth, False))
        value = self.within(inside, lambda: self.of(of[1] if gathered else of, depth, later, typed))
        return ("each", names, node, None, key, value, gathered) if key and value else None

    def of_maybe(self, kind, depth, later, typed):
        if typed and self.chance(0.4):
            return self.of(kind[1], depth, later)
        return self.absent(kind[1], later)

    def of_record(self, kind, depth, later, typed):
        names = self.names(kind, later)
        if names and self.chance(0.5):
            fields = [(field, inner) for field, (inner, _) in self.p.types[kind[1]].items() if inner[0] not in ("maybe",)]
            field, inner = self.one(fields)
            path, owner = [field], kind[1]
            while inner[0] == "record" and self.chance(0.7):
                owner = inner[1]
                field, (inner, _) = self.one(list(self.p.types[owner].items()))
                path.append(field)
            if inner[0] == "maybe":
                return None
            value = self.of(inner, depth, later and (owner, field) in self.p.later_fields, True)
            return ("changed", self.named(self.one(names)), [(path, value)]) if value else None
        return self.record(kind[1], depth, later) if typed else None

    def of_words(self, kind, depth, later, typed):
        return None

    def of_cases(self, kind, depth, later, typed):
        if not typed:
            return None
        case = self.one(list(self.p.cases[kind[1]]))
        parts = [self.of(part, depth, False, True) for part in self.p.cases[kind[1]][case]]
        return ("case", case, parts) if None not in parts else None
