"""Makes JSON schemas for kubeconform from the OpenAPI v3 documents of the API server: `schemas.py DOCUMENTS INTO`.

One file for each kind, INTO/KIND-GROUP-VERSION.json (lower case; the core group is left out), with the definitions it
needs inside and no room for properties that the server does not know.
"""

import json
import pathlib
import sys

PREFIX = "#/components/schemas/"


def closed(schema):
    """The schema with its references pointing into `definitions`, and closed to unknown properties."""
    if isinstance(schema, list):
        return [closed(s) for s in schema]
    if not isinstance(schema, dict):
        return schema
    out = {k: closed(v) for k, v in schema.items() if k not in ("description", "default")}
    if isinstance(out.get("$ref"), str):
        out["$ref"] = out["$ref"].replace(PREFIX, "#/definitions/")
    if isinstance(out.get("properties"), dict) and "additionalProperties" not in out and out.get("type") == "object":
        out["additionalProperties"] = False
    return out


def references(schema):
    if isinstance(schema, list):
        for s in schema:
            yield from references(s)
    elif isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix(PREFIX)
        for s in schema.values():
            yield from references(s)


def reachable(name, schemas):
    found, todo = {}, [name]
    while todo:
        n = todo.pop()
        if n not in found:
            found[n] = closed(schemas[n])
            todo.extend(references(schemas[n]))
    return {n: found[n] for n in sorted(found)}


def main(documents, into):
    into = pathlib.Path(into)
    into.mkdir(parents=True, exist_ok=True)
    for document in sorted(pathlib.Path(documents).glob("*.json")):
        schemas = json.loads(document.read_text()).get("components", {}).get("schemas", {})
        for name, schema in schemas.items():
            kinds = schema.get("x-kubernetes-group-version-kind", [])
            # Options of a request (DeleteOptions and others) name every group: they are not things of a manifest.
            if len(kinds) != 1:
                continue
            definitions = reachable(name, schemas)
            parts = [kinds[0]["kind"], kinds[0]["group"].split(".")[0], kinds[0]["version"]]
            file = into / ("-".join(p for p in parts if p).lower() + ".json")
            file.write_text(json.dumps({**definitions[name], "definitions": definitions}))


main(*sys.argv[1:])
