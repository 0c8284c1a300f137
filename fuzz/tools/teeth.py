#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Does fuzzing notice what the proof notices, and more? Fuzzes every code mutant of proofs/mutants/mutants.txt, and
every bug of fuzz/planted (in statistics, outputs, destroy ...), as planted-NAME.

  teeth.py                 all code mutants
  teeth.py --only NAME...  these
  teeth.py --self-test     the allocator as it is must not be found, one broken on purpose must

A mutant is applied to a copy of the tree; the engine is started as ci/fuzz starts it, with its options. The targets are fuzzed one after the other from the committed corpus,
until one finds it or the seconds are used up (building does not count). Those that mutants.txt explains as
equivalent are left out: they change nothing that could be seen. Any other that is not found must be explained in
teeth_survivors.txt ("NAME: why", one a line).
Exit status 1: one that is not found and not explained, one that is explained there and found, or an error.
"""

import argparse
import collections
import concurrent.futures
import glob
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

FUZZ = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[0])))
ROOT = os.path.dirname(FUZZ)
sys.path.insert(0, FUZZ)

from campaign.common import all_targets, limits, text_of  # pylint: disable=wrong-import-position
from campaign.engines import LibFuzzer  # pylint: disable=wrong-import-position
from campaign.kinds import kind_of  # pylint: disable=wrong-import-position
from campaign.programs import Setup  # pylint: disable=wrong-import-position

SURVIVORS = "fuzz/tools/teeth_survivors.txt"
TABLE = "fuzz/TEETH.md"
# What a broken file shows up in first; the other targets follow.
ORDER = ["operations_fuzz", "malloc_failures_fuzz", "static_storage_fuzz", "constraints_fuzz", "differential_fuzz",
         "long_lived_fuzz", "damaged_storage_fuzz"]
FIRST = {"src/valid.c": "damaged_storage_fuzz", "src/constraint.c": "constraints_fuzz",
         "src/beside.c": "constraints_fuzz", "src/run.c": "constraints_fuzz", "src/node.h": "differential_fuzz"}
# The targets that most mutants need; without these, a target is tried for this share of the time.
ROUNDS = (0.1, 0.9)

SETUP = Setup("libfuzzer", "address", "")

Outcome = collections.namedtuple("Outcome", "status target seconds executions said")
Planted = collections.namedtuple("Planted", "name file why script")


class Quiet(LibFuzzer):
  """libFuzzer as ci/fuzz starts it, without a line every five seconds: several mutants are fuzzed at a time."""

  def show_progress(self):
    self.take_sample(self.figures())


def planted():
  """The bugs of fuzz/planted: a script for sed, which says in comments which file it changes, and what is wrong."""
  result = []
  for script in sorted(glob.glob(os.path.join(FUZZ, "planted", "*.sed"))):
    comments = re.findall(r"^# (.*)$", text_of(script), re.M)
    file = next(line[len("file: "):] for line in comments if line.startswith("file: "))
    why = " ".join(line for line in comments if not line.startswith(("file: ", "target: ", "SPDX")))
    result.append(Planted("planted-" + os.path.basename(script)[:-len(".sed")], file, why.rstrip("."), script))
  return result


def load_mutants():
  """The list of the proof's mutants, and the program that can read and apply it."""
  path = os.path.join(ROOT, "proofs", "mutants", "run.py")
  spec = importlib.util.spec_from_file_location("mutants_run", path)
  program = importlib.util.module_from_spec(spec)
  # It finds the list beside the program that is run.
  argument, sys.argv[0] = sys.argv[0], path
  try:
    spec.loader.exec_module(program)
  finally:
    sys.argv[0] = argument
  mutants = program.parse(program.read(os.path.dirname(path), program.LIST))
  return program, [mutant for mutant in mutants if mutant.kind == "code"
                   and not (mutant.survives or "").startswith("equivalent")]


def survivors():
  """Why a mutant is not found, by name."""
  result = {}
  with open(os.path.join(ROOT, SURVIVORS), encoding="utf-8") as file:
    for line in file:
      if line.strip() and not line.startswith("#"):
        name, separator, why = line.partition(":")
        if not separator or not why.strip() or name in result:
          raise ValueError(f"{SURVIVORS}: not 'NAME: why', or there twice: {line.strip()}")
        result[name] = why.strip()
  return result


def copy_tree(place):
  for folder in ("include", "src", "fuzz", "tests/model"):
    shutil.copytree(os.path.join(ROOT, folder), os.path.join(place, folder),
                    ignore=shutil.ignore_patterns("corpus", "__pycache__"))
  os.makedirs(os.path.join(place, "proofs"))
  for name in os.listdir(os.path.join(ROOT, "proofs")):
    if name.endswith(".h"):
      shutil.copy(os.path.join(ROOT, "proofs", name), os.path.join(place, "proofs", name))


