#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Does the proof notice? Changes one place at a time, in a copy of the tree, and proves what the change is in.

  run.py                 all mutants of mutants.txt
  run.py --only NAME...  these
  run.py --list          what there is; no proof is run
  run.py --check         whether the list still fits the sources; no proof is run
  run.py --self-test     mutants that must be reported as survived, as killed and as errors

A mutant is killed if a goal of the function that it names is not proved any more. It only counts if
- its text stands at exactly one place;
- Frama-C reads the changed source, and WP looks at all of it: a parse error is no kill;
- the unchanged function is proved, and in half the time that each goal of the mutant gets (which is why
  functions with slow goals get more than others): so it is not the machine's load that kills.
Exit status 1: a mutant survives that is not explained in the list, an explained one does not, or an error.
"""

import argparse
import collections
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(sys.argv[0]))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.dirname(HERE))

import frama_c  # pylint: disable=wrong-import-position
import prove  # pylint: disable=wrong-import-position

frama_c.ROOT = ROOT

LIST = "mutants.txt"
RESULTS = "RESULTS.md"
KINDS = ("code", "contract")
# A run that takes longer than this is stuck.
RUN_SECONDS = 900
# The unchanged functions are tried with half of --timeout for each goal, then with twice that, and so on.
CONTROL_TRIES = 4
# What is proved of them need not be proved again where a change leaves it alone: how WP uses its cache for that.
REMEMBER, RECALL = "rebuild", "replay"
# What is to be ended and removed when this is ended from outside: Frama-C has its own process group.
RUNNING, FOLDERS = set(), set()
# What WP prints when all provers gave up on a goal, whichever word it has for that.
UNPROVED = re.compile(r"^\[wp\] \[(?:Failed|Timeout|Unknown|Stepout|Invalid)\] Goal typed_(\S+)")
TOTAL = re.compile(r"^\[wp\] Proved goals: +(\d+) / (\d+)$", re.M)
# Signs that WP was not told, or did not look at, what the verdict would rest on. Goals may have such names.
UNUSABLE = re.compile(r"^(?!.*\bGoal typed_).*(?:[Uu]ser [Ee]rror|aborted|syntax error|Plug-in \S+ failed|"
                      r"Missing (?:assigns|decreases)|[Nn]either code nor).*$", re.M)

Mutant = collections.namedtuple("Mutant", "name kind file prove inside why survives old new")
Result = collections.namedtuple("Result", "status goals seconds note")


class ListError(ValueError):
  """The list cannot be read, or a mutant in it does not fit the sources."""


# ---- the list ----

def parse(text):
  """The mutants of a list, in order."""
  mutants = []
  for block in re.split(r"\n(?:[ \t]*\n)+", "\n" + text):
    lines = [line for line in block.split("\n") if line and not line.startswith("#")]
    if lines:
      mutants.append(parse_mutant(lines))
  names = [mutant.name for mutant in mutants]
  twice = sorted({name for name in names if names.count(name) > 1})
  if twice:
    raise ListError("twice in the list: " + ", ".join(twice))
  return mutants


def parse_mutant(lines):
  fields, old, new = {}, [], []
  for line in lines:
    match = re.fullmatch(r"([-+])(?: (.*))?", line)
    if match:
      (old if match.group(1) == "-" else new).append(match.group(2) or "")
      continue
    match = re.fullmatch(r"(name|kind|file|prove|in|why|survives): (.+)", line)
    if not match or match.group(1) in fields and match.group(1) != "survives":
      raise ListError(f"not a line of a mutant, or there twice: {line}")
    # A reason may need several lines.
    fields[match.group(1)] = (fields.get(match.group(1), "") + " " + match.group(2).strip()).strip()
  missing = [key for key in ("name", "kind", "file", "prove", "why") if key not in fields]
  if missing or not old or fields["kind"] not in KINDS:
    raise ListError(f"{fields.get('name', lines[0])}: incomplete: {', '.join(missing) or 'kind, or no old text'}")
  words = fields["prove"].split()
  if len(words) < 2:
    raise ListError(f"{fields['name']}: not 'FILE FUNCTION...': {fields['prove']}")
  return Mutant(fields["name"], fields["kind"], fields["file"], (words[0], tuple(words[1:])), fields.get("in"),
                fields["why"], fields.get("survives"), "\n".join(old), "\n".join(new))


def without_comments(text):
  """C text, annotations and other comments blank, everything else at its place."""
  return re.sub(r'/\*.*?\*/|//[^\n]*', lambda match: re.sub(r"[^\n]", " ", match.group()), text, flags=re.S)


def functions_in(text):
  """The C functions that a text defines: name, start and end."""
  found = re.finditer(r"^\w[^;{}#]*?\b(\w+)\([^;{}]*\)\s*\{.*?^\}", without_comments(text), re.M | re.S)
  return [(match.group(1), match.start(), match.end()) for match in found]


def region(text, name):
  """From the contract of a function (a ghost function, too) to the end of its body or prototype."""
  found = list(re.finditer(r"^\w[^;{}#\n]*\b" + name + r"\([^;{}]*?\)\s*(?:/\*@ ghost[^*]*\*/\s*)?(?:;|\{.*?^\})", text,
                           re.M | re.S))
  if len(found) != 1:
    raise ListError(f"function {name} stands there {len(found)} times")
  start = text.rfind("\n/*", 0, found[0].start())
  # Not past the end of whatever stands before.
  if start < 0 or "\n}\n" in text[start:found[0].start()] or ";\n\n" in text[start:found[0].start()]:
    start = found[0].start()
  return start, found[0].end()


def mutate(text, mutant):
  """The text with the mutant's change."""
  if mutant.old == mutant.new:
    raise ListError("changes nothing")
  start, end = region(text, mutant.inside) if mutant.inside else (0, len(text))
  count = text.count(mutant.old, start, end)
  if count != 1:
    raise ListError(f"its text stands there {count} times instead of once")
  at = text.index(mutant.old, start, end)
  changed = text[:at] + mutant.new + text[at + len(mutant.old):]
  # In the code means in the code, and not in an annotation; a contract's change leaves the code alone.
  different = without_comments(text).split() != without_comments(changed).split()
  if different != (mutant.kind == "code"):
    raise ListError(f"is no change of the kind '{mutant.kind}'")
  if mutant.kind == "code":
    home = [name for name, first, last in functions_in(text) if first <= at < last]
    if home and home[0] not in mutant.prove[1]:
      raise ListError(f"changes {home[0]} and proves {' '.join(mutant.prove[1])}")
  return changed


