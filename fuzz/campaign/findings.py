# SPDX-License-Identifier: BSD-3-Clause
"""What was found: kept, run again, mended, grouped, minimised.

A finding is a folder, DIR/TARGET/findings/NAME, moved as a whole to DIR/TARGET/mended/NAME when it no longer fails:
  input        what failed
  about.json   what was said, by which program, when, at which commit, and whether it fails again by itself
  report.log   what the program printed when the input was run by itself
  engine.log   the end of what the engine printed when it was found
  minimized, story.txt, program.c   the smallest input that fails alike, its calls, the same in C (one of each kind)
"""

import collections
import os
import re
import shutil

from campaign import kinds
from campaign.common import (Broken, content, files_in, folders_in, last_lines, limits, name_of, read_json,
                             remove_parts, text_of, write_json, write_whole)
from campaign.programs import Setup, run_limited, setup_of, symbolizer, with_options

AGAIN = 3  # times that a finding is run by itself
UNRELIABLE_AGAIN = 10  # times before one that did not always fail is taken for mended
MINIMIZE_SECONDS = 60  # for one finding
MINIMIZED_KINDS = 20  # in one campaign
ALIKE = 20  # inputs that are kept of one kind and target in one campaign
LOG_LINES = 400
MEMORY_LIMIT = 2048  # MiB, libFuzzer's own default


class Finding:
  """One input that failed, in a folder of its own."""

  def __init__(self, folder):
    self.folder = folder
    self.name = os.path.basename(folder)
    self.target = os.path.basename(os.path.dirname(os.path.dirname(folder)))
    self.about = read_json(self.file("about.json")) or {}

  def file(self, name):
    return os.path.join(self.folder, name)

  def input(self):
    return self.file("input")

  def setup(self):
    return setup_of(self.about.get("setup", "libfuzzer-address"))

  def kind(self):
    return self.about.get("said", "unknown"), self.about.get("where", "")

  def reproducible(self):
    return self.about.get("failed", 0) > 0

  def always(self):
    return self.about.get("failed", 0) == self.about.get("tried", AGAIN)

  def how_often(self):
    if self.always():
      return "reproducible"
    return f"fails {self.about.get('failed', 0)} times of {self.about.get('tried', AGAIN)}"

  def best_input(self):
    return self.file("minimized") if os.path.exists(self.file("minimized")) else self.input()

  def command(self):
    sanitizer = self.setup().sanitizer
    option = ["--sanitizer", sanitizer] if sanitizer in ("undefined", "memory") else []  # address is the default
    return " ".join(["fuzz/replay", "--target", self.target, *option, self.best_input()])

  def save(self):
    write_json(self.file("about.json"), self.about)


