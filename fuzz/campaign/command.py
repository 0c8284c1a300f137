# SPDX-License-Identifier: BSD-3-Clause
"""Fuzzes the allocator against its model with libFuzzer or AFL++, and says what was found.

The targets are those of fuzz/sources.txt; the seconds are spread over them. A campaign goes on where the last
one stopped: DIR/TARGET/corpus holds what it learnt, DIR/TARGET/findings what went wrong. Stored findings are run
again first: while one still fails, a campaign does; one that no longer does goes to DIR/TARGET/mended. The page
of the campaign is DIR/report/index.html. The inputs in fuzz/corpus and fuzz/fixed are only read. Ctrl-C ends a
campaign early, with its summary. More: fuzz/README.md.

exit code: 0 nothing was found, and nothing stored still fails; 1 something was found, or still fails, or
--measure was too slow; 2 bad usage, or a file to write that cannot be written; 3 nothing can be said: a target
was not built, ran nothing or its engine broke, the folder is in use or cannot be written, inputs are missing
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile

from campaign import folder as folders
from campaign import origin, reports
from campaign.common import BROKEN, FOUND, ROOT, SOUND, USAGE, Broken, Unusable, all_targets, limits
from campaign.engines import ENGINES
from campaign.findings import Store
from campaign.measure import measure
from campaign.programs import Programs, Setup

SHOWN_KINDS = 10


class Stop:
  """Set by Ctrl-C and by the signal that ends a process."""

  def __init__(self):
    self.is_set = False
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
      signal.signal(number, self.handle)

  def handle(self, _number, _frame):
    if not self.is_set:
      print("fuzz: stopping", flush=True)
    self.is_set = True


def fuzz_target(target, seconds, options, programs, home, stop):
  """The figures of one target; "broken" says why they are none, or not good."""
  try:
    return ENGINES[options.engine](target, options, programs, home).fuzz(seconds, stop)
  except (Broken, OSError) as why:
    return {"target": target, "broken": str(why), "seconds": 0, "execs": 0, "execs_per_second": 0, "corpus": 0,
            "coverage": 0, "operations": None, "operations_per_second": None, "samples": []}


def show_table(results):
  print(f"\n{'target':22} {'seconds':>8} {'execs':>12} {'exec/s':>9} {'operations':>13} {'op/s':>9} {'corpus':>7} "
        f"{'coverage':>9} {'findings':>9}")
  for result in results:
    operations = "-" if result["operations"] is None else result["operations"]
    speed = "-" if result["operations_per_second"] is None else result["operations_per_second"]
    print(f"{result['target']:22} {result['seconds']:>8} {result['execs']:>12} {result['execs_per_second']:>9} "
          f"{operations:>13} {speed:>9} {result['corpus']:>7} {result['coverage']:>9} {len(result['findings']):>9}")


def show_kinds(groups):
  """What was found, by kind, and what to do next."""
  for number, group in enumerate(groups[:SHOWN_KINDS], 1):
    print(f"{number}. {group['text']}" + (f" ({group['where']})" if group["where"] else ""))
    print(f"   {reports.state_of(group)}; {len(group['inputs'])} inputs of {', '.join(group['targets'])}; {group['reproducible']}"
          + (f"; minimised: {group['minimized']}" if group["minimized"] else ""))
    print(f"   to look at it: {group['command']}")
  if len(groups) > SHOWN_KINDS:
    print(f"and {len(groups) - SHOWN_KINDS} kinds more: see the page")


def judge(campaign):
  """The exit code; prints the verdict."""
  broken = [result for result in campaign["targets"] if "broken" in result]
  for result in broken:
    print(f"{result['target']}: {result['broken']}")
  for name, why in campaign["unknown"]:
    print(f"{name}: not run again: {why}")
  show_kinds(campaign["groups"])
  execs = sum(result["execs"] for result in campaign["targets"])
  seconds = round(sum(result["seconds"] for result in campaign["targets"]))
  how = ", interrupted" if campaign["interrupted"] else ""
  if campaign["groups"]:
    still = sum(group["known"] for group in campaign["groups"])
    print(f"fuzz: FAIL, {len(campaign['groups'])} kinds of findings, {still} of them known before, in {execs} runs and "
          f"{seconds} s{how}")
    return FOUND
  if broken or campaign["unknown"] or execs == 0:
    names = ", ".join([result["target"] for result in broken] + [name for name, _ in campaign["unknown"]])
    print(f"fuzz: FAIL, nothing can be said of: {names}" if names else f"fuzz: FAIL, nothing was run{how}")
    return BROKEN
  print(f"fuzz: PASS, {execs} runs in {seconds} s without findings{how}")
  return SOUND


def description(options, where_from, results, groups, replayed, stop):
  """All that is known of a campaign, for the verdict and the reports."""
  return {"origin": where_from, "ended": origin.now(), "engine": options.engine, "sanitizer": options.sanitizer,
          "jobs": options.jobs, "fan_out": options.setup.fan_out or "4", "max_len": options.max_len,
          "asked_seconds": options.seconds, "seconds": sum(result["seconds"] for result in results),
          "interrupted": stop.is_set, "targets": results, "groups": groups, "mended": replayed.mended,
          "unknown": [(f"{finding.target}/{finding.name}", why) for finding, why in replayed.unknown]}


def fuzz_all(options, targets, store, place, stop):
  """Fuzzes each target for its share of the time. Returns figures and findings."""
  # The exact sum: the first targets get the seconds that are left over.
  shares = [max(1, (options.seconds + index) // len(targets)) for index in range(len(targets))]
  programs = store.programs.built[options.setup, options.target]
  results, found = [], []
  for target, seconds in zip(targets, shares):
    if stop.is_set:
      break
    result = fuzz_target(target, seconds, options, programs, place.home(target), stop)
    incoming = os.path.join(place.home(target), "incoming", options.setup.name())
    new = store.take_in(target, options.setup, incoming, place.home(target))
    found += new
    results.append({**result, "findings": [{"input": f.input(), "command": f.command()} for f in new]})
  return results, found


def report(campaign, options, place):
  """Writes everything but does not change the verdict: that is on the screen, and in the exit code."""
  from campaign import page  # pylint: disable=import-outside-toplevel # takes a second to load
  os.makedirs(options.report, exist_ok=True)
  place.remember(reports.summary(campaign))
  reports.write(campaign, options.report, options.json)
  page.write(campaign, place.history(), os.path.join(options.report, "index.html"))
  print(f"report: {os.path.join(options.report, 'index.html')}")


def run_campaign(options, targets, stop):
  """Everything in order: what must hold, build, stored findings, fuzzing, one of each kind minimised, reports."""
  place = folders.Folder(options.corpus)
  place.lock()
  folders.check_space(options.corpus, folders.SPACE_FOR_CAMPAIGN)
  folders.check_space(tempfile.gettempdir(), folders.SPACE_FOR_PROGRAMS)
  where_from = origin.of(options.engine)
  with tempfile.TemporaryDirectory(prefix="fuzz.") as work:
    store = Store(place, Programs(work), where_from, all_targets())
    print(f"building for {options.engine}, sanitizer {options.sanitizer}", flush=True)
    store.programs.build(options.setup, options.target)
    store.adopt(options.setup)
    replayed = store.replay_all(stop)
    results, new = fuzz_all(options, targets, store, place, stop)
    by_folder = {finding.folder: finding for finding in replayed.failing + new}
    # Found again, or not failing by itself at its start: it is among those of now.
    replayed.mended[:] = [finding for finding in replayed.mended if os.path.isdir(finding.folder)]
    known = {finding.folder for finding in replayed.failing}
    groups = store.groups(list(by_folder.values()), {f.folder for f in new if f.folder not in known})
  show_table(results)
  campaign = description(options, where_from, results, groups, replayed, stop)
  campaign["exit_code"] = judge(campaign)
  report(campaign, options, place)
  return campaign["exit_code"]


def positive(text):
  if not text.isdigit() or int(text) == 0:
    raise argparse.ArgumentTypeError(f"{text} is not a positive number")
  return int(text)


def parse(targets, arguments):
  parser = argparse.ArgumentParser(prog="ci/fuzz", description=__doc__, allow_abbrev=False,
                                   formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--engine", choices=["libfuzzer", "afl"], default="libfuzzer")
  parser.add_argument("--seconds", type=positive, default=60, metavar="N", help="in all (60)")
  parser.add_argument("--jobs", type=positive, default=1, metavar="N", help="processes at a time (1)")
  parser.add_argument("--sanitizer", choices=["address", "undefined", "memory", "none"], default="address",
                      help="address: AddressSanitizer and UndefinedBehaviorSanitizer (the default)")
  parser.add_argument("--target", choices=[*targets, "all"], metavar="T",
                      help=f"all (the default; of --measure: operations_fuzz) or one of: {', '.join(targets)}")
  longest = int(limits()["max_len"])
  parser.add_argument("--max-len", type=positive, default=longest, metavar="N",
                      help=f"no inputs of more than N bytes ({longest}); with fewer, more are run in a second")
  parser.add_argument("--corpus", default=os.path.join(ROOT, "fuzz-campaign"), metavar="DIR",
                      help="the campaign's folder (fuzz-campaign)")
  parser.add_argument("--report", metavar="DIR",
                      help="where index.html, junit.xml, findings.sarif and figures.json go (report in the folder)")
  parser.add_argument("--json", metavar="FILE", help="write the figures to FILE, too")
  parser.add_argument("--keep-going", action="store_true", help="do not end a target at its first finding")
  parser.add_argument("--from-nothing", action="store_true", help="without the committed inputs")
  parser.add_argument("--measure", action="store_true", help="measure the speed on fuzz/corpus, fuzz nothing")
  options = parser.parse_args(arguments)
  if options.engine == "afl" and options.sanitizer == "memory":
    parser.error("--sanitizer memory: with libfuzzer only")
  options.corpus = os.path.abspath(options.corpus)
  options.report = os.path.abspath(options.report or os.path.join(options.corpus, "report"))
  options.target = options.target or ("operations_fuzz" if options.measure else "all")
  options.setup = Setup(options.engine, options.sanitizer, os.environ.get("FAN_OUT", ""))
  return options


def check(options, targets):
  """What must hold before anything takes time."""
  if options.json:
    folders.check_output(options.json, "--json")
  if os.path.exists(options.report) and not os.path.isdir(options.report):
    raise Unusable(f"--report {options.report}: is not a folder")
  if not options.from_nothing or options.measure:
    folders.check_committed_corpora(targets)


def main(arguments):
  try:
    targets = all_targets()
    options = parse(targets, arguments)
    chosen = targets if options.target == "all" else [options.target]
    check(options, chosen)
    if subprocess.run([os.path.join(ROOT, "ci", "setup"), "fuzz"], check=False).returncode != 0:
      raise Broken("the tools are not there")
    return measure(chosen) if options.measure else run_campaign(options, chosen, Stop())
  except Unusable as why:
    print(f"ci/fuzz: {why}", file=sys.stderr)
    return USAGE
  except (Broken, OSError) as why:
    print(f"fuzz: FAIL, {why}")
    return BROKEN
