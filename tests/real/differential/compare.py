"""Builds random programs, lets Terraform apply them, and compares every output with what the reference's own evaluator says.

    compare.py INFRAC COUNT SEED [ONLY]     ONLY: the one program with this number, with all that is told about it

Many programs stand in one project, each in a file of its own, and are applied at once. What is later comes from data sources that
take a name apart and ask nobody, so nothing here needs a cloud.
"""

import datetime
import itertools
import json
import os
import re
import subprocess
import sys
import tempfile
from decimal import Decimal
from fractions import Fraction

from evaluator import Text
from programs import UNKNOWN, Draws, Program
from scalars import DURATIONS, SIZES, Duration, Port, Ratio, Size, amount, literal
from syntax import Writer

AT_ONCE = 60
# One batch of so many has resources.
PLANNED = 4
# A provider that asks nobody, and a state beside the program.
OVERRIDE = {
    "terraform": {"backend": {"local": {"path": "terraform.tfstate"}}},
    "provider": {"aws": {"skip_credentials_validation": True, "skip_requesting_account_id": True, "skip_metadata_api_check": True}},
}
HEAD = 'project differential { edition = 1 }\nenvironment prod { tier = prod, on = [aws(region = "eu-west-3")] }\n'
NOBODY = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_EC2_METADATA_DISABLED": "true", "TF_IN_AUTOMATION": "1"}


def later_texts(block):
    """What is later, by the expression that reads it: the last part of a name, which may be any text."""
    draws = Draws(f"later {block}")
    pool, reads = {}, ""
    for at in range(12):
        text = ("$" + "{plain}" if at == 0 else draws.letters()) or "x"
        pool[f"later{at}.resource"] = text
        reads += f"read terraform.aws_arn later{at} {{ arn = {Writer(draws.pick).string('arn:aws:sqs:eu-west-3:123456789012:' + text)} }}\n"
    return pool, reads


def agrees(kind, expected, got):
    """Whether what Terraform or `graph.json` has is what was expected: a scalar without a form of its own may be in any unit."""
    match kind:
        case ("list", of):
            return isinstance(got, list) and len(got) == len(expected) and all(agrees(of, one, other) for one, other in zip(expected, got))
        case ("map", of):
            return isinstance(got, dict) and got.keys() == expected.keys() and all(agrees(of, expected[key], got[key]) for key in expected)
        case ("record", fields):
            present = {field: value for field, value in expected.items() if value is not None}
            # What is chosen later between two records has the fields of both; what is absent is null there.
            given = {field: value for field, value in got.items() if value is not None} if isinstance(got, dict) else {}
            return given.keys() == present.keys() and all(agrees(fields[field], present[field], given[field]) for field in present)
        case ("maybe", of):
            return got is None if expected is None else agrees(of, expected, got)
        case ("words", _):
            return got == expected
    return scalar_agrees(expected, got)


def scalar_agrees(expected, got):
    number = lambda value: isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    match expected:
        case Text():
            return isinstance(got, str) and json_agrees(expected, got)
        case bool() | str():
            return type(got) is type(expected) and got == expected
        case int() | Fraction():
            # What a binary64 holds exactly Terraform prints in as few digits as tell it from its neighbours: 2251799813607917.2 for ….25.
            return number(got) and expected in (Fraction(got), Fraction(float(got)))
        case Duration(nanoseconds):
            return isinstance(got, str) and amount(got, DURATIONS) == nanoseconds
        case Size(size):
            return isinstance(got, str) and amount(got, SIZES) == size
        case Ratio(part):
            return isinstance(got, str) and got.endswith("%") and Fraction(got[:-1]) == part * 100
    return got == literal(expected)


def json_agrees(expected, got):
    """The same document, compact, whatever letters are escaped."""
    try:
        members = lambda pairs: ("members", pairs)
        return json.loads(got, object_pairs_hook=members) == json.loads(expected, object_pairs_hook=members) and not re.search(r"\s", re.sub(r'"(\\.|[^"\\])*"', "", got))
    except ValueError:
        return False


def from_graph(value, values):
    """A value of `graph.json` as Terraform's outputs have it; `Later` where it is not known."""
    if isinstance(value, list):
        return [from_graph(element, values) for element in value]
    if not isinstance(value, dict):
        return value
    if "$" in value:
        return from_graph(values[value["$"]], values)
    if "$op" in value or "$ref" in value:
        raise Later
    if len(value) == 1 and (found := next(iter(value))).startswith("$"):
        of = value[found]
        match found:
            case "$duration":
                return f"{of}ns"
            case "$size":
                return f"{of}B"
            case "$ratio":
                return f"{decimal(Fraction(of) * 100)}%"
            case "$decimal":
                return Decimal(of)
            case "$ip" | "$cidr":
                return of
            case "$date":
                return str(datetime.date(1970, 1, 1) + datetime.timedelta(days=of))
            case "$port":
                return literal(Port(of[2], of[0], of[1]))
            case "$map":
                return {key: from_graph(inner, values) for key, inner in of.items()}
    return {key.removeprefix("$"): from_graph(inner, values) for key, inner in value.items()}


def decimal(value):
    return Decimal(value.numerator) / Decimal(value.denominator)


def with_unknown(value, unknown):
    """A value of a plan with what is not known in its place."""
    if unknown is True:
        return UNKNOWN
    if isinstance(value, list):
        return [with_unknown(element, inner) for element, inner in itertools.zip_longest(value, unknown or [], fillvalue=False)]
    if isinstance(unknown, dict):
        return {key: with_unknown(value.get(key), unknown.get(key, False)) for key in {**value, **unknown}}
    return value


class Later(Exception):
    """Only Terraform knows it."""


