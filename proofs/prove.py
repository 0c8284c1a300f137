#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Proves functions with Frama-C WP, one run of Frama-C for each.

  prove.py FILE FUNCTION...      these functions of one file
  prove.py --claimed [FILE...]   every function that proofs/claimed.txt claims (of these files)

A function in a header is proved through a .c file that includes the header.
One line for each function: file, function, goals, goals proved, seconds,
"proved" or "not proved". Exit status 0: all were proved.
"""

import argparse
import concurrent.futures
import csv
import json
import os
import re
import shlex
import sys
import tempfile
import time

import frama_c

PROVERS = "cvc4,z3"
# Most goals fall to one of the provers at once, and the other one would use up its time on
# them. So every function gets a quick first run, and a second one only for what is left.
QUICK_SECONDS = 2
# A smoke test that finds no contradiction takes all of its time, every time.
SMOKE_SECONDS = 1
# Z3 gives up silently with less.
PROVER_MEGABYTES = 3000
# Properties of functions without a body here: whether those functions are proved is audit.py's question.
CONTRACT_KINDS = {
  "precondition", "postcondition", "assigns clause", "from clause", "termination clause", "exit clause",
  "complete behaviors", "disjoint behaviors", "allocation clause", "frees/allocates clause",
}
# Warnings that take nothing for granted: Frama-C notes the length of arrays beside their type where it
# fits into an int; ghost arrays of 2^63 elements go without that note.
# The one about assigns clauses comes with the report, for all functions; its rows tell it better.
HARMLESS_WARNINGS = ("Cannot represent length of array as an attribute", "[wp:pedantic-assigns]")


def why3_configuration(folder):
  """Writes a Why3 configuration of our own, so that nobody's personal one matters; returns its path."""
  path = os.path.join(folder, "why3.conf")
  with open(path, "w", encoding="utf-8") as file:
    file.write(f"[main]\nmagic = 14\nmemlimit = {PROVER_MEGABYTES}\nrunning_provers_max = 2\n")
  status, output = frama_c.run(["why3", "--config=" + path, "config", "detect"], HOME=folder)
  with open(path, encoding="utf-8") as file:
    configuration = file.read()
  for prover in ("Z3", "CVC4"):
    if f'name = "{prover}"' not in configuration:
      raise RuntimeError(f"Why3 does not find {prover} (status {status}):\n{output}")
  return path


def command(file, function, seconds, par, cache, table):
  return ["frama-c", frama_c.CPP, "-wp", "-wp-fct", function, "-wp-rte", "-warn-unsigned-overflow",
          "-warn-unsigned-downcast", "-wp-smoke-tests", "-wp-smoke-timeout", str(SMOKE_SECONDS),
          "-wp-prover", PROVERS, "-wp-timeout", str(seconds), "-wp-par", str(par),
          "-wp-cache", "update", "-wp-cache-dir", cache, file, "-then", "-no-wp", "-report-csv", table]


def judge(function, status, output, rows):
  """Goals, goals proved and every reason not to call the function proved, from what Frama-C said.

  Three independent views must agree: WP's count, WP's lines, and the kernel's
  consolidated status of every property (rows).
  """
  reasons = []
  wp = output.split("[report]")[0]
  total = re.search(r"^\[wp\] Proved goals: +(\d+) / (\d+)$", wp, re.M)
  proved, goals = (int(total.group(1)), int(total.group(2))) if total else (0, 0)
  if status != 0 or "User Error" in output or "aborted" in output:
    reasons.append("Frama-C failed: " + " ".join(output.split("\n")[-4:])[:300])
  if proved != goals or goals == 0:
    reasons.append(f"{proved} of {goals} goals proved")
  reasons += re.findall(r"^\[wp\] \[(?!Passed|Qed|CFG|Z3|CVC4|Cache)\w+\] .*$", wp, re.M)
  # A warning is always something that is not looked at or taken for granted.
  for warning in re.findall(r"^\[[\w:-]+\] .*Warning:.*(?:\n  .*)?", output, re.M):
    if not any(text in warning for text in HARMLESS_WARNINGS):
      reasons.append(" ".join(warning.split()))
  own = [row for row in rows if row["function"] == function]
  for row in own:
    if row["status"] not in ("Valid", "Partially proven"):
      reasons.append(f"{row['status']}: {row['property kind']} in line {row['line']}: {row['property']}")
  for kind in ("termination clause", "assigns clause"):
    if not any(row["property kind"] == kind for row in own):
      reasons.append("no " + kind)
  for row in rows:
    if (row["status"] == "Considered valid" and not row["directory"].startswith("FRAMAC_SHARE")
        and row["property kind"] not in CONTRACT_KINDS):
      reasons.append(f"admitted in the file: {row['property kind']}: {row['property']}")
  return goals, proved, list(dict.fromkeys(reasons))