class Store:
  """All findings of a campaign's folder."""

  def __init__(self, folder, programs, origin, targets):
    self.folder = folder
    self.programs = programs
    self.origin = origin
    self.targets = targets

  # --- Running one by itself

  def run_once(self, setup, target, path, symbolize):
    """Code and output of the program that found it, with this input alone."""
    limit = int(limits()["timeout"])
    program = self.programs.path(setup, target)
    names = f"symbolize={int(symbolize)}"
    environment = {**symbolizer(setup.engine), "MSAN_OPTIONS": with_options("MSAN_OPTIONS", names),
                   "UBSAN_OPTIONS": with_options("UBSAN_OPTIONS", names + ":print_stacktrace=1:halt_on_error=1"),
                   "ASAN_OPTIONS": with_options("ASAN_OPTIONS", names)}
    if setup.engine == "afl":
      environment["ASAN_OPTIONS"] = with_options("ASAN_OPTIONS", names + ":abort_on_error=1:detect_leaks=0")
      return run_limited([program, path], environment, limit)
    return run_limited([program, f"-timeout={limit}", f"-rss_limit_mb={MEMORY_LIMIT}", path], environment, limit + 20)

  def run_alone(self, finding, path):
    """Runs one input by itself; what went wrong is noted. Names of functions take long, and are got if needed."""
    code, log = self.run_once(finding.setup(), finding.target, path, symbolize=False)
    kind = kinds.kind_of(log, code)
    if kind and code is not None and not kinds.said_by_harness(log):
      code, with_names = self.run_once(finding.setup(), finding.target, path, symbolize=True)
      if kinds.kind_of(with_names, code):
        log, kind = with_names, kinds.kind_of(with_names, code)
    if kind:
      write_whole(finding.file("report.log"), log.encode())
      finding.about.update(said=kind.said, where=kind.where, text=kind.text, file=kind.file, line=kind.line)
    return kind is not None

  def still_fails(self, finding, times):
    """Does it fail in one of so many runs, or does the smallest input that was made of it?"""
    inputs = [finding.input()] + ([finding.best_input()] if finding.best_input() != finding.input() else [])
    return any(self.run_alone(finding, path) for _ in range(times) for path in inputs)

  # --- Keeping

  def engine_log(self, home, engine, name):
    """The end of the log that speaks of this input, or of the first one."""
    logs = [text_of(path) for path in files_in(home) if re.search(rf"/{engine}-\d+\.log$", path)]
    for log in logs:
      place = log.find(name)
      if place >= 0:
        return last_lines(log[:log.find("\n", place) + 1 or len(log)], LOG_LINES) + "\n"
    return last_lines(logs[0], LOG_LINES) + "\n" if logs else ""

  def keep(self, target, setup, path, home):
    """Makes a finding of an input, whole or not at all, and takes the input away. One that is known stays."""
    data = content(path)
    prefix = re.match(r"[a-z-]*-|", os.path.basename(path)).group() or "crash-"
    name = prefix + name_of(data)[:16]
    place = os.path.join(self.folder.home(target), "findings", name)
    mended = os.path.join(self.folder.home(target), "mended", name)
    if os.path.isdir(mended) and not os.path.isdir(place):
      os.makedirs(os.path.dirname(place), exist_ok=True)
      os.rename(mended, place)
    if not os.path.isdir(place):
      part = os.path.join(os.path.dirname(place), f".{name}.part")
      shutil.rmtree(part, ignore_errors=True)
      os.makedirs(part)
      write_whole(os.path.join(part, "input"), data)
      log = self.engine_log(home, setup.engine, os.path.basename(path))
      write_whole(os.path.join(part, "engine.log"), log.encode())
      write_json(os.path.join(part, "about.json"), {
        "target": target, "setup": setup.name(), "found": self.origin["date"], "commit": self.origin["commit"],
        "bytes": len(data), "said": "unknown", "where": ""})
      os.rename(part, place)
    os.unlink(path)
    return Finding(place)

  def take_in(self, target, setup, incoming, home):
    """What an engine left, as findings that were run again; of many alike only the smallest are kept."""
    kept, counts, left_out = [], collections.Counter(), 0
    paths = sorted(files_in(incoming), key=os.path.getsize)
    if len(paths) > ALIKE:
      print(f"{target}: running {len(paths)} findings again", flush=True)
    for path in paths:
      finding = self.keep(target, setup, path, home)
      failed = int(self.run_alone(finding, finding.input()))
      if not failed:
        kind = kinds.kind_of(text_of(finding.file("engine.log")), 1)
        said = kind.said if kind else "the engine said nothing of it"
        finding.about.update(said=f"{said} (did not fail again by itself)", text=kind.text if kind else said)
      counts[finding.kind()] += 1
      if failed and counts[finding.kind()] > ALIKE and "failed" not in finding.about:  # new, and one of many
        shutil.rmtree(finding.folder)
        left_out += 1
        continue
      failed += sum(self.run_alone(finding, finding.input()) for _ in range(AGAIN - 1))
      finding.about.update(failed=failed, tried=AGAIN, last_failed=self.origin["date"])
      finding.save()
      kept.append(finding)
    if left_out:
      print(f"{target}: {left_out} more inputs that fail in the same way as {ALIKE} others are not kept", flush=True)
    return kept

  # --- What is there when a campaign starts

  def adopt(self, default):
    """Inputs that a killed campaign left, and those that were put among the findings by hand, become findings."""
    for home in folders_in(self.folder.path):
      target = os.path.basename(home)
      for place in ("findings", "mended"):
        remove_parts(os.path.join(home, place))
      if target in self.targets:
        for incoming in folders_in(os.path.join(home, "incoming")):
          self.take_in(target, setup_of(os.path.basename(incoming)), incoming, home)
        self.take_in(target, default, os.path.join(home, "findings"), home)

  def stored(self, place):
    return [Finding(folder) for home in folders_in(self.folder.path)
            for folder in folders_in(os.path.join(home, place))]

  def move(self, finding, place):
    goal = os.path.join(self.folder.home(finding.target), place, finding.name)
    os.makedirs(os.path.dirname(goal), exist_ok=True)
    shutil.rmtree(goal, ignore_errors=True)
    os.rename(finding.folder, goal)
    finding.folder = goal

  def replay_all(self, stop):
    """Runs all stored findings again: those that still fail, those that no longer do, those that cannot be run."""
    Outcome = collections.namedtuple("Outcome", "failing mended unknown")
    outcome = Outcome([], [], [])
    findings, mended = self.stored("findings"), self.stored("mended")
    if findings or mended:
      print(f"running the stored findings again: {len(findings)} open, {len(mended)} mended", flush=True)
    for finding in findings + mended:
      if stop.is_set:
        outcome.unknown.append((finding, "the campaign was stopped before it was run again"))
        continue
      if finding.target not in self.targets:
        outcome.unknown.append((finding, f"there is no target {finding.target} any more; remove its folder if it is "
                                "not needed"))
        continue
      try:
        self.judge_stored(finding, finding in mended, outcome)
      except Broken as why:
        outcome.unknown.append((finding, str(why)))
    return outcome

  def judge_stored(self, finding, was_mended, outcome):
    times = AGAIN if finding.always() else UNRELIABLE_AGAIN
    label = f"{finding.target}/{finding.name}"
    if self.still_fails(finding, times):
      if was_mended:
        self.move(finding, "findings")
        finding.about.pop("mended", None)
      print(f"{label} {'was mended and fails again' if was_mended else 'still fails'}: {finding.about['text']}",
            flush=True)
      finding.about.update(last_failed=self.origin["date"], failed=max(1, finding.about.get("failed", 0)))
      finding.save()
      outcome.failing.append(finding)
    elif not was_mended:
      finding.about["mended"] = {"date": self.origin["date"], "commit": self.origin["commit"]}
      finding.save()
      self.move(finding, "mended")
      how = "is mended" if finding.reproducible() else "never failed by itself, and does not now"
      print(f"{label} {how} ({finding.about.get('text', '')}); kept in {finding.folder}\n"
            f"  to make it a test: cp {finding.best_input()} fuzz/fixed/{finding.target}/NAME", flush=True)
      outcome.mended.append(finding)

  # --- Telling

  def minimize(self, finding):
    """The smallest input that fails alike, its story and its program in C, with the replay program."""
    for sanitizer in dict.fromkeys(["none", finding.setup().sanitizer]):
      setup = Setup("replay", sanitizer, finding.setup().fan_out)
      program = self.programs.path(setup, finding.target)
      code, _ = run_limited([program, "--list", finding.input()], {}, MINIMIZE_SECONDS)
      if code == 1:
        break
    else:
      finding.about["minimized"] = "the replay program does not show it"
      return
    part = finding.file(".minimized.part")
    code, printed = run_limited([program, "--minimize", part, finding.input()], {}, MINIMIZE_SECONDS)
    if code == 0 and os.path.exists(part):
      os.replace(part, finding.file("minimized"))
      words = re.search(r"(\d+) operations of (\d+)", printed)
      finding.about["minimized"] = f"{words.group(1)} operations of {words.group(2)}" if words else "done"
    else:
      if os.path.exists(part):
        os.unlink(part)
      finding.about["minimized"] = "not in time" if code is None else "did not work: " + last_lines(printed, 1)
    for option, name in (("--story", "story.txt"), ("--c", "program.c")):
      code, printed = run_limited([program, option, finding.best_input()], {}, MINIMIZE_SECONDS)
      if code in (0, 1):
        write_whole(finding.file(name), printed.encode())

  def groups(self, findings, new):
    """Findings by kind, over all targets; one of each is minimised and told. new: the names of those of now."""
    by_kind = collections.defaultdict(list)
    for finding in findings:
      by_kind[finding.kind()].append(finding)
    # Those that a reader can do something with come first.
    order = sorted(by_kind.items(), key=lambda item: -sum(finding.reproducible() for finding in item[1]))
    groups = []
    for number, ((said, where), alike) in enumerate(order):
      alike.sort(key=lambda f: (not f.always(), not f.reproducible(), os.path.getsize(f.best_input()), f.name))
      first = next((f for f in alike if os.path.exists(f.file("minimized"))), alike[0])
      if first.reproducible() and "minimized" not in first.about and number < MINIMIZED_KINDS:
        print(f"minimising {first.target}/{first.name}: {said}", flush=True)
        try:
          self.minimize(first)
        except Broken as why:
          first.about["minimized"] = "not built: " + last_lines(str(why), 1)
        first.save()
      groups.append({
        "said": said, "where": where, "text": first.about.get("text", said), "file": first.about.get("file"),
        "line": first.about.get("line"), "targets": sorted({f.target for f in alike}),
        "new": any(f.folder in new for f in alike), "known": any(f.folder not in new for f in alike),
        "reproducible": first.how_often(), "minimized": first.about.get("minimized", ""),
        "found": min(f.about.get("found", "") for f in alike), "command": first.command(), "first": first,
        "inputs": [{"input": f.input(), "target": f.target, "reproducible": f.how_often(), "new": f.folder in new,
                    "setup": f.setup().name(), "command": f.command()} for f in alike]})
    return groups