class Batch:
    """Some programs in one project."""

    def __init__(self, infrac, numbers, scratch):
        self.infrac = infrac
        self.folder = os.path.join(scratch, str(numbers[0]))
        os.makedirs(self.folder)
        block = numbers[0] // AT_ONCE
        pool, self.head = later_texts(block)
        # What would need a cloud is planned, and not applied: a plan says what is known and what is not.
        self.planned = block % PLANNED == 0
        self.head = HEAD + self.head
        self.write("main", self.head)
        self.programs = {number: Program(number, f"q{number}_", pool, self.planned) for number in numbers}
        for number, program in self.programs.items():
            self.write(f"q{number}", "\n".join(text for _, _, text in program.statements) + "\n")
        self.wrong = []

    def write(self, name, text):
        with open(os.path.join(self.folder, f"{name}.infra"), "w", newline="") as file:
            file.write(text)

    def terraform(self, *arguments):
        return subprocess.run(["terraform", *arguments], cwd=os.path.join(self.folder, "out", "prod", "terraform"), capture_output=True, text=True, env={**os.environ, **NOBODY})

    def leave_out(self, number, what, names=()):
        """A program that failed as a whole: the others are asked without it."""
        program = self.programs.pop(number)
        os.remove(os.path.join(self.folder, f"q{number}.infra"))
        self.wrong.append((program, list(names) or list(program.outputs), what))

    def build(self):
        while self.programs:
            built = subprocess.run([self.infrac, "build", self.folder, "--env", "prod", "--out", os.path.join(self.folder, "out"), "--format", "json"], capture_output=True, text=True)
            if built.returncode == 0:
                return
            told = {}
            for number, message in places(built.stdout):
                told.setdefault(number, []).append(message)
            if not told:
                raise SystemExit(f"infrac ended with {built.returncode}:\n{built.stderr[-3000:]}{built.stdout[-3000:]}")
            for number, messages in told.items():
                self.leave_out(number, "refused: " + "; ".join(messages))

    def apply(self):
        while self.programs:
            with open(os.path.join(self.folder, "out", "prod", "terraform", "lab_override.tf.json"), "w") as file:
                json.dump(OVERRIDE, file)
            said = self.terraform("init", "-no-color")
            if said.returncode == 0:
                said = self.terraform("plan", "-no-color", "-out", "plan") if self.planned else self.terraform("apply", "-no-color", "-auto-approve")
            if said.returncode == 0:
                return
            names = set(re.findall(r"output\.(q\d+_o\d+)", said.stderr))
            if not names:
                raise SystemExit(f"terraform failed:\n{said.stderr[-3000:]}")
            for number in {int(name[1:].split("_")[0]) for name in names}:
                mine = [name for name in names if name.startswith(f"q{number}_")]
                told = next(error for error in re.split(r"(?=^Error: )", said.stderr, flags=re.MULTILINE) if f"output.{mine[0]}" in error)
                self.leave_out(number, f"Terraform: {told.strip()}", mine)
            self.build()

    def outputs(self):
        """What Terraform has of each output."""
        if not self.planned:
            said = json.loads(self.terraform("output", "-json").stdout, parse_float=Decimal)
            return {name: output["value"] for name, output in said.items()}
        said = json.loads(self.terraform("show", "-json", "plan").stdout, parse_float=Decimal)
        return {name: with_unknown(output.get("after"), output["after_unknown"]) for name, output in said["output_changes"].items()}

    def judge(self):
        self.build()
        self.apply()
        if not self.programs:
            return 0
        outputs = self.outputs()
        with open(os.path.join(self.folder, "out", "prod", "graph.json")) as file:
            graph = json.load(file, parse_float=Decimal)
        known = {output["name"]: output["value"] for output in graph["outputs"]}
        compared = 0
        for program in self.programs.values():
            for name, (kind, expected) in program.outputs.items():
                compared += 1
                kind = program.whole(kind)
                got = outputs[name] if name in outputs else "NOT EMITTED"
                if not agrees(kind, expected, got):
                    self.wrong.append((program, [name], f"Terraform has {got!r}, the reference {expected!r}"))
                    continue
                try:
                    got = from_graph(known[name], graph["values"])
                except Later:
                    continue
                if not agrees(kind, expected, got):
                    self.wrong.append((program, [name], f"graph.json has {known[name]!r}, the reference {expected!r}"))
        return compared


def places(document):
    """The numbers of the programs that a message is about, with the message."""
    found = []
    for message in json.loads(document)["messages"]:
        if message.get("severity") != "error":
            continue
        file = re.search(r"q(\d+)\.infra", json.dumps(message))
        if file:
            place = message.get("place") or {}
            found.append((int(file[1]), f"{message.get('code')}: {message.get('message')} (line {place.get('line')}, column {place.get('column')})"))
    return found


def main():
    infrac, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    only = int(sys.argv[4]) if len(sys.argv) > 4 else None
    first = seed * 10_000 * AT_ONCE
    numbers = [only] if only is not None else list(range(first, first + count))
    compared, wrong = 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        for at in range(0, len(numbers), AT_ONCE):
            batch = Batch(infrac, numbers[at : at + AT_ONCE], scratch)
            compared += batch.judge()
            for program, names, what in batch.wrong:
                wrong += 1
                tell(program, names, what, batch.head if only is not None else "")
            print(f"{min(at + AT_ONCE, len(numbers))} programs, {compared} values, {wrong} wrong", file=sys.stderr, flush=True)
    print(f"counted: {len(numbers)} programs of seed {seed}, {compared} values, {wrong} wrong")
    return 1 if wrong else 0


def tell(program, names, what, head):
    print(f"--- program {program.seed}: {what}")
    print(head + "\n".join(program.needed(names)))


if __name__ == "__main__":
    sys.exit(main())
