#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Proves functions with Frama-C WP, a few in each run of Frama-C.

  prove.py FILE FUNCTION...      these functions of one file
  prove.py --claimed [FILE...]   every function that proofs/claimed.txt claims (of these files)

A function in a header is proved through a .c file that includes the header.
One line for each function: file, function, goals, goals proved, seconds (of
the run that it was part of), "proved" or "not proved". Exit status 0: all
were proved.
"""

import argparse
import concurrent.futures
import csv
import json
import os
import random
import re
import shlex
import sys
import tempfile
import time

import frama_c

# Ways for CVC4 to search, each beside its own a prover for WP: the options say when it instantiates a statement about
# all values, and by which terms. They do not change what is a proof.
SEARCHES = {"cvc4-max": "--inst-when=full --trigger-sel=max", "cvc4-full": "--inst-when=full --no-quant-cf"}
# Which of the provers finds most, and fastest, depends on what a file's goals are about: one node in memory, whole
# trees, or what a few calls have done.
NODES = ("cvc4", "z3", "cvc4-full", "cvc4-max")
TREES = ("cvc4-max", "z3", "cvc4", "cvc4-full")
CALLS = ("cvc4-full", "z3", "cvc4-max", "cvc4")
ORDER = {"src/fit.c": NODES, "src/node.c": NODES, "src/map_find.c": NODES, "proofs/keep.c": NODES,
         "proofs/edits.c": TREES, "src/map_shape.c": TREES, "src/map_summary.c": TREES, "src/map_edit.c": TREES}
# So a run of Frama-C has these passes: each prover with little time, to the first of which most goals fall; all of them
# with more, and with all of it; the smoke tests. The one with more is there because a goal that one of them proves in
# three seconds would have to wait for all the time of those before it. (What Z3 proves it mostly proves at once.)
QUICK_SECONDS = {"z3": 1, "cvc4": 2, "cvc4-max": 2, "cvc4-full": 2}
SLOW_SECONDS = 5
# A limit of steps, unlike one of time, gives the same answer on every machine.
QUICK_STEPS = 120000
# A smoke test that finds no contradiction takes all that it is given, every time, and there are as many as calls
# and branches. Of the proofs that a file's first prover finds in its first pass, 9 of 10 take fewer steps than these.
SMOKE_STEPS = 70000
SMOKE_SECONDS = 1
# What is no smoke test: WP has no name for smoke tests, so all that has one is left out.
ALL_BUT_SMOKE_TESTS = ("lemma", "requires", "assigns", "ensures", "exits", "assert", "invariant", "variant", "breaks",
                       "continues", "returns", "complete_behaviors", "disjoint_behaviors", "terminates", "decreases",
                       "check")
# Functions whose contracts are trusted, by the file whose functions may call them. A contract that is proved, and whose
# preconditions do not contradict each other, cannot make what comes after a call dead: so a smoke test after each call
# is for these files only.
TRUSTED = {"src/pool.c": ("storage_new", "storage_free")}
# Reading the sources, all annotations and Why3's theories takes three seconds, for one function as for ten.
GROUP = 10
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
# A later pass has no goals if an earlier one proved all; that the first one had some is looked at.
HARMLESS_WARNINGS = ("Cannot represent length of array as an attribute", "[wp:pedantic-assigns]",
                     "No goal generated")


def environment(folder):
  """What Frama-C and the provers are told by variables: to use large pages, and to collect garbage less often."""
  return {"HOME": folder, "WHY3CONFIG": os.path.join(folder, "why3.conf"), "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",
          "OCAMLRUNPARAM": "o=300"}


def why3_configuration(folder):
  """Writes a Why3 configuration of our own, so that nobody's personal one matters; returns its path."""
  path = environment(folder)["WHY3CONFIG"]
  with open(path, "w", encoding="utf-8") as file:
    file.write(f"[main]\nmagic = 14\nmemlimit = {PROVER_MEGABYTES}\nrunning_provers_max = 2\n")
  status, output = frama_c.run(["why3", "--config=" + path, "config", "detect"], HOME=folder)
  with open(path, encoding="utf-8") as file:
    configuration = file.read()
  found = {name: rest for name, *rest in
           re.findall(r'^name = "(.*)"\npath = "(.*)"\nversion = "(.*)"$', configuration, re.M)}
  for prover in ("Z3", "CVC4"):
    if prover not in found:
      raise RuntimeError(f"Why3 does not find {prover} (status {status}):\n{output}")
  cvc4, version = found["CVC4"]
  with open(path, "a", encoding="utf-8") as file:
    for name, arguments in SEARCHES.items():
      call = f"{cvc4} --stats --lang=smt2 {arguments}"
      file.write(f'\n[prover]\nname = "{name.upper()}"\nversion = "{version}"\nshortcut = "{name}"\n'
                 f'command = "{call} --tlimit=%t000 %f"\ncommand_steps = "{call} --rlimit=%S %f"\n'
                 'driver = "cvc4_17"\nin_place = false\ninteractive = false\n')
  return path


