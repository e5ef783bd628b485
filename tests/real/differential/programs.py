"""Random programs: declarations, names for values, and outputs whose types are known while they are drawn.

Types are words (`string`, `int`, …) or pairs: `("list", T)`, `("map", T)`, `("maybe", T)`, `("record", NAME)`, `("words", NAME)`,
`("cases", NAME)`. What is drawn as `later` may hold what only Terraform knows; the others stand where the program itself must know.
"""

import datetime
import ipaddress
import random
from fractions import Fraction

from evaluator import Evaluator
from expressions import Expressions
from scalars import DURATIONS, SIZES, Case, Cidr, Duration, Port, Ratio, Size, Unspecified, literal
from syntax import Writer

SCALARS = ["string", "int", "decimal", "bool", "duration", "size", "ratio", "ip", "cidr", "port", "date"]
LETTERS = [
    "a", "b", "Z", "7", "-", "_", ".", " ", "é", "ü", "日", "🦀", '"', "'", "\\", "$", "{", "}", "${", "%{", "$${", "%%{", "~}", "${x}", "%{ if true }",
    "\n", "\t", "\r\n", "\r", "<", ">", "&", "/", ":", "#", "//", "=", "null", "*", "\u00a0", "\u2028",
]
WORDS = ["small", "large", "eu-west-3", "web", "db", "x", "a.b", "Le Café", "0", "true", "no", "", "1e3", "~", "- a"]
KEYS = ["a", "b", "c1", "key", "z_9", "B"]
# What a provider decides: a plan does not know it, and never calls it absent.
UNKNOWN = "(known after apply)"


class Draws:
    """What a program is drawn from, and the values of scalars."""

    def __init__(self, seed):
        self.pick = random.Random(seed)

    def chance(self, share):
        return self.pick.random() < share

    def one(self, of):
        return self.pick.choice(of)

    def letters(self):
        return self.one(WORDS) if self.chance(0.4) else "".join(self.one(LETTERS) for _ in range(self.pick.randint(0, 6)))

    def scalar(self, kind):
        number = self.pick.randint
        match kind:
            case "string":
                return self.letters()
            case "int":
                return self.one([0, 1, 2, 3, 5, 7, 10, 42, 255, 1000, number(0, 10**6), number(0, 10**12), 2**53 + 1])
            case "decimal":
                return Fraction(number(0, 10**5), 10 ** number(0, 4))
            case "bool":
                return self.chance(0.5)
            case "duration":
                return Duration(number(1, 90) * self.one([*DURATIONS.values()][:-2]))
            case "size":
                return Size(number(1, 64) * self.one([*SIZES.values()][2:5] + [1000, 10**6, 10**9, 1]))
            case "ratio":
                return Ratio(Fraction(number(0, 1000), 1000))
            case "ip":
                return ipaddress.ip_address(self.one([0x0A000000, 0xC0A80000, 0xCB007100]) + number(0, 255))
            case "cidr":
                prefix = number(8, 30)
                address = (0x0A000000 + number(0, 2**24 - 1)) >> (32 - prefix) << (32 - prefix)
                return Cidr(ipaddress.ip_address(address), prefix)
            case "port":
                first = number(1, 60000)
                return Port(self.one(["tcp", "udp"]), first, first if self.chance(0.7) else first + number(1, 100))
            case "date":
                return datetime.date(2020, 1, 1) + datetime.timedelta(days=number(0, 5000))