def read(root, path):
  with open(os.path.join(root, path), encoding="utf-8") as file:
    return file.read()


def problem(root, mutant, claims):
  """Why a mutant does not fit the tree; None if it does."""
  try:
    mutate(read(root, mutant.file), mutant)
  except (OSError, ListError) as error:
    return str(error)
  for function in mutant.prove[1]:
    if (mutant.prove[0], function) not in claims:
      return f"{mutant.prove[0]} {function} is not claimed as proved"
  return None


# ---- proofs ----

def copy_tree(root, place):
  for folder in ("include", "src", "proofs"):
    shutil.copytree(os.path.join(root, folder), os.path.join(place, folder),
                    ignore=shutil.ignore_patterns("mutants", "__pycache__"))
  for folder, _, names in os.walk(place):
    for name in names:
      os.chmod(os.path.join(folder, name), 0o644)


def give_up(_signal, _frame):
  for process in RUNNING.copy():
    stop(process)
  for folder in FOLDERS:
    shutil.rmtree(folder, ignore_errors=True)
  os._exit(1)


def stop(process):
  """Ends Frama-C and the provers that it started: it leads a process group of its own."""
  try:
    os.killpg(process.pid, signal.SIGKILL)
  except ProcessLookupError:
    pass


def run_proof(tree, pair, seconds, enough, work, answers):
  """Proves the functions of a file in a tree; ends when that many goals (0: all) are known to be not proved."""
  environment = {**os.environ, "PWD": tree, **prove.environment(work)}
  environment.pop("CPP", None)
  cached = ["-wp-cache", answers, "-wp-cache-dir", os.path.join(work, "cache")]
  # The first pass, with little time, and the last one, which gives up on goals. Those in between only matter where
  # many goals are left.
  command = prove.proof_command(pair[0], pair[1], seconds, 1, cached, between=False)
  last_pass = command.count("-wp")
  goals, lines, passes, stopped = [], [], 0, False
  start = time.monotonic()
  with subprocess.Popen(command, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                        text=True, errors="replace", start_new_session=True) as process:
    watch = threading.Timer(RUN_SECONDS, stop, [process])
    watch.start()
    RUNNING.add(process)
    for line in process.stdout:
      lines.append(line)
      passes += line.startswith("[wp] Running WP plugin...")
      match = UNPROVED.match(line)
      if match and passes == last_pass:
        goals.append(match.group(1))
        stopped = enough > 0 and len(goals) >= enough
      if stopped:
        break
    stop(process)
    RUNNING.discard(process)
    watch.cancel()
  taken = round(time.monotonic() - start, 1)
  return judge("".join(lines), process.returncode, stopped, goals, taken, pair)


