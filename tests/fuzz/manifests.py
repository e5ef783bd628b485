"""Random texts in manifests, and in what `yaml()` gives, read back by PyYAML: each must be the text that the program said.

    manifests.py INFRAC COUNT SEED     or, for SECONDS_EACH seconds, as many as there is time for
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "real" / "differential"))
from programs import Draws  # noqa: E402
from syntax import Writer  # noqa: E402

AT_ONCE = 200
TRAPS = [
    "yes", "no", "on", "null", "~", "true", "1", "0x1f", "0o17", "017", "1e3", ".5", "1_000", "1:30", "2001-01-01", ".inf", ".nan", "=", "<<", "---", "...",
    "- ", "? ", ": ", " #", "#", "{", "}", "[", "]", ",", "&a", "*a", "!t", "|", ">", "%", "@", "`", "'", '"', "\\", " ", "  ", "\t", "\n", "\n\n", "\r", "\r\n",
    "\u0085", "\u00a0", "\u2028", "\u2029", "\ufeff", "\u0001", "\u001b", "\u007f", "\u0080", "\ufffd", "🦀", "é", "日本", "a", "b", "c: d", "${", "%{", "$${",
]
HEAD = 'project fuzz { edition = 1 }\nenvironment prod { tier = prod, on = [kubernetes(context = "c")] }\n'


def text(draws):
    out = "".join(draws.one(TRAPS) for _ in range(draws.pick.randint(0, 6)))
    return out * 400 if draws.chance(0.01) else out


def round_of(infrac, seed, folder):
    """What PyYAML has otherwise, with what was said."""
    draws = Draws(seed)
    write = Writer(draws.pick).quote
    said = {f"k{at}": text(draws) for at in range(AT_ONCE)}
    data = "\n".join(f"    {key} = {write(value)}" for key, value in said.items())
    inner = ", ".join(f"{key} = {write(value)}" for key, value in list(said.items())[:40])
    with open(os.path.join(folder, "main.infra"), "w", newline="") as file:
        file.write(f'{HEAD}kubernetes.config_map m {{\n  metadata {{ name = "m", namespace = "default" }}\n  data = {{\n{data}\n    inner = yaml({{ {inner} }})\n  }}\n}}\n')
    built = subprocess.run([infrac, "build", folder, "--env", "prod", "--out", os.path.join(folder, "out")], capture_output=True, text=True)
    if built.returncode:
        return [f"refused: {built.stderr[:2000]}"]
    with open(os.path.join(folder, "out", "prod", "kubernetes", "m.yaml"), encoding="utf-8", newline="") as file:
        read = yaml.safe_load(file)["data"]
    inside = yaml.safe_load(read.pop("inner"))
    pairs = [("the manifest", key, read.get(key), value) for key, value in said.items()]
    pairs += [("yaml()", key, inside.get(key), said[key]) for key in list(said)[:40]]
    return [f"{where}: {key} is {found!r}, not {wanted!r}" for where, key, found, wanted in pairs if found != wanted]


def main():
    infrac, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    seconds = float(os.environ.get("SECONDS_EACH", 0))
    until, tried = time.monotonic() + seconds, 0
    with tempfile.TemporaryDirectory() as folder:
        while (time.monotonic() < until) if seconds else tried < count:
            wrong = round_of(infrac, f"yaml {seed} {tried}", folder)
            if wrong:
                print(f"seed {seed}, behind {tried} texts:", *wrong[:10], sep="\n")
                return 1
            tried += AT_ONCE
    print(f"counted: {tried} texts of seed {seed} in manifests, and a fifth of them in yaml(), as PyYAML reads them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
