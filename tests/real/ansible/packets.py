"""Holds what `infrac reach --matrix --format json` says against what `hosts/probe.py` found: `packets.py MATRIX PROBED`.

A machine `web["a1"]` is the host `web-a1`, `office` is `control`, and `outside` is somebody on the internet. A port that the program does
not know is closed to all. Over IPv6 only those meet whose addresses of IPv6 the program knows: `bastion` and the web servers.
"""

import json
import re
import sys


def host(name):
    looped = re.fullmatch(r'(\w+)\["(\w+)"\]', name)
    return f"{looped[1]}-{looped[2]}" if looped else {"office": "control", "internet": "outside"}.get(name, name)


def knows_six(name):
    return name == "bastion" or name.startswith("web-")


matrix, probed = sys.argv[1:]
said = {}
for path in json.load(open(matrix))["paths"]:
    if path["verdict"] == "unknown":
        sys.exit(f"infrac does not know of {path['from']} -> {path['to']}.{path['label']}")
    port, protocol = path["port"].split("/")
    said[host(path["from"]), host(path["to"]), port, protocol] = path["verdict"] == "open"

wrong, opened = 0, 0
for line in open(probed):
    start, end, port, protocol, family, result = line.split()
    wanted = said.get((start, end, port, protocol), False)
    if family == "ipv6":
        wanted = wanted and knows_six(start) and knows_six(end)
    opened += result == "open"
    if wanted != (result == "open"):
        wrong += 1
        print(f"{line.strip()}, and infrac says {'open' if wanted else 'closed'}")
if not opened:
    sys.exit("nothing was open")
sys.exit(wrong != 0)
