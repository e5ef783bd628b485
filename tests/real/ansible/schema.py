"""Writes the kinds of Ansible's modules, from what the modules say of themselves.

    tests/real/.cache/ansible/bin/python tests/real/ansible/schema.py > stdlib/schemas/ansible.schema

Run by the Python that has ansible-core and the collection ansible.posix. Options and their types are the documented ones; which of them is
secret is said only in the specification that a module gives when it starts, so each is started as far as that. The same versions give the
same text.
"""

import importlib
import json
import pathlib
import re
import subprocess
import sys

from ansible.module_utils import basic
from ansible.release import __version__ as CORE
import ansible_collections.ansible.posix as posix

COLLECTIONS = {"ansible.builtin": "ansible.modules", "ansible.posix": "ansible_collections.ansible.posix.plugins.modules"}

# What steers a play instead of a host, and what takes a line or names of the user's instead of options.
NO_TASKS = re.compile(r"(import|include)_.*|meta|raw|set_fact")
FREE_FORM = {"free_form"}
# Words that follow a type, and so are no choice.
FLAGS = {"required", "computed", "sensitive", "admits_secret"}
# What a module does not show, and what may be a secret and need not.
TEXTS = {("copy", "content"), ("blockinfile", "block"), ("lineinfile", "line")}

WORD = re.compile(r"[A-Za-z0-9_-]+")
TYPES = {"str": "string", "path": "string", "int": "int", "bool": "bool", "float": "number"}

HEAD = """\
# Tasks on machines, and the machines: the modules of ansible-core {core} and of its collection ansible.posix {posix}, with the options
# that they document. Made by tests/real/ansible/schema.py; `host` and `task` are said there. The commands of a task are written as `cmd`.
target ansible {release}

# A machine that tasks run on, and how it is reached: variables of the inventory. `role` is the play that it stands in, `jump` the machine that
# SSH goes through, `host_keys` are those by which it is known, `addresses` others that it has. One that the program makes has no key that is
# known before: the first that it shows is kept under the name `known_as`, and from then on no other is taken.
kind host
  name      string required
  role      string required
  address   string required
  addresses list string
  user      string
  port      int
  key_file  string
  known_as  string
  jump      record
    address  string required
    user     string
    port     int
    key_file string
    known_as string
  python    string
  host_keys list string
  vars      map any
"""

# What every task may say, whatever its module.
TASK = """\
  task record
    become        bool
    become_user   string
    changed_when  string
    check_mode    bool
    delegate_to   string
    environment   map string
    failed_when   string
    register      string
    retries       int
    delay         int
    until         string
    run_once      bool
    tags          list string
    vars          map any
    when          string
"""


def documented():
    """The modules of both collections by name, as `ansible-doc` tells them. Another name of a module is none."""
    told = subprocess.run(
        [pathlib.Path(sys.executable).parent / "ansible-doc", "--json", "--type", "module", "--metadata-dump", *COLLECTIONS],
        check=True, capture_output=True, text=True,
    )
    modules = json.loads(told.stdout)["all"]["module"]
    for full, module in modules.items():
        collection, name = full.rsplit(".", 1)
        if module["doc"]["module"] == name and not NO_TASKS.fullmatch(name):
            yield collection, name, module["doc"].get("options") or {}


class Specified(BaseException):
    """Ends a module as soon as it has said what it takes. No module catches this one."""


def specification(collection, name):
    """What a module says of its options when it starts. One that runs on the controller alone says nothing."""
    module = importlib.import_module(f"{COLLECTIONS[collection]}.{name}")
    if not hasattr(module, "main"):
        return {}
    try:
        module.main()
    except Specified as said:
        return said.args[0]
    return {}


def tell(self, argument_spec, *others, **more):
    spec = dict(argument_spec)
    if more.get("add_file_common_args"):
        spec = {**basic.FILE_COMMON_ARGUMENTS, **spec}
    raise Specified(spec)


def type_of(option):
    """The type of an option in the form of `compiler/schema/src/pack/own.rs`."""
    choices = [*(option.get("choices") or [])]
    words = choices and all(isinstance(c, str) and WORD.fullmatch(c) and c not in FLAGS for c in choices)
    match option["type"]:
        case "list":
            return f"list {type_of({**option, 'type': option.get('elements', 'raw')})}"
        case "dict":
            return "record" if option.get("suboptions") else "map any"
        case "str" if words:
            return f"one of {' '.join(choices)}"
        case told:
            # What its maker leaves open is any value.
            return TYPES.get(told, "any")


def fields(options, spec, depth, of=""):
    """The lines of options: their names in one column, their types in the next."""
    width = max(map(len, options), default=0)
    for name, option in options.items():
        option.setdefault("type", "raw")
        said = spec.get(name, {})
        flags = [" required"] if option.get("required") else []
        admits = (of, name) in TEXTS
        flags += [" admits_secret"] if admits else [" sensitive"] if said.get("no_log") else []
        yield f"{'  ' * depth}{name:{width}} {type_of(option)}{''.join(flags)}\n"
        yield from fields(option.get("suboptions") or {}, said.get("options") or {}, depth + 1)


def main():
    basic.AnsibleModule.__init__ = tell
    manifest = json.loads((pathlib.Path(posix.__path__[0]) / "MANIFEST.json").read_text())
    release = ".".join(CORE.split(".")[:2])
    out = [HEAD.format(core=CORE, posix=manifest["collection_info"]["version"], release=release)]
    for collection, name, options in sorted(documented(), key=lambda module: module[:2]):
        # What begins with `_` a module says to itself.
        options = {key: options[key] for key in sorted(options) if key not in FREE_FORM and not key.startswith("_")}
        out.append(f"\nkind {collection.removeprefix('ansible.')}.{name}\n")
        out.extend(fields(options, specification(collection, name), 1, name))
        out.append(TASK)
    sys.stdout.write("".join(out))


main()