def order_of(file):
  return ORDER.get(file, CALLS)


def again(functions):
  """Begins another pass: what it does not set stays as it was; goals proved before are left out."""
  return ["-then", "-wp", "-wp-fct", ",".join(functions)]


def quick_pass(prover, seconds):
  """The options of a pass of one prover. Simplification by ground terms takes a third of the time; Z3 gains by it."""
  simplify = ["-wp-steps", "0", "-wp-ground"] if prover == "z3" else ["-wp-no-ground", "-wp-steps", str(QUICK_STEPS)]
  return ["-wp-timeout", str(min(QUICK_SECONDS[prover], seconds)), *simplify]


def slow_pass(order, seconds):
  """The options of a pass of all provers."""
  return ["-wp-prover=" + ",".join("+" + prover for prover in order), "-wp-steps", "0", "-wp-ground",
          "-wp-timeout", str(seconds)]


def proof_command(file, functions, seconds, par, cached, between=True):
  """The passes that prove; cached says what WP does with the answers of provers, between whether all are made."""
  order = order_of(file)
  result = ["frama-c", frama_c.CPP, "-wp", "-wp-fct", ",".join(functions), "-wp-rte", "-warn-unsigned-overflow",
            "-warn-unsigned-downcast", "-warn-signed-downcast", "-wp-par", str(par), *cached,
            "-wp-prover", order[0], *quick_pass(order[0], seconds), file]
  if between:
    # Provers are added or, with a minus, taken away.
    for before, prover in zip(order, order[1:]):
      result += [*again(functions), f"-wp-prover=-{before},+{prover}", *quick_pass(prover, seconds)]
    if seconds > SLOW_SECONDS:
      result += [*again(functions), *slow_pass(order, SLOW_SECONDS)]
  return [*result, *again(functions), *slow_pass(order, seconds)]


def command(file, functions, seconds, par, cache, table, graph):
  # WP takes "failed" from its cache as the last word, also where a prover would now have more time.
  cached = ["-wp-cache", "update", "-wp-cache-dir", os.path.abspath(cache)] if cache else ["-wp-cache", "none"]
  calls = "-wp-smoke-dead-call" if file in TRUSTED else "-wp-no-smoke-dead-call"
  others = order_of(file)[1:]
  return [*proof_command(file, functions, seconds, par, cached),
          *again(functions), "-wp-prover=" + ",".join("-" + prover for prover in others),
          "-wp-no-ground", "-wp-no-pruning", "-wp-smoke-tests", calls, "-wp-smoke-timeout", str(SMOKE_SECONDS),
          "-wp-steps", str(SMOKE_STEPS),
          "-wp-prop=" + ",".join("-@" + kind for kind in ALL_BUT_SMOKE_TESTS),
          "-then", "-no-wp", "-report-csv", table, "-cg", graph, "-cg-no-services"]


def is_proof(prover, answer):
  """Whether WP's line about a goal, its prover in brackets and what comes after the name, says that it is proved."""
  return re.match(r"(?:Qed|CFG|Z3|CVC4|Cache)", prover) is not None and answer.startswith(" : Valid")


def goals_of(functions, text):
  """For each function, the goals of its own that WP tells of in this text, and those of them proved."""
  goals = {function: {} for function in functions}
  for prover, name, answer in re.findall(r"^\[wp\] \[([\w. -]+)\] Goal (?:typed_)?(\w+)(.*)", text, re.M):
    of = [function for function in functions if name.startswith(function + "_")]
    if of:
      goals[max(of, key=len)][name] = is_proof(prover, answer)
  return goals


