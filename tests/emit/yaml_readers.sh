#!/bin/sh
# The YAML that infrac writes, read by PyYAML (YAML 1.1, as Ansible does) and by the Go library that kubectl uses (through
# kubectl itself): both must find the same texts. A reader that is not there is reported as skipped.
set -eu
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Of the whole workspace: a package alone would be compiled anew, with fewer features.
cargo build --quiet --workspace --example tricky
target/debug/examples/tricky yaml >"$folder/tricky.yaml"
target/debug/examples/tricky json >"$folder/tricky.json"
skipped=0

if python3 -c 'import yaml' 2>/dev/null; then
  python3 - "$folder" <<'PYTHON'
import json, sys, yaml
folder = sys.argv[1]
read = yaml.safe_load(open(folder + "/tricky.yaml", encoding="utf-8", newline=""))
expected = json.load(open(folder + "/tricky.json", encoding="utf-8"))
for key in expected:
    if read[key] != expected[key]:
        for at, (found, wanted) in enumerate(zip(read[key], expected[key])):
            if found != wanted:
                print("PyYAML:", key[:20], at, repr(found), "instead of", repr(wanted))
        sys.exit(1)
print("PyYAML reads", len(expected["elements"]), "tricky texts as they were")
PYTHON
else
  echo "skipped: PyYAML is not there"
  skipped=$((skipped + 1))
fi

if command -v kubectl >/dev/null && command -v python3 >/dev/null; then
  # kustomize reads with Go's yaml and writes what it found; JSON of the same object must be the same object.
  python3 - "$folder" <<'PYTHON'
import json, subprocess, sys
folder = sys.argv[1]
text = open(folder + "/tricky.yaml", encoding="utf-8", newline="").read()
start, end = text.index("values:\n"), text.index("keys:\n")
# kubectl refuses NUL in no place, but texts of a ConfigMap come back through its own writer: compare as JSON.
body = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n" + text[start:end].split("\n", 1)[1]
open(folder + "/map.yaml", "w", encoding="utf-8", newline="").write(body)
out = subprocess.run(["kubectl", "create", "--dry-run=client", "--validate=false", "-o", "json", "-f", folder + "/map.yaml"],
                     capture_output=True, text=True, env={"PATH": "/usr/bin:/bin:/usr/local/bin", "KUBECONFIG": "/dev/null"})
if out.returncode != 0:
    out = subprocess.run(["kubectl", "patch", "--local", "--type=merge", "-p", "{}", "-o", "json", "-f", folder + "/map.yaml"], capture_output=True, text=True)
if out.returncode != 0:
    sys.exit("kubectl: " + out.stderr)
read = json.loads(out.stdout)["data"]
expected = json.load(open(folder + "/tricky.json", encoding="utf-8"))["values"]
wrong = [(key, read.get(key), expected[key]) for key in expected if read.get(key) != expected[key]]
for key, found, wanted in wrong:
    print("kubectl:", key, repr(found), "instead of", repr(wanted))
if wrong:
    sys.exit(1)
print("kubectl reads", len(expected), "tricky texts as they were")
PYTHON
else
  echo "skipped: kubectl is not there"
  skipped=$((skipped + 1))
fi
echo "yaml readers: $skipped skipped"