def callees(output):
  """Whose contracts were relied on: WP makes one smoke test for each call."""
  return sorted(set(re.findall(r"Smoke-test typed_(\w+)_wp_smoke_dead_call_s\d+", output)))


def read_table(path):
  if not os.path.exists(path):
    return []
  with open(path, encoding="utf-8", errors="replace") as file:
    rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    # A property of several lines makes rows that are not rows.
    return [row for row in rows if row["property"] is not None]


def prove(file, function, options, folder):
  environment = {"HOME": folder, "WHY3CONFIG": os.path.join(folder, "why3.conf")}
  cache = os.path.abspath(options.cache or os.path.join(folder, "cache"))
  start = time.monotonic()
  for seconds in (min(QUICK_SECONDS, options.timeout), options.timeout):
    table = os.path.join(folder, f"{os.path.basename(file)}.{function}.{seconds}.csv")
    status, output = frama_c.run(command(file, function, seconds, options.par, cache, table), **environment)
    goals, proved, reasons = judge(function, status, output, read_table(table))
    if goals == proved:
      break
  seconds = time.monotonic() - start
  if options.log:
    path = os.path.join(options.log, f"{os.path.basename(file)}.{function}.log")
    with open(path, "w", encoding="utf-8") as log:
      log.write(output)
  return {"file": file, "function": function, "goals": goals, "proved": proved, "seconds": round(seconds, 1),
          "status": "not proved" if reasons else "proved", "reasons": reasons, "calls": callees(output)}


def print_result(result):
  print(f"{result['file']:22} {result['function']:32} {result['goals']:5} goals {result['proved']:5} proved "
        f"{result['seconds']:7.1f} s  {result['status']}", flush=True)
  for reason in result["reasons"]:
    print("    " + reason, flush=True)


def prove_all(pairs, options):
  """Proves the functions, options.jobs at a time; prints each result as it comes, returns all in order."""
  with tempfile.TemporaryDirectory(prefix="prove.") as folder:
    why3_configuration(folder)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
      futures = [pool.submit(prove, file, function, options, folder) for file, function in pairs]
      for future in concurrent.futures.as_completed(futures):
        print_result(future.result())
  return [future.result() for future in futures]


def add_options(parser):
  parser.add_argument("--timeout", type=int, default=24, metavar="S", help="seconds for each goal (24)")
  parser.add_argument("--jobs", type=int, default=1, metavar="N", help="functions at a time (1)")
  parser.add_argument("--par", type=int, default=1, metavar="N", help="provers at a time for a function (1)")
  parser.add_argument("--cache", metavar="DIR", help="use provers' answers of earlier runs; for daily work")
  parser.add_argument("--no-cache", dest="cache", action="store_const", const=None, help="the default")
  parser.add_argument("--log", metavar="DIR", help="write Frama-C's output of each function there")


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("names", nargs="*", metavar="FILE FUNCTION... | FILE...")
  parser.add_argument("--claimed", action="store_true", help="what proofs/claimed.txt claims")
  parser.add_argument("--show-command", action="store_true", help="print what would be run, and do nothing")
  parser.add_argument("--json", metavar="OUT", help="write the results there, too")
  add_options(parser)
  options = parser.parse_args()
  if options.claimed:
    pairs = [pair for pair in frama_c.claims() if not options.names or pair[0] in options.names]
  else:
    pairs = [(options.names[0], function) for function in options.names[1:]] if options.names else []
  if not pairs:
    parser.error("nothing to prove")
  # Bazel splits a test into shards by these variables.
  shards, shard = int(os.environ.get("TEST_TOTAL_SHARDS", "1")), int(os.environ.get("TEST_SHARD_INDEX", "0"))
  if "TEST_SHARD_STATUS_FILE" in os.environ:
    with open(os.environ["TEST_SHARD_STATUS_FILE"], "w", encoding="utf-8"):
      pass
  pairs = pairs[shard::shards]
  if options.show_command:
    for file, function in pairs:
      cache = options.cache or "CACHE"
      print(shlex.join(command(file, function, options.timeout, options.par, cache, "TABLE")))
    return 0
  for folder in (options.cache, options.log):
    if folder:
      os.makedirs(folder, exist_ok=True)
  results = prove_all(pairs, options)
  if options.json:
    with open(options.json, "w", encoding="utf-8") as file:
      json.dump(results, file, indent=2)
      file.write("\n")
  bad = sum(result["status"] != "proved" for result in results)
  print(f"prove: {len(results) - bad} of {len(results)} functions proved")
  return 1 if bad else 0


if __name__ == "__main__":
  sys.exit(main())
