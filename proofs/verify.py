#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""What ci/verify does once the tools are there: build, audit, prove, fuzz, and one verdict."""

import argparse
import hashlib
import json
import os
import sys
import time

import audit
import frama_c
import prove
import same_code


# What the proofs were made with: a command that prints it, and what it must print.
VERSIONS = {"frama-c": (["frama-c", "-version"], "25.0-beta (Manganese)"),
            "why3": (["why3", "--version"], "version 1.5.1"),
            "z3": (["z3", "--version"], "version 4.8.12 "),
            "cvc4": (["cvc4", "--version"], "version 1.8")}
# What the verdict is about; what a run writes itself is left out.
TREE = ("include/**", "src/**", "proofs/**", "ci/*", "bazel/**", "BUILD.bazel", "WORKSPACE*", "MODULE.bazel", ".bazelrc")
# Options of the build that say where things are, or of which nothing in the code depends; any other is looked at by
# preprocessing with it.
LIBRARIES = "//:mem_alloc + //:libopae-mem-alloc.so"


def wrong_versions():
  """The tools that are not those of the pinned list."""
  wrong = []
  for name, (command, expected) in VERSIONS.items():
    try:
      _, output = frama_c.run(command)
    except OSError as error:
      output = str(error)
    if expected not in output:
      wrong.append(f"{name} is not '{expected.strip()}' but: {' '.join(output.split())[:80]}")
  return wrong


def state_of_tree():
  """For every file that matters: when it was changed last, and a sum of its content."""
  result = {}
  for path in frama_c.files(*TREE):
    if "__pycache__" not in path:
      status = os.stat(os.path.join(frama_c.ROOT, path))
      with open(os.path.join(frama_c.ROOT, path), "rb") as file:
        result[path] = (status.st_mtime_ns, status.st_ctime_ns, status.st_ino, hashlib.sha256(file.read()).hexdigest())
  return result


def changes(before):
  after = state_of_tree()
  return sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))


def audit_build():
  """Whether what Bazel compiles into the libraries are the files of src, in the words that are proved."""
  status, output = frama_c.run(["bazel", "aquery", "--noshow_progress", "--output=jsonproto",
                                f'mnemonic("CppCompile", {LIBRARIES})'])
  start = output.find("{\n")
  if status != 0 or start < 0:
    return [f"bazel cannot say what it compiles: {output[-300:]}"]
  actions, _ = json.JSONDecoder().raw_decode(output[start:])
  found, compiled = [], set()
  for action in actions.get("actions", []):
    words = action["arguments"]
    file = words[words.index("-c") + 1]
    compiled.add(file)
    kept, skip = [words[0]], False
    for word in words[1:]:
      # The file, what is written, and what belongs to these.
      if skip or word in ("-c", "-MD", file):
        skip = False
      elif word in ("-o", "-MF"):
        skip = True
      else:
        kept.append(word)
    # The order of a map of options: Bazel's own words come last, so ours may not undo them.
    found += same_code.audit_command(file, kept)
  sources = set(frama_c.files("src/**/*.c"))
  found += [f"{file}: proved, but not part of the libraries that Bazel builds" for file in sorted(sources - compiled)]
  found += [f"{file}: part of the libraries that Bazel builds, but not of src" for file in sorted(compiled - sources)]
  return list(dict.fromkeys(found))


def step(title, command):
  print(f"== {title}", flush=True)
  start = time.monotonic()
  status, output = frama_c.run(command)
  print("\n".join(output.rstrip().split("\n")[-30 if status else -2:]))
  return {"passed": status == 0, "seconds": round(time.monotonic() - start, 1),
          "last_line": output.rstrip().split("\n")[-1]}


def positive(text):
  if int(text) <= 0:
    raise argparse.ArgumentTypeError("not positive")
  return int(text)