def judge(file, functions, status, output, rows, calls, expected):
  """For each function: goals, goals proved and every reason not to call it proved, from what Frama-C said.

  Three independent views must agree: WP's count, WP's lines, and the kernel's
  consolidated status of every property (rows). calls is what callees returns, expected
  the number of passes.
  """
  shared = []
  wp = output.split("[report]")[0]
  passes = [text for text in wp.split("[wp] Running WP plugin...")[1:]]
  if status != 0 or "User Error" in output or "aborted" in output:
    shared.append("Frama-C failed: " + " ".join(output.split("\n")[-4:])[:300])
  if len(passes) != expected:
    shared.append(f"{len(passes)} passes of WP instead of {expected}")
  smoke, proofs = passes[-1] if passes else "", passes[:-1]
  # A later pass takes up what is not proved yet, so the last one that had anything to do decides.
  totals = [[int(number) for number in total] for total in
            re.findall(r"^\[wp\] Proved goals: +(\d+) / (\d+)$", "".join(proofs), re.M)]
  open_goals = totals[-1][1] - totals[-1][0] if totals else 1
  if not totals or totals[0][1] == 0:
    shared.append("no goals")
  shared += re.findall(r"^\[wp\] \[(?!Passed)\w+\] Smoke-test .*$", wp, re.M)
  # A warning is always something that is not looked at or taken for granted.
  for warning in re.findall(r"^\[[\w:-]+\] .*Warning:.*(?:\n  .*)?", output, re.M):
    if not any(text in warning for text in HARMLESS_WARNINGS):
      shared.append(" ".join(warning.split()))
  for row in rows:
    if (row["status"] == "Considered valid" and not row["directory"].startswith("FRAMAC_SHARE")
        and row["property kind"] not in CONTRACT_KINDS):
      shared.append(f"admitted in the file: {row['property kind']}: {row['property']}")
  first = goals_of(functions, proofs[0] if proofs else "")
  last = goals_of(functions, next((text for text in reversed(proofs) if "Proved goals:" in text), ""))
  named = sum(not proved for goals in last.values() for proved in goals.values())
  if named < open_goals:
    shared.append(f"{open_goals} goals are not proved, of which WP names {named}")
  claimed = {function for _, function in frama_c.claims()}.union(functions, TRUSTED.get(file, ()))
  result = {}
  for function in functions:
    reasons = list(shared)
    reasons += [f"not proved: {name}" for name, proved in last[function].items() if not proved]
    # Preconditions are goals of the callers.
    own = [row for row in rows if row["function"] == function and row["property kind"] != "precondition"]
    for row in own:
      if row["status"] not in ("Valid", "Partially proven"):
        reasons.append(f"{row['status']}: {row['property kind']} in line {row['line']}: {row['property']}")
    for kind in ("termination clause", "assigns clause"):
      if not any(row["property kind"] == kind for row in own):
        reasons.append("no " + kind)
    if not first[function]:
      reasons.append("no goals")
    demanding = any(row["function"] == function and row["property kind"] == "precondition" for row in rows)
    if demanding and f"Smoke-test typed_{function}_wp_smoke_default_requires" not in smoke:
      reasons.append("no smoke test of its preconditions")
    if function not in calls:
      reasons.append("not in the call graph")
    reasons += [f"relies on {callee}, which is not claimed" for callee in calls.get(function, [])
                if callee not in claimed]
    missing = sum(not proved for proved in last[function].values())
    result[function] = (len(first[function]), len(first[function]) - missing, list(dict.fromkeys(reasons)))
  return result


def callees(functions, graph):
  """For each function of the call graph, those that it calls: whose contracts it relies on."""
  edges = re.findall(r"^ *(\w+) -> (\w+)\b", graph, re.M)
  return {function: sorted({callee for caller, callee in edges if caller == function})
          for function in functions if re.search(rf"^ *{function} \[", graph, re.M)}


def read_text(path):
  if not os.path.exists(path):
    return ""
  with open(path, encoding="utf-8", errors="replace") as file:
    return file.read()


def read_table(path):
  rows = csv.DictReader(read_text(path).split("\n"), delimiter="\t", quoting=csv.QUOTE_NONE)
  # A property of several lines makes rows that are not rows.
  return [row for row in rows if row["property"] is not None]


def prove(file, functions, options, folder):
  name = f"{os.path.basename(file)}.{functions[0]}"
  start = time.monotonic()
  table, graph = os.path.join(folder, name + ".csv"), os.path.join(folder, name + ".dot")
  arguments = command(file, functions, options.timeout, options.par, options.cache, table, graph)
  status, output = frama_c.run(arguments, **environment(folder))
  calls = callees(functions, read_text(graph))
  results = judge(file, functions, status, output, read_table(table), calls, arguments.count("-wp"))
  seconds = time.monotonic() - start
  if options.log:
    with open(os.path.join(options.log, name + ".log"), "w", encoding="utf-8") as log:
      log.write(output)
  return [{"file": file, "function": function, "goals": goals, "proved": proved, "seconds": round(seconds, 1),
           "status": "not proved" if reasons else "proved", "reasons": reasons, "calls": calls.get(function, [])}
          for function, (goals, proved, reasons) in results.items()]


# One goal that follows and one that does not, each from a statement about all values, so that Qed leaves both to a
# prover. The numbers are new each time: no answer can be kept for them.
CANARY = """
/*@ requires valid: \\valid_read(p + (0 .. 999));
    requires all: \\forall integer k; 0 <= k < 1000 ==> p[k] == 3 * k + {a};
    terminates \\true;
    exits \\false;
    assigns \\nothing;
    ensures follows: \\forall integer k; {b} <= k < {c} ==> p[k] - {a} == 3 * k;
    ensures never: \\forall integer k; {b} <= k < {c} ==> p[k] - {a} == 3 * k + 1;
*/
void canary(const int *p) {{ (void)p; }}
"""