def call(command, **more):
  done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                        text=True, errors="replace", check=False, **more)
  return done.returncode, done.stdout


def targets_for(file, every):
  order = [name for name in ORDER if name in every] + [name for name in every if name not in ORDER]
  first = FIRST.get(file)
  return ([first] if first in order else []) + [name for name in order if name != first]


def fuzz(programs, target, seconds, work):
  """One target for so many seconds: found or not, seconds, executions, what was said."""
  options = argparse.Namespace(setup=SETUP, engine="libfuzzer", jobs=1, keep_going=False, from_nothing=False,
                               max_len=int(limits()["max_len"]))
  engine = Quiet(target, options, programs, os.path.join(work, "campaign", target))
  result = engine.fuzz(max(1, round(seconds)), argparse.Namespace(is_set=False))
  if "broken" in result:
    raise RuntimeError(f"{target}: {result['broken']}"[-600:])
  said = kind_of(text_of(engine.log(0)), 1).text if engine.found() else ""
  return bool(engine.found()), result["seconds"], result["execs"], said[:100]


def build(tree, target, out):
  # What a mutant leaves unused is no error here: the compiler does not have to find it.
  compiler = os.path.join(out, "compiler.sh")
  with open(compiler, "w", encoding="utf-8") as file:
    file.write('#!/bin/sh\nexec "${TEETH_CLANG}" "$@" -Wno-error\n')
  os.chmod(compiler, 0o755)
  status, output = call([os.path.join(tree, "fuzz", "build.sh"), "--target", target, out],
                        env={**os.environ, "SOURCE_ROOT": tree, "CLANG": compiler,
                             "TEETH_CLANG": os.environ.get("CLANG", "clang-19")})
  if status != 0:
    raise RuntimeError("does not compile: " + output[-600:])


def hunt(tree, file, seconds, every, work):
  """Fuzzes the tree's targets until one finds something or the seconds are used up."""
  spent, executions = 0.0, 0
  order = targets_for(file, every)
  for share in ROUNDS:
    for target in order:
      binary = os.path.join(work, target)
      if not os.path.exists(binary):
        build(tree, target, work)
      # What was found so far stays in the target's own folder, and the next round starts from there.
      found, taken, count, said = fuzz(work, target, seconds * share / len(order), work)
      spent += taken
      executions += count
      if found:
        return Outcome("found", target, spent, executions, said)
  return Outcome("not found", "", spent, executions, "")


def try_mutant(program, mutant, seconds, every):
  with tempfile.TemporaryDirectory(prefix="teeth.") as work:
    tree = os.path.join(work, "tree")
    try:
      copy_tree(tree)
      place = os.path.join(tree, mutant.file)
      if isinstance(mutant, Planted):
        subprocess.run(["sed", "-i", "-f", mutant.script, place], check=True)
        changed = text_of(place)
      else:
        changed = program.mutate(program.read(ROOT, mutant.file), mutant)
        with open(place, "w", encoding="utf-8") as file:
          file.write(changed)
      if changed == program.read(ROOT, mutant.file):
        raise ValueError(f"{mutant.name} changes nothing")
      return hunt(tree, mutant.file, seconds, every, work)
    except (OSError, RuntimeError, ValueError) as error:
      return Outcome("error", "", 0.0, 0, " ".join(str(error).split())[:300])


def verdict(mutant, outcome, explained):
  """found, explained, UNEXPLAINED, STALE (explained, but found) or ERROR."""
  if outcome.status == "error":
    return "ERROR"
  if outcome.status == "found":
    return "STALE" if mutant.name in explained else "found"
  return "explained" if mutant.name in explained else "UNEXPLAINED"


def reason(mutant, outcome, explained):
  return outcome.said or explained.get(mutant.name, "")


def known(path):
  """Outcomes that an earlier run left in a file, by mutant; none if there is no file."""
  if not path or not os.path.exists(path):
    return {}
  with open(path, encoding="utf-8") as file:
    return {name: Outcome(**fields) for name, fields in json.load(file).items()}


def keep(path, outcomes):
  if path:
    with open(path, "w", encoding="utf-8") as file:
      json.dump({name: outcome._asdict() for name, outcome in outcomes.items()}, file, indent=1)