class Program(Draws):
    """One program; every name of it begins with its own, so that many stand in one project."""

    def __init__(self, seed, name, later, native=False):
        """`later`: the names of values that Terraform knows later, each a text, with what they will be; `native`: with resources."""
        super().__init__(seed)
        self.native = native
        self.seed, self.name, self.pool = seed, name, later
        self.types, self.words, self.cases, self.functions = {}, {}, {}, {}
        # Of records the fields that must be given, and those that take what is later; of functions their types.
        self.must, self.later_fields, self.signatures, self.bases = {}, set(), {}, {}
        self.statements, self.values, self.outputs = [], {}, {}
        # Which statement a longer name, such as `one["a"].said`, reads.
        self.owners = {}
        # Names in scope: (name, type, whether something in it may be later).
        self.scope = [(of, "string", True) for of in later]
        self.serial = 0
        self.draw()

    def fresh(self, of):
        self.serial += 1
        return f"{self.name}{of}{self.serial}"

    def evaluator(self):
        return Evaluator(self.types, self.functions, {**self.pool, **self.values})

    def write(self, node):
        return Writer(self.pick).any(node)

    # What a program declares.

    def draw(self):
        for _ in range(self.pick.randint(0, 2)):
            self.draw_words()
        for _ in range(self.pick.randint(0, 2)):
            self.draw_record()
        if self.chance(0.6):
            self.draw_cases()
        for _ in range(self.pick.randint(1, 5)):
            self.draw_name()
        for _ in range(self.pick.randint(0, 2)):
            self.draw_function()
        if self.chance(0.4):
            self.draw_kind()
        if self.native:
            self.draw_blocks()
        if self.chance(0.2):
            self.draw_param()
        while len(self.outputs) < 5:
            self.draw_output()

    def draw_words(self):
        name = self.fresh("w")
        self.words[name] = self.pick.sample(["small", "large", "eu-west-3", "", "a b", "Ö"], self.pick.randint(2, 3))
        self.declare(name, [], f"type {name} = " + " | ".join(Writer(self.pick).string(word) for word in self.words[name]))

    def draw_record(self):
        name = self.fresh("r")
        fields = {}
        for field in self.pick.sample(["one", "two", "three", "four", "five"], self.pick.randint(2, 4)):
            kind = self.type(1, fields=True)
            fields[field] = (kind, None)
        if self.chance(0.5):
            fields["maybe"] = (("maybe", self.one(SCALARS)), None)
        written, uses = [], []
        self.types[name], self.must[name] = {}, []
        if len(self.types) > 1 and self.chance(0.4):
            # With the fields of another, which are called otherwise.
            base = self.one([other for other in self.types if other != name])
            fields = {f"{field}_more": kind for field, kind in fields.items()}
            written.append(f"...{base}")
            uses.append(base)
            self.bases[name] = base
            self.types[name] = dict(self.types[base])
            self.must[name] = list(self.must[base])
            self.later_fields |= {(name, field) for of, field in self.later_fields if of == base}
        for field, (kind, _) in fields.items():
            default = ""
            # Those without a default must be given.
            if kind[0] != "maybe" and self.chance(0.4) and (node := self.constant(kind)):
                value = Evaluator(self.types, {}, {}).of(node)
                fields[field] = (kind, (value,))
                default = f" = {self.write(node)}"
            later = self.chance(0.5)
            if later:
                self.later_fields.add((name, field))
            written.append(f"{field}: {self.type_text(kind, later)}{default}")
            uses += self.declared_in(kind)
        self.types[name].update({field: (kind, default[0] if default else None) for field, (kind, default) in fields.items()})
        self.must[name] += [field for field, (kind, default) in fields.items() if kind[0] != "maybe" and default is None]
        self.declare(name, uses, f"type {name} = {{ {', '.join(written)} }}")

    def draw_cases(self):
        name = self.fresh("c")
        cases = {f"{name}_{letter}": [self.one(SCALARS) for _ in range(self.pick.randint(letter == "x", 2))] for letter in "xyz"[: self.pick.randint(2, 3)]}
        self.cases[name] = cases
        written = [case + (f"({', '.join(parts)})" if parts else "") for case, parts in cases.items()]
        self.declare(name, [], f"type {name} = {' | '.join(written)}")

    def constant(self, kind):
        scope, self.scope = self.scope, []
        try:
            return self.sound(lambda: self.expression(kind, 0, False, typed=True))
        finally:
            self.scope = scope

    def draw_name(self):
        kind, later = self.type(2), self.chance(0.6)
        typed = self.needs_type(kind) or self.chance(0.5)
        node = self.sound(lambda: self.expression(kind, 3, later, typed=typed))
        if node is None:
            return
        name = self.fresh("l")
        written = f"let {name}: {self.type_text(kind, later)} = " if typed else f"let {name} = "
        self.values[name] = self.evaluator().of(node)
        self.declare(name, self.uses(node) + (self.declared_in(kind) if typed else []), written + self.write(node))
        self.scope.append((name, kind, self.is_later(node) or typed and later and self.holds_text(kind) or self.says_later(kind)))

    def draw_function(self):
        name, kind = self.fresh("f"), self.type(1, inner=True)
        parameters = [(f"p{at}", self.type(1)) for at in range(self.pick.randint(1, 2))]
        # What its type calls later is later in the body, whatever it is called with.
        scope, self.scope = self.scope, [(parameter, of, self.says_later(of)) for parameter, of in parameters]
        samples = {parameter: self.value_of(of) for parameter, of in parameters}
        body = self.sound(lambda: self.expression(kind, 2, False, typed=True), samples)
        self.scope = scope
        if body is None or any(value is Unspecified for value in samples.values()):
            return
        written, kept = [], []
        for at, (parameter, of) in enumerate(parameters):
            default = self.constant(of) if at == len(parameters) - 1 and of in SCALARS and self.chance(0.4) else None
            value = Evaluator(self.types, {}, {}).of(default) if default else None
            kept.append((parameter, value))
            written.append(f"{parameter}: {self.type_text(of)}" + (f" = {self.write(default)}" if default else ""))
        self.functions[name] = (kept, body)
        self.signatures[name] = (parameters, kind, kept[-1][1] is not None)
        uses = self.uses(body) + self.declared_in(kind) + [use for _, of in parameters for use in self.declared_in(of)]
        self.declare(name, uses, f"fn {name}({', '.join(written)}) -> {self.type_text(kind)} = {self.write(body)}")

    def draw_kind(self):
        """A kind of the program's own, with one instance or one for each key, and what an implementation says of each."""
        kind, name = self.fresh("k"), self.fresh("i")
        fields = {"one": "string", "two": self.one(["int", "size", "duration", "date"])}
        scope, self.scope = self.scope, [("one", "string", True), ("two", fields["two"], False)]
        samples = {"one": "sample", "two": self.scalar(fields["two"])}
        out = self.sound(lambda: self.expression("string", 2, True), samples)
        default = self.constant(fields["two"])
        self.scope = scope
        if out is None or default is None:
            return
        self.declare(kind, [], f"kind {kind} {{ one: later string, two: {fields['two']} = {self.write(default)}, out said: later string }}")
        made = f"implement {kind} {{ out said = {self.write(out)} }}"
        keys = self.pick.sample(KEYS, self.pick.randint(1, 3)) if self.chance(0.7) else None
        if keys:
            self.scope = scope + [("each", "string", False)]
        one = self.sound(lambda: self.expression("string", 2, True), {"each": (keys or ["a"])[0]})
        self.scope = scope
        if one is None:
            return
        said = {}
        try:
            for key in keys or [""]:
                evaluator = self.evaluator()
                first = evaluator.of(one, {"each": key})
                said[key] = evaluator.of(out, {"one": first, "two": evaluator.of(default)})
        except (Unspecified, ZeroDivisionError, ValueError):
            return
        header = f"for each in [{', '.join(Writer(self.pick).quote(key) for key in keys)}] " if keys else ""
        statement = f"{made}\n{kind} {name} {header}{{ one = {self.write(one)} }}"
        self.declare(name, [kind, *self.uses(one)], statement)
        # What a loop made is a map of instances: its outputs are read one by one, or by a loop over all.
        for key, value in said.items():
            address = f"{name}[{Writer(self.pick).quote(key)}].said" if keys else f"{name}.said"
            self.reads(name, address, "string", value, True)
        if keys:
            self.reads(name, f"[for key, of in {name}: of.said]", ("list", "string"), [said[key] for key in sorted(said)], True)

    def draw_blocks(self):
        """Something native with blocks in blocks, one by one or computed; what is set is read back, what its maker decides is not known."""
        name, count, each = self.fresh("n"), self.pick.randint(1, 3), self.fresh("e")
        texts = [self.sound(lambda: self.expression("string", 2, False)) for _ in range(count + 1)]
        if any(text is None for text in texts):
            return
        *names, tag = [self.evaluator().of(text) for text in texts]
        # What an empty text is to a provider is the provider's.
        if not all(names):
            return
        # Of each block the inner one: none, one that says nothing of the rate, or one that does.
        rates = [self.one([None, UNKNOWN, self.pick.randint(100, 900)]) for _ in names]
        inner = [None if rate is None else "volume_size = 20GiB" + ("" if rate is UNKNOWN else f", iops = {rate}") for rate in rates]
        if self.chance(0.3):
            rates = [None] * count
            listed = ", ".join(self.write(text) for text in texts[:-1])
            written = f"block_device_mappings = [for {each} in [{listed}]: {{ device_name = {each} }}]"
        else:
            blocks = [f"device_name = {self.write(text)}" + (f", ebs {{ {ebs} }}" if ebs else "") for text, ebs in zip(texts, inner)]
            written = "\n".join(f"block_device_mappings {{ {block} }}" for block in blocks)
        tags = f'tag_specifications {{ resource_type = "instance", tags = {{ said = {self.write(texts[-1])} }} }}'
        self.declare(name, [use for text in texts for use in self.uses(text)], f'terraform.aws_launch_template {name} {{\nname = "{name}"\n{written}\n{tags}\n}}')
        of, at = f"{name}.block_device_mappings", self.pick.randrange(count)
        self.reads(name, f"{of}[{at}].device_name", "string", names[at], True)
        self.reads(name, f"[for {each} in {of}: {each}.device_name]", ("list", "string"), names, True)
        self.reads(name, f"[for {each} in {of} if {each}.ebs == none: {each}.device_name]", ("list", "string"), [text for text, rate in zip(names, rates) if rate is None], True)
        self.reads(name, f'{name}.tag_specifications[0].tags["said"]', "string", tag, True)
        self.reads(name, f"count({of})", "int", count, False)
        for address, kind, value in [
            (f"[for {each} in {of}: {each}.ebs?.iops ?? 7]", ("list", "int"), [7 if rate is None else rate for rate in rates]),
            (f"[for {each} in {of}: if {each}.ebs != none: {each}.ebs.iops]", ("list", "int"), [rate for rate in rates if rate is not None]),
            (f"{of}[{at}].ebs?.iops ?? 7", "int", 7 if rates[at] is None else rates[at]),
            (f"{name}.latest_version", "int", UNKNOWN),
        ]:
            if self.chance(0.5):
                output = self.fresh("o")
                self.outputs[output] = (kind, value)
                self.declare(output, [name], f"output {output} = {address}")

    def draw_param(self):
        kind = self.one(["string", "int", "bool", "duration", "size", "date", "ip"])
        name, default = self.fresh("a"), self.constant(kind)
        self.values[name] = self.evaluator().of(default)
        self.declare(name, [], f"param {name}: {kind} = {self.write(default)}")
        self.scope.append((name, kind, False))

    def draw_either(self):
        """Terraform chooses between values of two types: each stays what it is."""
        kinds = [self.type(1, outputs=True) for _ in range(2)]
        if not all(map(self.lowered, kinds)):
            return
        if kinds[1] == "string" and kinds[0] in SCALARS:
            # Behind a scalar a text literal is read as one of its kind.
            kinds.reverse()
        condition = self.sound(Expressions(self).later_condition)
        sides = [self.sound(lambda: self.expression(kind, 1, True)) for kind in kinds]
        if condition is None or None in sides:
            return
        node = ("chosen_later", condition, *sides)
        name, chosen = self.fresh("o"), self.evaluator().of(condition)
        self.outputs[name] = (kinds[0 if chosen else 1], self.evaluator().of(node))
        self.declare(name, self.uses(node), f"output {name} = {self.write(node)}")

    def draw_output(self):
        if self.chance(0.06):
            self.draw_either()
        kind = self.type(2, outputs=True)
        # What is chosen later as a whole is no longer looped over: such a choice between what is no text stands here alone.
        chooses = self.lowered(kind) and self.chance(0.1)
        node = self.sound(lambda: self.later_choice(kind) if chooses else self.expression(kind, 4, True))
        if node is None:
            return
        name = self.fresh("o")
        value = self.evaluator().of(node)
        self.outputs[name] = (kind, value)
        self.declare(name, self.uses(node), f"output {name} = {self.write(node)}")

    def declare(self, name, uses, text):
        self.statements.append((name, [self.owners.get(use, use) for use in uses], text))

    def reads(self, owner, address, kind, value, later):
        """A longer name that reads something of a statement."""
        self.owners[address] = owner
        self.values[address] = value
        self.scope.append((address, kind, later))

    def needed(self, outputs):
        """The statements that these outputs need, in the order in which they were drawn."""
        wanted = set(outputs)
        for name, uses, _ in reversed(self.statements):
            if name in wanted:
                wanted |= set(uses)
        return [text for name, _, text in self.statements if name in wanted]

    # Types.

    def type(self, depth, outputs=False, fields=False, inner=False):
        draw = self.pick.random()
        if depth and draw < 0.18:
            return ("list", self.type(depth - 1, outputs, fields, inner=True))
        if depth and draw < 0.32:
            return ("map", self.type(depth - 1, outputs, fields, inner=True))
        if draw < 0.44 and self.types and (not fields or draw < 0.36):
            return ("record", self.one(list(self.types)))
        if draw < 0.50 and self.words:
            return ("words", self.one(list(self.words)))
        if draw < 0.55 and self.cases and not outputs:
            return ("cases", self.one(list(self.cases)))
        if draw < 0.62 and depth and not (outputs or fields or inner):
            return ("maybe", self.one(SCALARS))
        return self.one(SCALARS + ["string"] * 8 + ["int"] * 2)

    def type_text(self, kind, later=False):
        """`later` goes to the scalars: how many elements there are is known."""
        match kind:
            case ("list", of):
                return f"[{self.type_text(of, later)}]"
            case ("map", of):
                return f"{{string: {self.type_text(of, later)}}}"
            case ("maybe", of):
                return f"{self.type_text(of, later)}?"
            case (_, name):
                return name
            case _:
                return f"later {kind}" if later and kind == "string" else kind

    def whole(self, kind):
        """The type with the fields of its records in it."""
        match kind:
            case ("list" | "map" | "maybe" as of, inner):
                return (of, self.whole(inner))
            case ("record", name):
                return ("record", {field: self.whole(inner) for field, (inner, _) in self.types[name].items()})
        return kind

    def declared_in(self, kind):
        match kind:
            case ("list" | "map" | "maybe", of):
                return self.declared_in(of)
            case (_, name):
                return [name]
        return []

    def needs_type(self, kind):
        """What cannot be told from the value alone."""
        match kind:
            case ("list" | "map", of):
                return self.needs_type(of)
            case ("record" | "words" | "cases" | "maybe", _):
                return True
        return False

    def lowered(self, kind):
        """Whether Terraform has a form for it; of sizes, durations, ratios and ports it is said."""
        match kind:
            case ("list" | "map" | "maybe", of):
                return self.lowered(of)
            case ("record", name):
                return all(self.lowered(of) for of, _ in self.types[name].values())
        return kind not in ("duration", "size", "ratio", "port", "date")

    def holds_text(self, kind):
        """Whether a written `later` says something of it."""
        return kind == "string" or kind[0] in ("list", "map", "maybe") and self.holds_text(kind[1])

    def says_later(self, kind):
        """Whether its type says of a part that it may be later."""
        match kind:
            case ("list" | "map" | "maybe", of):
                return self.says_later(of)
            case ("record", name):
                return any((name, field) in self.later_fields or self.says_later(of) for field, (of, _) in self.types[name].items())
        return False

    def value_of(self, kind):
        node = self.constant(kind)
        return Unspecified if node is None else Evaluator(self.types, {}, {}).of(node)

    # Which names an expression uses, and whether one of them is later.

    def uses(self, node):
        out = []

        def walk(part):
            if isinstance(part, tuple) and part:
                if part[0] == "var" and len(part) == 2:
                    out.append(part[1])
                elif part[0] == "call" and isinstance(part[1], str):
                    out.append(part[1])
                elif part[0] in ("record",) and isinstance(part[1], str):
                    out.append(part[1])
                elif part[0] == "case" and isinstance(part[1], str):
                    out.append(part[1].rsplit("_", 1)[0])
                for inner in part:
                    walk(inner)
            elif isinstance(part, list):
                for inner in part:
                    walk(inner)
        walk(node)
        return out

    def is_later(self, node):
        later = {name for name, _, is_later in self.scope if is_later}
        return any(name in later for name in self.uses(node))

    def sound(self, draw, local=None):
        """Draws until the reference says what the value is."""
        for _ in range(12):
            node = draw()
            try:
                if node is not None:
                    self.evaluator().of(node, local)
                    return node
            except (Unspecified, ZeroDivisionError, ValueError, OverflowError):
                continue
        return None

    def expression(self, kind, depth, later, typed=False):
        return Expressions(self).of(kind, depth, later, typed)

    def later_choice(self, kind):
        return Expressions(self).later_choice(kind)