def canaries(folder):
  """Whether each prover proves what follows and does not prove what is false; returns what is wrong with them."""
  file = os.path.join(folder, "canary.c")
  with open(file, "w", encoding="utf-8") as text:
    text.write(CANARY.format(a=random.randrange(10, 99), b=random.randrange(1, 400), c=random.randrange(500, 999)))

  def ask(prover):
    return frama_c.run(["frama-c", "-wp", "-wp-prover", prover, "-wp-timeout", "60", "-wp-steps", str(QUICK_STEPS),
                        "-wp-cache", "none", file], **environment(folder))[1]

  wrong = []
  with concurrent.futures.ThreadPoolExecutor(len(NODES)) as pool:
    outputs = list(pool.map(ask, NODES))
  for prover, output in zip(NODES, outputs):
    answers = {goal: (tool, answer) for tool, goal, answer in
               re.findall(r"^\[wp\] \[([\w. -]+)\] Goal typed_canary_ensures_(follows|never)(.*)", output, re.M)}
    if not is_proof(*answers.get("follows", ("", ""))) or answers["follows"][0] == "Qed":
      wrong.append(f"{prover} does not prove what follows")
    if "never" not in answers or is_proof(*answers["never"]):
      wrong.append(f"{prover} proves what is false")
  return wrong


def groups_of(pairs):
  """The pairs of file and function as groups for one run of Frama-C each: a file and some functions."""
  functions = {}
  for file, function in pairs:
    functions.setdefault(file, []).append(function)
  return [(file, names[start:start + GROUP]) for file, names in functions.items()
          for start in range(0, len(names), GROUP)]


def shard_of(items):
  """The part of the items that is this shard's, of a Bazel test that is split; all of them elsewhere."""
  shards, shard = int(os.environ.get("TEST_TOTAL_SHARDS", "1")), int(os.environ.get("TEST_SHARD_INDEX", "0"))
  if "TEST_SHARD_STATUS_FILE" in os.environ:
    with open(os.environ["TEST_SHARD_STATUS_FILE"], "w", encoding="utf-8"):
      pass
  return items[len(items) * shard // shards:len(items) * (shard + 1) // shards]


def print_result(result, progress):
  print(f"{progress:9} {result['file']:22} {result['function']:32} {result['goals']:5} goals {result['proved']:5} proved "
        f"{result['seconds']:7.1f} s  {result['status']}", flush=True)
  for reason in result["reasons"]:
    print("    " + reason, flush=True)


def trust_provers(folder):
  """Raises an error if a prover is not one."""
  wrong = canaries(folder)
  if wrong:
    raise RuntimeError("prove: the provers are not to be trusted, so nothing is proved: " + "; ".join(wrong) +
                       "\nprove: look at what `which z3 cvc4 why3 frama-c` finds, and run ci/setup")


def prove_all(groups, options):
  """Proves the groups, options.jobs at a time; prints each result as it comes, returns all in order."""
  for folder in (options.cache, options.log):
    if folder:
      os.makedirs(folder, exist_ok=True)
  with tempfile.TemporaryDirectory(prefix="prove.") as folder:
    why3_configuration(folder)
    trust_provers(folder)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
      futures = [pool.submit(prove, file, functions, options, folder) for file, functions in groups]
      done, total = 0, sum(len(functions) for _, functions in groups)
      try:
        for future in concurrent.futures.as_completed(futures):
          for result in future.result():
            done += 1
            print_result(result, f"[{done}/{total}]")
      except BaseException:
        # An error of ours must not wait for the rest of an hour's work.
        pool.shutdown(cancel_futures=True)
        raise
    trust_provers(folder)
  return [result for future in futures for result in future.result()]


def add_options(parser):
  parser.add_argument("--timeout", type=int, default=24, metavar="S", help="seconds for each goal (24)")
  parser.add_argument("--jobs", type=int, default=1, metavar="N", help="runs of Frama-C at a time (1)")
  parser.add_argument("--par", type=int, default=1, metavar="N", help="provers at a time for a run (1)")
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
  groups = shard_of(groups_of(pairs))
  if options.show_command:
    for file, functions in groups:
      print(shlex.join(command(file, functions, options.timeout, options.par, options.cache, "TABLE", "GRAPH")))
    return 0
  try:
    results = prove_all(groups, options)
  except RuntimeError as error:
    print(error)
    return 1
  if options.json:
    with open(options.json, "w", encoding="utf-8") as file:
      json.dump(results, file, indent=2)
      file.write("\n")
  bad = sum(result["status"] != "proved" for result in results)
  print(f"prove: {len(results) - bad} of {len(results)} functions proved")
  return 1 if bad else 0


if __name__ == "__main__":
  sys.exit(main())