def run_all(program, mutants, options, every, explained):
  outcomes = known(options.resume)
  mutants = [mutant for mutant in mutants if mutant.name not in outcomes]
  with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
    futures = {pool.submit(try_mutant, program, mutant, options.seconds, every): mutant for mutant in mutants}
    for number, future in enumerate(concurrent.futures.as_completed(futures), 1):
      mutant, outcome = futures[future], future.result()
      outcomes[mutant.name] = outcome
      keep(options.resume, outcomes)
      print(f"{number:>4}/{len(mutants)} {mutant.name:36} {verdict(mutant, outcome, explained):12} {outcome.target:22} "
            f"{outcome.seconds:6.1f} s {outcome.executions:9} executions  {reason(mutant, outcome, explained)}", flush=True)
  return outcomes


def write_table(mutants, outcomes, explained, line):
  def cell(text):
    return text.replace("|", "\\|")
  with open(os.path.join(ROOT, TABLE), "w", encoding="utf-8") as file:
    file.write("# What fuzzing finds of the proof's mutants\n\nWritten by `fuzz/tools/teeth.py --write`. libFuzzer with "
               "AddressSanitizer and UndefinedBehaviorSanitizer, from the committed corpus.\n\n" + line + "\n\n")
    file.write("| mutant | file | why it is wrong | target | seconds | executions | what was said, or why it is not found |\n")
    file.write("|---|---|---|---|---|---|---|\n")
    for mutant in mutants:
      outcome = outcomes[mutant.name]
      found = outcome.status == "found"
      file.write("| " + " | ".join([mutant.name, mutant.file, cell(mutant.why), outcome.target or outcome.status,
                                    f"{outcome.seconds:.1f}" if found else "", str(outcome.executions) if found else "",
                                    cell(reason(mutant, outcome, explained))]) + " |\n")


def self_test(program, mutants, options, every):
  """Is nothing found in the allocator as it is, is something found in a broken one, and no error hidden?"""
  some = next(mutant for mutant in mutants if mutant.name == "log2-limit")
  same = some._replace(name="unchanged", new=some.old.replace("(", "((").replace(")", "))"))
  bad = some._replace(name="does-not-compile", new=some.old + " no C")
  found = {mutant.name: try_mutant(program, mutant, options.seconds, every) for mutant in (some, same, bad)}
  expected = {some.name: "found", "unchanged": "not found", "does-not-compile": "error"}
  failures = [f"{name}: {found[name]} instead of {expected[name]}" for name in expected
              if found[name].status != expected[name]]
  if verdict(same, found["unchanged"], {}) != "UNEXPLAINED" or verdict(some, found[some.name], {some.name: "x"}) != "STALE":
    failures.append("a verdict is wrong")
  for failure in failures:
    print("FAIL: " + failure)
  print(f"self-test: {len(failures)} failures")
  return 1 if failures else 0


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--only", nargs="+", metavar="NAME", help="these mutants")
  parser.add_argument("--seconds", type=int, default=60, metavar="N", help="for each mutant, building apart (60)")
  parser.add_argument("--jobs", type=int, default=2, metavar="N", help="mutants at a time (2)")
  parser.add_argument("--resume", metavar="FILE", help="keep outcomes there, and leave out those that are there")
  parser.add_argument("--write", action="store_true", help=f"write the table {TABLE}")
  parser.add_argument("--self-test", action="store_true", help="test this program")
  options = parser.parse_args()
  program, mutants = load_mutants()
  every = all_targets()
  if options.self_test:
    return self_test(program, mutants, options, every)
  mutants += planted()
  explained = survivors()
  unknown = (set(options.only or []) | set(explained)) - {mutant.name for mutant in mutants}
  if unknown:
    parser.error("no such code mutant: " + ", ".join(sorted(unknown)))
  if options.only:
    mutants = [mutant for mutant in mutants if mutant.name in options.only]
  outcomes = run_all(program, mutants, options, every, explained)
  count = collections.Counter(verdict(mutant, outcomes[mutant.name], explained) for mutant in mutants)
  line = (f"{count['found'] + count['STALE']} of {len(mutants)} code mutants found, {count['explained']} not found and "
          f"explained, {count['UNEXPLAINED']} not found and not explained, {count['ERROR']} errors, "
          f"{count['STALE']} found though explained")
  if options.write and not options.only:
    write_table(mutants, outcomes, explained, line)
  print("teeth: " + line)
  return 1 if count["UNEXPLAINED"] or count["ERROR"] or count["STALE"] else 0


if __name__ == "__main__":
  try:
    sys.exit(main())
  except (OSError, RuntimeError, ValueError) as error:
    print(f"teeth.py: {error}")
    sys.exit(1)