def main():
  parser = argparse.ArgumentParser(prog="ci/verify", description=__doc__)
  parser.add_argument("--seconds-fuzz", type=positive, default=60, metavar="N")
  parser.add_argument("--output", default="verify.json", metavar="FILE")
  parser.add_argument("--any-versions", action="store_true", help="go on with other tools than the proofs were made with")
  prove.add_options(parser)
  # A run has either a prover or a translation at work, or waits for one to be told of the other: four keep two cores
  # busy.
  parser.set_defaults(jobs=4)
  options = parser.parse_args()
  start = time.monotonic()

  versions = wrong_versions()
  for line in versions:
    print(line)
  if versions and not options.any_versions:
    print("verify: FAIL (not the tools that the proofs were made with; ci/setup installs them, --any-versions goes on)")
    return 1
  before = state_of_tree()
  build = step("build", ["bazel", "build", "--noshow_progress", "//:mem_alloc", "//:mem_alloc_shared"])

  print("== audit", flush=True)
  found = audit.audit() + audit_build()
  for line in found:
    print(line)
  print(f"audit: {'clean' if not found else str(len(found)) + ' found'}")

  claims = frama_c.claims()
  print(f"== proofs: {len(claims)} functions claimed, {options.jobs} at a time", flush=True)
  start_of_proofs = time.monotonic()
  results = prove.prove_all(prove.groups_of(claims), options)
  seconds_of_proofs = round(time.monotonic() - start_of_proofs, 1)
  proved = [result for result in results if result["status"] == "proved"]
  print(f"proofs: {len(proved)} of {len(claims)} functions proved in {seconds_of_proofs} s")
  trust = sorted(audit.trusted())
  print(f"== trusted, not proved ({audit.TRUST}): " + (", ".join(trust) or "none"))

  # A proof holds as far as the contracts of the functions that are called hold.
  called = {callee for result in results for callee in result["calls"]}
  relied_on = sorted(called - {name for _, name in claims})
  print("== contracts relied on without being claimed: " + (", ".join(relied_on) or "none"))

  fuzz = step(f"fuzz, {options.seconds_fuzz} s", ["ci/fuzz", "--seconds", str(options.seconds_fuzz)])

  changed = changes(before)
  for path in changed:
    print(f"{path}: changed while it was verified")
  passed = (bool(claims) and len(proved) == len(claims) and not found and not changed and build["passed"]
            and fuzz["passed"] and set(relied_on) <= set(trust))
  goals = sum(result["goals"] for result in results)
  goals_proved = sum(result["proved"] for result in results)
  report = {
    "verdict": "PASS" if passed else "FAIL", "seconds": round(time.monotonic() - start, 1), "build": build,
    "audit": {"passed": not found, "found": found}, "fuzz": fuzz, "functions": results,
    "seconds_of_proofs": seconds_of_proofs,
    "totals": {"claimed": len(claims), "proved": len(proved), "goals": goals, "goals_proved": goals_proved},
    "trusted": trust, "relied_on_without_claim": relied_on, "changed": changed, "other_versions": versions,
  }
  with open(options.output, "w", encoding="utf-8") as file:
    json.dump(report, file, indent=2)
    file.write("\n")
  print(f"build {'ok' if build['passed'] else 'FAILED'}, audit {'clean' if not found else 'NOT CLEAN'}, "
        f"fuzz {'without findings' if fuzz['passed'] else 'FAILED'}, "
        f"tree {'as it was' if not changed else 'CHANGED'}, tools {'as pinned' if not versions else 'NOT AS PINNED'}")
  print(f"verify: {report['verdict']} ({len(proved)} of {len(claims)} claimed functions proved, "
        f"{goals_proved} of {goals} goals, trusted: {', '.join(trust) or 'none'})")
  return 0 if passed else 1


if __name__ == "__main__":
  try:
    sys.exit(main())
  except (OSError, RuntimeError, ValueError) as error:
    print(error)
    print("verify: FAIL (could not be completed)")
    sys.exit(1)
