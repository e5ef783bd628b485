"""Expressions as tuples, the first element says which, and how they are written as a program.

Brackets are left out where the table of operators allows it, and put where it does not matter, now and then.
"""

from scalars import literal

LOOSEST, OR, AND, COMPARE, RANGE, SUM, PRODUCT, SIGN, DOT, ATOM = range(10)
OPERATORS = {
    "or": OR, "??": OR, "and": AND,
    **dict.fromkeys(["==", "!=", "<", "<=", ">", ">=", "in"], COMPARE),
    "..": RANGE, "+": SUM, "-": SUM, "++": SUM, "*": PRODUCT, "/": PRODUCT, "div": PRODUCT, "mod": PRODUCT,
}


def quoted(text, pick, inside=False):
    """A text between quotes: some characters may be written in two ways."""
    out = []
    for at, letter in enumerate(text):
        if letter in '"\\':
            out.append("\\" + letter)
        elif letter == "\n":
            out.append("\\n")
        elif letter == "\r":
            out.append("\\r")
        elif letter == "\t":
            out.append("\\t" if pick.random() < 0.7 else "\\u{9}")
        elif letter == "$":
            # At the end of a part another part may follow, whose `{` would make it an interpolation.
            bare = at + 1 < len(text) and text[at + 1] != "{"
            out.append("$" if bare and pick.random() < 0.5 else "\\$")
        elif ord(letter) < 32 or ord(letter) in (0x7F, 0x2028, 0x2029, 0xFEFF, 0x85):
            out.append("\\u{%x}" % ord(letter))
        elif ord(letter) > 126 and pick.random() < 0.2:
            out.append("\\u{%x}" % ord(letter))
        else:
            out.append(letter)
    return "".join(out)


class Writer:
    """Writes expressions; what may be written in several ways is drawn."""

    def __init__(self, pick):
        self.pick = pick

    def at(self, node, least):
        """A node where only what binds at least as tightly as `least` stands without brackets."""
        text, tight = self.node(node)
        return f"({text})" if tight < least or (tight < DOT and self.pick.random() < 0.08) else text

    def any(self, node):
        return self.at(node, LOOSEST)

    def node(self, node):
        return getattr(self, node[0])(*node[1:])

    def lit(self, value):
        if isinstance(value, str):
            return self.string(value), ATOM
        text = literal(value)
        # A method of a number or a range is written behind brackets.
        return text, SIGN if not isinstance(value, bool) else ATOM

    def string(self, value):
        lines = value.split("\n")
        plain = not any(ord(letter) < 32 or ord(letter) == 0x7F for letter in value.replace("\n", ""))
        if plain and "\n" not in value and '"' not in value and self.pick.random() < 0.15 and "\u2028" not in value and "\ufeff" not in value:
            return f'r"{value}"'
        if plain and len(lines) > 1 and self.pick.random() < 0.4 and all(line.strip() and line[0] not in " \t" for line in lines):
            body = "\n".join("      " + quoted(line, self.pick) for line in lines)
            return f'"""\n{body}"""'
        return self.quote(value)

    def quote(self, value):
        return f'"{quoted(value, self.pick)}"'

    def text(self, parts):
        out = [quoted(part, self.pick) if isinstance(part, str) else "${" + self.any(part) + "}" for part in parts]
        return '"' + "".join(out) + '"', ATOM

    def none(self):
        return "none", ATOM

    def var(self, name):
        return name, ATOM

    def field(self, of, name):
        return f"{self.at(of, DOT)}.{name}", DOT

    def qfield(self, of, name):
        return f"{self.at(of, DOT)}?.{name}", DOT

    def method(self, of, name, arguments, maybe=False):
        given = f"({', '.join(self.any(argument) for argument in arguments)})" if arguments else ""
        return f"{self.at(of, DOT)}{'?.' if maybe else '.'}{name}{given}", DOT

    def index(self, of, key):
        return f"{self.at(of, DOT)}[{self.any(key)}]", DOT

    def call(self, name, arguments, named=()):
        given = [self.any(argument) for argument in arguments] + [f"{name} = {self.any(argument)}" for name, argument in named]
        return f"{name}({', '.join(given)})", DOT

    def bin(self, operator, left, right):
        tight = OPERATORS[operator]
        # Comparisons do not chain; `or` beside `??` is said with brackets.
        first = tight + 1 if tight == COMPARE or (tight == OR and left[0] == "bin" and left[1] != operator) else tight
        return f"{self.at(left, first)} {operator} {self.at(right, tight + 1)}", tight

    def negate(self, of):
        return f"not {self.at(of, DOT)}", SIGN

    def minus(self, of):
        return f"-{self.at(of, DOT)}", SIGN

    def choose(self, condition, then, otherwise):
        return f"if {self.at(condition, OR)} then {self.at(then, OR)} else {self.any(otherwise)}", LOOSEST

    chosen_later = choose

    def match(self, of, arms):
        written = [f"{', '.join(patterns)} => {self.at(value, OR)}" for patterns, value in arms]
        return f"match {self.at(of, DOT)} {{ {', '.join(written)} }}", LOOSEST

    def loop(self, names, source, condition):
        when = f" if {self.at(condition, OR)}" if condition else ""
        return f"for {', '.join(names)} in {self.at(source, OR)}{when}"

    def list(self, elements):
        return "[" + ", ".join(self.element(element) for element in elements) + "]", ATOM

    def element(self, element):
        match element:
            case ("one", value):
                return self.at(value, OR)
            case ("spread", value):
                return f"...{self.at(value, DOT)}"
            case ("when", condition, value):
                return f"if {self.at(condition, OR)}: {self.at(value, OR)}"
            case ("each", names, source, condition, value):
                return f"{self.loop(names, source, condition)}: {self.at(value, OR)}"
            case ("pairs", first, source, second, other, value):
                return f"for {first} in {self.at(source, OR)}, {second} in {self.at(other, OR)}: {self.at(value, OR)}"

    def by(self, names, source, key, value):
        return f"[for {', '.join(names)} in {self.at(source, OR)} by {self.at(key, OR)}: {self.at(value, OR)}]", ATOM

    def map(self, entries):
        written = [self.entry(entry) for entry in entries]
        return ("{ " + ", ".join(written) + " }") if written else "{}", ATOM

    def entry(self, entry):
        match entry:
            case ("one", name, value):
                return f"{name if name.isidentifier() else self.quote(name)} = {self.any(value)}"
            case ("computed", key, value):
                return f"{self.at(key, OR)} => {self.any(value)}"
            case ("maybe", name, value):
                return f"{name} ?= {self.any(value)}"
            case ("spread", value):
                return f"...{self.at(value, DOT)}"
            case ("when", condition, inner):
                written = self.at(condition, OR)
                # A word before a brace is a field there.
                return f"if {f'({written})' if written.startswith('{') else written}: {self.entry(inner)}"
            case ("each", names, source, condition, key, value, gathered):
                return f"{self.loop(names, source, condition)}: {self.at(key, OR)} => {self.at(value, OR)}{'...' if gathered else ''}"

    def record(self, _, entries):
        return self.map(entries)

    def changed(self, of, changes):
        written = ", ".join(f"{'.'.join(path)} = {self.any(value)}" for path, value in changes)
        return f"{self.at(of, DOT)} with {{ {written} }}", LOOSEST

    def case(self, name, parts):
        return (f"{name}({', '.join(self.any(part) for part in parts)})" if parts else name), DOT