def judge(output, status, stopped, goals, seconds, pair):
  """What came of a run, from what Frama-C said."""
  unusable = UNUSABLE.search(output)
  if unusable:
    return Result("error", goals, seconds, "Frama-C: " + " ".join(unusable.group().split())[:160])
  looked_at = set(re.findall(r"^\[rte:annot\] annotating function (\w+)$", output, re.M))
  if not set(pair[1]) <= looked_at:
    last = " ".join(output.strip().split("\n")[-1].split())
    return Result("error", goals, seconds, "not looked at: " + " ".join(set(pair[1]) - looked_at) + ": " + last[:160])
  if stopped:
    return Result("killed", goals, seconds, "")
  # A later pass takes up what is not proved yet, so the last one that had anything to do decides.
  totals = TOTAL.findall(output)
  if status != 0 or not totals:
    return Result("error", goals, seconds, f"Frama-C ended with status {status} before its count of goals")
  proved, count = int(totals[-1][0]), int(totals[-1][1])
  if count == 0:
    return Result("error", goals, seconds, "no goal")
  if (proved == count) != (not goals):
    return Result("error", goals, seconds, f"{proved} of {count} goals proved, but {len(goals)} named as unproved")
  return Result("survived" if proved == count else "killed", goals, seconds, "")


def run_control(root, pair, options, work):
  """Proves the unchanged functions: what came of it, and the seconds that a goal of their mutants gets."""
  seconds = max(1, options.timeout // 2)
  for _ in range(CONTROL_TRIES):
    result = run_proof(root, pair, seconds, 1, work, REMEMBER)
    if result.status != "killed":
      break
    seconds *= 2
  return result, 2 * seconds


def run_mutant(root, mutant, seconds, options, work):
  with tempfile.TemporaryDirectory(prefix="tree.", dir=work) as tree:
    copy_tree(root, tree)
    changed = mutate(read(root, mutant.file), mutant)
    with open(os.path.join(tree, mutant.file), "w", encoding="utf-8") as file:
      file.write(changed)
    return run_proof(tree, mutant.prove, seconds, options.goals, work, RECALL)


def verdict(mutant, result):
  """killed, survived, unexplained, stale (explained, but killed) or error."""
  if result.status == "survived" and not mutant.survives:
    return "unexplained"
  if result.status == "killed" and mutant.survives:
    return "stale"
  return result.status


def in_parallel(function, items, jobs):
  """Calls the function for each item; yields number, item and result as they come."""
  with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
    futures = {pool.submit(function, item): item for item in items}
    for number, future in enumerate(concurrent.futures.as_completed(futures), 1):
      yield number, futures[future], future.result()


def print_mutant(count, mutant, result):
  said = verdict(mutant, result)
  text = {"unexplained": "SURVIVED, unexplained", "error": "ERROR", "survived": "survived as explained",
          "stale": "KILLED, though explained as surviving"}.get(said, said)
  rest = " ".join(result.goals) or result.note or mutant.survives or ""
  if said == "error":
    rest = result.note
  print(f"{count:>9} {mutant.name:36} {text:10} {result.seconds:6.1f} s  {rest}", flush=True)


def run_controls(root, mutants, options, work):
  """Proves what the mutants change as it is; the seconds that their goals get, of what was proved."""
  pairs = sorted({mutant.prove for mutant in mutants})
  granted = {}
  for number, pair, (result, seconds) in in_parallel(lambda item: run_control(root, item, options, work), pairs,
                                                     options.jobs):
    said = f"ERROR: not proved: {result.note} {' '.join(result.goals)}"
    if result.status == "survived":
      granted[pair] = seconds
      said = f"proved in {result.seconds} s, its goals get {seconds} s"
    print(f"{number:>4}/{len(pairs):<4} unchanged: {pair[0]} {' '.join(pair[1])}: {said}", flush=True)
  forget_failures(os.path.join(work, "cache"))
  return granted


def forget_failures(cache):
  """Leaves only proofs among the answers of the provers: a mutant's goals get more time, and a chance."""
  for entry in list(os.scandir(cache)):
    with open(entry.path, encoding="utf-8") as file:
      answer = file.read()
    # What was being written when a run was ended is no answer.
    if '"verdict": "valid"' not in answer or not answer.rstrip().endswith("}"):
      os.remove(entry.path)


@functools.lru_cache(maxsize=None)
def digest_of_sources(root):
  digest = hashlib.sha256()
  for folder in ("include/opae", "src", "proofs"):
    for name in sorted(os.listdir(os.path.join(root, folder))):
      if name.endswith((".c", ".h")):
        digest.update(read(root, os.path.join(folder, name)).encode())
  return digest.hexdigest()


def key_of(root, mutant):
  """Tells results of these sources and this change from those of others."""
  return hashlib.sha256((digest_of_sources(root) + repr(mutant)).encode()).hexdigest()[:16]


def recall(root, mutants, path):
  """The results that an earlier run kept of these mutants, by name."""
  if not path or not os.path.exists(path):
    return {}
  with open(path, encoding="utf-8") as file:
    kept = {key: fields for key, *fields in map(json.loads, file)}
  keys = {mutant.name: key_of(root, mutant) for mutant in mutants}
  return {name: Result(*kept[key]) for name, key in keys.items() if key in kept}


def remember(root, path, mutant, result):
  """Keeps a result, if it is one: errors are tried again."""
  if path and result.status != "error":
    with open(path, "a", encoding="utf-8") as file:
      file.write(json.dumps([key_of(root, mutant), *result]) + "\n")


def run_all(root, mutants, options, claims):
  """Runs the mutants and prints a line for each; returns their results by name."""
  results = recall(root, mutants, options.resume)
  for mutant in [mutant for mutant in mutants if mutant.name not in results]:
    found = problem(root, mutant, claims)
    if found:
      results[mutant.name] = Result("error", [], 0.0, found)
      print_mutant("", mutant, results[mutant.name])
  with tempfile.TemporaryDirectory(prefix="mutants.") as work:
    FOLDERS.add(work)
    prove.why3_configuration(work)
    os.mkdir(os.path.join(work, "cache"))
    seconds = run_controls(root, [mutant for mutant in mutants if mutant.name not in results], options, work)
    todo = []
    for mutant in mutants:
      if mutant.prove in seconds and mutant.name not in results:
        todo.append(mutant)
      elif mutant.name not in results:
        results[mutant.name] = Result("error", [], 0.0, "the unchanged function is not proved")
        print_mutant("", mutant, results[mutant.name])
    for number, mutant, result in in_parallel(
        lambda item: run_mutant(root, item, seconds[item.prove], options, work), todo, options.jobs):
      results[mutant.name] = result
      remember(root, options.resume, mutant, result)
      print_mutant(f"{number}/{len(todo)}", mutant, result)
  return results


def summary(mutants, results):
  """The last line, and the exit status."""
  count = collections.Counter(verdict(mutant, results[mutant.name]) for mutant in mutants)
  line = (f"{count['killed'] + count['stale']} killed, {count['survived'] + count['unexplained']} survived, "
          f"{count['unexplained']} unexplained")
  if count["error"]:
    line += f", {count['error']} errors"
  if count["stale"]:
    line += f", {count['stale']} killed that the list explains as surviving"
  return line, 1 if count["unexplained"] or count["error"] or count["stale"] else 0


# ---- the table for readers ----

def cell(text):
  return text.replace("|", "\\|").replace("\n", " ")


def change(mutant):
  """Old and new in one line: only what differs of the words, with one word on each side."""
  old, new = mutant.old.split(), mutant.new.split()
  head = 0
  while head < min(len(old), len(new)) and old[head] == new[head]:
    head += 1
  tail = 0
  while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
    tail += 1
  head, tail = max(head - 1, 0), max(tail - 1, 0)
  short = [" ".join(words[head:len(words) - tail]) for words in (old, new)]
  return " → ".join(f"`{text}`" if text else "(nothing)" for text in short)


def write_results(path, mutants, results, line):
  modules = collections.Counter(os.path.basename(mutant.file) for mutant in mutants)
  with open(path, "w", encoding="utf-8") as file:
    file.write("# Mutants and what notices them\n\n")
    file.write("Written by `proofs/mutants/run.py --write`; the mutants themselves are in `mutants.txt`.\n\n")
    file.write(f"{line}. By file: " + ", ".join(f"{name} {number}" for name, number in sorted(modules.items())) + ".\n\n")
    file.write("| mutant | kind | file | change | why it is wrong | first goals that are not proved any more |\n")
    file.write("|---|---|---|---|---|---|\n")
    for mutant in mutants:
      result = results[mutant.name]
      goals = ", ".join(f"`{goal}`" for goal in result.goals)
      outcome = goals if result.status == "killed" else f"{result.status}: {result.note or mutant.survives}"
      cells = (mutant.name, mutant.kind, mutant.file, change(mutant), mutant.why, outcome)
      file.write("| " + " | ".join(cell(text) for text in cells) + " |\n")


# ---- the runner's own test ----

SELF_TEST = """
name: killed
kind: code
file: src/fit.c
prove: src/fit.c fit_place
why: the last address is not looked at
- first > last || last - first < span) {
+ first > last) {

name: survives
kind: code
file: src/fit.c
prove: src/fit.c fit_place
why: it is not wrong
- first > last || last
+ last < first || last

name: survives-explained
kind: code
file: src/fit.c
prove: src/fit.c fit_place
why: it is not wrong
survives: the same the other way round
- first > last || last
+ last < first || last

name: killed-explained
kind: code
file: src/fit.c
prove: src/fit.c fit_place
why: the last address is not looked at
survives: so somebody thought
- first > last || last - first < span) {
+ first > last) {

name: not-there
kind: code
file: src/fit.c
prove: src/fit.c fit_place
why: an old list
- no such text
+ whatever

name: there-twice
kind: code
file: src/fit.c
prove: src/fit.c fit_place
why: which one
- uint64_t first = 0;
+ uint64_t first = 1;

name: same-text
kind: code
file: src/fit.c
prove: src/fit.c fit_place
why: changes nothing at all
- first > last || last
+ first > last || last

name: in-the-contract
kind: code
file: src/fit.h
prove: src/fit.c fit_place
why: it claims to be code
- ensures untouched: !\\result ==> *place == \\old(*place);

name: elsewhere
kind: code
file: src/fit.c
prove: src/fit.c fit_place
why: what is proved is not what is changed
- request.span = size - 1u;
+ request.span = size;

name: does-not-parse
kind: code
file: src/fit.c
prove: src/fit.c fit_place
why: no C
- *place = first;
+ *place = first

name: no-such-term
kind: contract
file: src/fit.h
prove: src/fit.c fit_place
why: no ACSL
- ensures untouched: !\\result ==> *place == \\old(*place);
+ ensures untouched: !\\result ==> *place == \\old(no_such_thing);

name: not-claimed
kind: code
file: src/fit.c
prove: src/fit.c fit_place no_such_function
why: nothing to prove
- *place = first;
+ *place = last;

name: contract-killed
kind: contract
file: src/bits.h
prove: src/fit.c fit_place
why: the callee promises nothing
- ensures none: !\\result ==> \\forall integer p; aligned(p, k) && a <= p ==> UINT64_MAX < p;
"""
# What each must be reported as, and a part of the reason if it is an error.
SELF_TEST_EXPECTED = {
  "killed": ("killed", ""), "survives": ("unexplained", ""), "survives-explained": ("survived", ""),
  "killed-explained": ("stale", ""), "not-there": ("error", "0 times"), "there-twice": ("error", "2 times"),
  "same-text": ("error", "changes nothing"), "in-the-contract": ("error", "no change of the kind"),
  "elsewhere": ("error", "changes fit_needs"), "does-not-parse": ("error", "syntax error"),
  "no-such-term": ("error", "rror"), "not-claimed": ("error", "not claimed"), "contract-killed": ("killed", ""),
}
BAD_LISTS = ("name: a\n- x\n", "name: a\nkind: wish\nfile: f\nprove: f g\nwhy: w\n- x\n", "no list\n",
             "name: a\nkind: code\nfile: f\nprove: f g\nwhy: w\n", "\n\n".join([SELF_TEST, SELF_TEST]))


def self_test(options, claims):
  failures = []
  for text in BAD_LISTS:
    try:
      parse(text)
      failures.append("read a bad list: " + text[:40])
    except ListError:
      pass
  mutants = parse(SELF_TEST)
  results = run_all(ROOT, mutants, options, claims)
  for mutant in mutants:
    said, (expected, reason) = verdict(mutant, results[mutant.name]), SELF_TEST_EXPECTED[mutant.name]
    if said != expected or reason not in results[mutant.name].note:
      failures.append(f"{mutant.name}: {said} ({results[mutant.name].note}) instead of {expected} ({reason})")
  # Each alone decides the exit status as it should.
  for mutant in mutants:
    expected = 0 if SELF_TEST_EXPECTED[mutant.name][0] in ("killed", "survived") else 1
    if summary([mutant], results)[1] != expected:
      failures.append(f"{mutant.name} alone: exit status is not {expected}")
  # An original that is not proved itself proves nothing of a mutant.
  with tempfile.TemporaryDirectory(prefix="mutants.") as place:
    copy_tree(ROOT, place)
    with open(os.path.join(place, "src/fit.c"), "w", encoding="utf-8") as file:
      file.write(mutate(read(ROOT, "src/fit.c"), mutants[0]))
    broken = mutants[0]._replace(name="original-not-proved", old="*place = first;", new="*place = last;")
    result = run_all(place, [broken], options, claims)[broken.name]
    if result.status != "error" or "not proved" not in result.note:
      failures.append(f"unproved original: {result}")
  for failure in failures:
    print("FAIL: " + failure)
  print(f"self-test: {len(failures)} failures")
  return 1 if failures else 0


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--only", nargs="+", metavar="NAME", help="run these mutants")
  parser.add_argument("--list", action="store_true", help="print the mutants, and do nothing")
  parser.add_argument("--check", action="store_true", help="only check that every mutant fits the sources")
  parser.add_argument("--self-test", action="store_true", help="test the runner")
  parser.add_argument("--jobs", type=int, default=2, metavar="N", help="mutants at a time (2)")
  parser.add_argument("--timeout", type=int, default=4, metavar="S",
                      help="seconds for each goal and prover (4); more where the unchanged function is slow")
  parser.add_argument("--goals", type=int, default=1, metavar="N",
                      help="stop a mutant after N goals that are not proved; 0: name all (1)")
  parser.add_argument("--resume", metavar="FILE", help="keep results there, and leave out mutants that have one there")
  parser.add_argument("--write", action="store_true", help=f"write the results to {RESULTS} beside the list")
  options = parser.parse_args()
  for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, give_up)
  claims = frama_c.claims()
  if options.self_test:
    return self_test(options, claims)
  mutants = parse(read(HERE, LIST))
  if options.only:
    unknown = set(options.only) - {mutant.name for mutant in mutants}
    if unknown:
      parser.error("not in the list: " + ", ".join(sorted(unknown)))
    mutants = [mutant for mutant in mutants if mutant.name in options.only]
  mutants = prove.shard_of(mutants)
  if options.list:
    for mutant in mutants:
      print(f"{mutant.name:36} {mutant.kind:8} {mutant.file:20} {' '.join(mutant.prove[1]):24} {mutant.why}")
    return 0
  if options.check:
    problems = [f"{mutant.name}: {found}" for mutant in mutants for found in [problem(ROOT, mutant, claims)] if found]
    for line in problems:
      print(line)
    print(f"{len(mutants)} mutants, {len(problems)} do not fit the sources")
    return 1 if problems or not mutants else 0
  start = time.monotonic()
  results = run_all(ROOT, mutants, options, claims)
  line, status = summary(mutants, results)
  if options.write and not options.only:
    write_results(os.path.join(HERE, RESULTS), mutants, results, line)
  print(f"{round(time.monotonic() - start)} s")
  print(line)
  return status


if __name__ == "__main__":
  try:
    sys.exit(main())
  except (OSError, RuntimeError, ValueError) as error:
    print(f"run.py: {error}")
    sys.exit(1)
