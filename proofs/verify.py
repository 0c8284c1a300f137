#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""What ci/verify does once the tools are there: build, audit, prove, fuzz, and one verdict."""

import argparse
import json
import os
import re
import sys
import tempfile
import time

import audit
import frama_c
import prove


def functions_of(file, folder):
  """The C functions that a file defines, headers of ours included: name and where, from the compiler."""
  listing = os.path.join(folder, "functions")
  status, output = frama_c.run(["gcc", "-std=c11", *frama_c.COMPILER_ARGUMENTS, "-c", "-o", os.devnull,
                                "-aux-info", listing, file])
  if status != 0:
    raise RuntimeError(f"gcc cannot compile {file}:\n{output}")
  with open(listing, encoding="utf-8") as text:
    # "/* src/node.c:12:NF */ extern ... name (": F is a definition.
    found = re.findall(r"^/\* ([^:*]+):\d+:.F \*/ [^(]*?(\w+) \(", text.read(), re.M)
  return {(os.path.normpath(path), name) for path, name in found if not os.path.isabs(path)}


def unclaimed(claims):
  """The functions of src that no claim covers, as pairs of file and function; how many there are in all."""
  everything, covered = set(), set()
  with tempfile.TemporaryDirectory(prefix="verify.") as folder:
    for file in frama_c.files("src/*.c"):
      functions = functions_of(file, folder)
      everything |= functions
      covered |= {(path, name) for path, name in functions if (file, name) in claims}
  return sorted(everything - covered), len(everything)


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
  prove.add_options(parser)
  # A run has either a prover or a translation at work, or waits for one to be told of the other: four keep two cores
  # busy.
  parser.set_defaults(jobs=4)
  options = parser.parse_args()
  start = time.monotonic()

  build = step("build", ["bazel", "build", "--noshow_progress", "//:mem_alloc", "//:mem_alloc_shared"])

  print("== audit", flush=True)
  found = audit.audit()
  for line in found:
    print(line)
  print(f"audit: {'clean' if not found else str(len(found)) + ' found'}")

  claims = frama_c.claims()
  rest, total = unclaimed(claims)
  print(f"== proofs: {len(claims)} functions claimed, {options.jobs} at a time", flush=True)
  start_of_proofs = time.monotonic()
  results = prove.prove_all(prove.groups_of(claims), options)
  seconds_of_proofs = round(time.monotonic() - start_of_proofs, 1)
  proved = [result for result in results if result["status"] == "proved"]
  print(f"proofs: {len(proved)} of {len(claims)} functions proved in {seconds_of_proofs} s")
  print(f"== not claimed: {len(rest)} of {total} functions of src")
  for file, name in rest:
    print(f"{file:22} {name:32} not claimed")

  # A proof holds as far as the contracts of the functions that are called hold.
  called = {callee for result in results for callee in result["calls"]}
  relied_on = sorted(called - {name for _, name in claims})
  print("== contracts relied on without being claimed: " + (", ".join(relied_on) or "none"))

  fuzz = step(f"fuzz, {options.seconds_fuzz} s", ["ci/fuzz", "--seconds", str(options.seconds_fuzz)])

  passed = bool(claims) and len(proved) == len(claims) and not found and build["passed"] and fuzz["passed"]
  goals = sum(result["goals"] for result in results)
  goals_proved = sum(result["proved"] for result in results)
  report = {
    "verdict": "PASS" if passed else "FAIL", "seconds": round(time.monotonic() - start, 1), "build": build,
    "audit": {"passed": not found, "found": found}, "fuzz": fuzz, "functions": results,
    "seconds_of_proofs": seconds_of_proofs,
    "totals": {"functions_of_src": total, "claimed": len(claims), "proved": len(proved),
               "not_claimed": len(rest), "goals": goals, "goals_proved": goals_proved},
    "relied_on_without_claim": relied_on,
    "not_claimed": [{"file": file, "function": name} for file, name in rest],
  }
  with open(options.output, "w", encoding="utf-8") as file:
    json.dump(report, file, indent=2)
    file.write("\n")
  print(f"build {'ok' if build['passed'] else 'FAILED'}, audit {'clean' if not found else 'NOT CLEAN'}, "
        f"fuzz {'without findings' if fuzz['passed'] else 'FAILED'}")
  print(f"verify: {report['verdict']} ({len(proved)} of {len(claims)} claimed functions proved, "
        f"{goals_proved} of {goals} goals, {len(rest)} of {total} functions of src not claimed yet)")
  return 0 if passed else 1


if __name__ == "__main__":
  try:
    sys.exit(main())
  except (OSError, RuntimeError, ValueError) as error:
    print(error)
    print("verify: FAIL (could not be completed)")
    sys.exit(1)
