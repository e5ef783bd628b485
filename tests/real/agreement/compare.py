"""Builds random programs and compares who can call what: by the emitted files, by `infrac reach --matrix`, by the declared flows.

    compare.py INFRAC WHAT COUNT SEED [ONLY]

WHAT is one of
  layers     programs for a cloud and a cluster: security groups, network policies, services
  machines   programs for machines that exist already: their packet filters
"""

import concurrent.futures
import importlib
import json
import os
import subprocess
import sys
import tempfile



def stopped_flows(program, told):
    """The lines of the flows that a build refuses because a layer stops them, and what else it tells."""
    errors = [json.loads(line) for line in told.splitlines() if line.startswith('{"code"')]
    stopped = {error["place"]["line"] for error in errors if error["code"] == "stopped_flow"}
    return stopped, [error for error in errors if error["code"] != "stopped_flow" and error["severity"] == "error"]


def judge(infrac, program, scratch):
    """The program with what was built of it, none where that is wrong, and what `reach` says."""
    folder = os.path.join(scratch, str(program.seed))
    os.makedirs(folder)
    with open(os.path.join(folder, "main.infra"), "w") as file:
        file.write(program.text())
    out = os.path.join(folder, "out")
    build = [infrac, "build", folder, "--env", "prod", "--out", out, "--format", "json"]
    built = subprocess.run(build, capture_output=True, text=True)
    if built.returncode:
        stopped, other = stopped_flows(program, built.stderr)
        if other or not stopped:
            return program, None, built.stderr
        asked = subprocess.run([infrac, "reach", "--matrix", folder, "--env", "prod", "--format", "json"], capture_output=True, text=True)
        told = {int(path["declared"].split(":")[-1]) for path in json.loads(asked.stdout)["paths"] if path["declared"] and path["verdict"] == "closed"}
        if not told <= stopped:
            return program, None, f"build refuses the flows of lines {sorted(stopped)}, reach says that those of {sorted(told)} are stopped"
        # Without them it builds, and everything that is still declared must be open.
        program.flows = [flow for number, flow in enumerate(program.flows, program.first_flow()) if number not in stopped]
        with open(os.path.join(folder, "main.infra"), "w") as file:
            file.write(program.text())
        built = subprocess.run(build, capture_output=True, text=True)
    if built.returncode:
        return program, None, built.stderr
    reached = subprocess.run([infrac, "reach", "--matrix", folder, "--env", "prod", "--format", "json"], capture_output=True, text=True)
    return program, os.path.join(out, "prod"), reached


def main():
    infrac, what, count, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    # The tools of one sort are not needed for the other.
    sort = importlib.import_module(what)
    seeds = [int(sys.argv[5])] if len(sys.argv) > 5 else [seed * 100000 + n for n in range(count)]
    passed = failed = opened = shared = sound = 0
    print(f"seed {seed}: {len(seeds)} programs", file=sys.stderr)
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(2) as pool:
        for program, built, reached in pool.map(lambda one: judge(infrac, sort.Program(one), scratch), seeds):
            if built is None:
                wrong = [f"build: {reached}"]
            elif not reached.stdout.startswith("{"):
                wrong = [f"reach: {reached.stderr}"]
            else:
                try:
                    wrong, here, by_range = sort.compare(program, built, reached)
                    opened, shared = opened + here, shared + by_range
                except Exception as error:  # what the comparison cannot read is a failure of that program
                    wrong = [f"{type(error).__name__}: {error}"]
            sound += program.sound
            if wrong:
                failed += 1
                print(f"failed: program {program.seed} ({'sound' if program.sound else 'any'})", file=sys.stderr)
                if failed <= 5:
                    print(program.text(), file=sys.stderr)
                for line in wrong[:12]:
                    print(f"  {line}", file=sys.stderr)
            else:
                passed += 1
    if not opened:
        sys.exit("failed: nothing is open, so nothing was compared")
    print(f"{sound} of the programs declare only what can be; {opened} open connections, {shared} of them open by a range that others share", file=sys.stderr)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)


main()
