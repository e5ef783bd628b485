"""The files of a program with what only its cluster knows, and a sixtieth as long: shorten.py FROM TO SECRETS TARGETS BLACKBOX ALERTS."""

import pathlib
import re
import sys

import yaml

SOURCE, TO = map(pathlib.Path, sys.argv[1:3])
SECRETS, TARGETS, BLACKBOX, ALERTS = sys.argv[3:]
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def shorter(text):
    """`1h` is `60s`."""
    return f"{max(1, int(text[:-1]) * SECONDS[text[-1]] // 60)}s"


def read(path):
    return yaml.safe_load((SOURCE / path).read_text())


def write(path, value):
    (TO / path).parent.mkdir(parents=True, exist_ok=True)
    (TO / path).write_text(yaml.safe_dump(value))


config = read("prometheus.yml")
config["global"] |= {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"}
config["alerting"]["alertmanagers"][0]["static_configs"][0]["targets"] = [ALERTS]
for job in config["scrape_configs"]:
    # What the cluster would say of its pods, and what a name leads to, is said by a file.
    job.pop("kubernetes_sd_configs", None)
    job.pop("static_configs", None)
    job["file_sd_configs"] = [{"files": [f"{TARGETS}/{job['job_name']}.json"], "refresh_interval": "1s"}]
    of_pods = lambda rule: any(label.startswith("__meta_") for label in rule.get("source_labels", []))
    job["relabel_configs"] = [rule for rule in job["relabel_configs"] if not of_pods(rule)]
    prober = [rule for rule in job["relabel_configs"] if rule.get("target_label") == "__address__"]
    assert len(prober) == 1, prober
    prober[0]["replacement"] = BLACKBOX
write("prometheus.yml", config)

for path in config["rule_files"]:
    rules = read(path)
    for group in rules["groups"]:
        group["interval"] = "1s"
        for rule in group["rules"]:
            rule["expr"] = re.sub(r"\[(\d+[smhd])\]", lambda found: f"[{shorter(found[1])}]", rule["expr"])
            if "for" in rule:
                rule["for"] = shorter(rule["for"])
    write(path, rules)

alerts = read("alertmanager.yml")
alerts["route"] |= {"group_wait": "1s", "group_interval": "1s"}
for receiver in alerts["receivers"]:
    for hook in receiver.get("webhook_configs", []):
        hook["url_file"] = f"{SECRETS}/{pathlib.Path(hook['url_file']).name}"
write("alertmanager.yml", alerts)
