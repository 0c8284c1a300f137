# SPDX-License-Identifier: BSD-3-Clause
"""libFuzzer and AFL++: start, watch, end, and tell a good end from a bad one."""

import ctypes
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from campaign.common import (committed_corpus, content, dictionary, files_in, fixed_findings, folders_in, last_lines,
                             limits, name_of, text_of, write_whole)
from campaign.kinds import how_it_ended
from campaign.programs import AFL_ENVIRONMENT, symbolizer

PROGRESS_EVERY = 5  # seconds
# Seconds beyond those of an input that hangs: until then, an engine that goes on may be about to tell of one. Engines
# do not look at the clock while they read their corpus.
OVERRUN = {"libfuzzer": 3, "afl": 5}
PATIENCE = 30  # seconds that an engine has to end when it is told to
SAMPLES = 240  # of a target's figures over time, at most
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def end_with_parent():
  """In a new process: it is terminated when the campaign ends without having done so, killed perhaps."""
  LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Engine:
  """One target: its folders, the processes that fuzz it now, and what they have done."""

  def __init__(self, target, options, programs, home):
    self.target = target
    self.options = options
    self.program = os.path.join(programs, target)
    self.home = home
    self.corpus = os.path.join(home, "corpus")
    # What goes wrong now, apart from what went wrong before: one name may be in both.
    self.incoming = os.path.join(home, "incoming", options.setup.name())
    for folder in (self.corpus, self.incoming):
      os.makedirs(folder, exist_ok=True)
    self.processes = []
    self.told_to_end = set()
    self.killed = set()
    self.interrupted = False
    self.begun = None
    self.samples = []

  def seeds(self):
    """Committed inputs and those of mended findings, unless there shall be none, and what was learnt before."""
    committed = [] if self.options.from_nothing else [committed_corpus(self.target), fixed_findings(self.target)]
    return [path for folder in [*committed, self.corpus] for path in files_in(folder)]

  def log(self, index):
    return os.path.join(self.home, f"{self.options.engine}-{index}.log")

  def operations_file(self):
    return os.path.join(self.home, "operations")

  def launch(self, index, command, environment):
    """Starts one process; it gets no Ctrl-C of its own, since we end it in good order."""
    with open(self.log(index), "w", encoding="utf-8") as log:
      self.processes.append(subprocess.Popen(  # pylint: disable=consider-using-with
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        preexec_fn=end_with_parent,
        env={**os.environ, **environment, "MEM_ALLOC_FUZZ_OPERATIONS": self.operations_file()}))

  def terminate(self):
    for index, process in enumerate(self.processes):
      if process.poll() is None:
        self.told_to_end.add(index)
        process.terminate()
    end = time.monotonic() + PATIENCE
    for index, process in enumerate(self.processes):
      try:
        process.wait(max(0.1, end - time.monotonic()))
      except subprocess.TimeoutExpired:
        self.killed.add(index)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

  def ended(self):
    return [process for process in self.processes if process.poll() is not None]

  def fuzz(self, seconds, stop):
    """Fuzzes until the time is over, something is found, or stop says so. Returns the figures."""
    if os.path.exists(self.operations_file()):
      os.unlink(self.operations_file())
    self.begun = time.monotonic()
    self.start(seconds)
    shown = self.begun
    latest = seconds + int(limits()["timeout"]) + OVERRUN[self.options.engine]
    try:
      while len(self.ended()) < len(self.processes):
        time.sleep(0.2)
        now = time.monotonic()
        self.collect()
        if now - shown >= PROGRESS_EVERY:
          shown = now
          self.show_progress()
        enough = self.ended() and self.found() and not self.options.keep_going
        self.interrupted = stop.is_set
        if self.interrupted or enough or now - self.begun > latest:
          break
    finally:
      self.terminate()
    self.collect()
    return self.result(seconds)

  def found(self):
    return files_in(self.incoming)

  def take_sample(self, figures):
    elapsed = round(time.monotonic() - self.begun, 1)
    self.samples.append([elapsed, figures["execs"], figures["corpus"], figures["coverage"], len(self.found()),
                         self.operations()])
    if len(self.samples) > SAMPLES:
      self.samples = self.samples[::2]

  def show_progress(self):
    figures = self.figures()
    self.take_sample(figures)
    print(f"{self.target:22} {time.monotonic() - self.begun:5.0f} s  {'~' if figures['estimated'] else ' '}"
          f"{figures['execs']:>11} execs {figures['execs_per_second']:>8} exec/s  corpus {figures['corpus']:>5}"
          f"  coverage {figures['coverage']:>5}  findings {len(self.found())}", flush=True)

  def operations(self):
    """Operations on allocators: the processes of the harness add to one number in a file; None if none did."""
    data = content(self.operations_file()) if os.path.exists(self.operations_file()) else b""
    return int.from_bytes(data, sys.byteorder) if len(data) == 8 else None

  def result(self, seconds):
    figures = self.figures()
    del figures["estimated"]
    self.take_sample(figures)
    elapsed = time.monotonic() - self.begun
    operations = self.operations()
    result = {"target": self.target, "seconds": round(elapsed, 1), **figures, "operations": operations,
              "operations_per_second": int(operations / max(elapsed, 0.1)) if operations is not None else None,
              "samples": self.samples}
    problems = list(filter(None, [self.problem(index, seconds) for index in range(len(self.processes))]))
    if problems:
      result["broken"] = problems[0]
    elif result["execs"] == 0 and not self.found() and self.processes and not self.interrupted:
      result["broken"] = "no input was run:\n" + last_lines(text_of(self.log(0)))
    return result

  def problem(self, index, seconds):
    """Why the end of a process was no good one; None if it was. That it found something is a good end."""
    if index in self.killed:
      return f"{self.options.engine} did not end when it was told to, and was killed"
    code, log = self.processes[index].returncode, text_of(self.log(index))
    why = self.bad_end(index, code, log)
    if not why and code == 0 and index not in self.told_to_end and not self.found() \
        and time.monotonic() - self.begun < 0.5 * seconds:
      why = "ended before its time"
    return f"{self.options.engine} {why}:\n{last_lines(log)}" if why else None


class LibFuzzer(Engine):
  """Independent processes on one corpus folder: each writes what it finds and rereads what the others wrote."""

  INTERRUPTED = 72  # exit code after a signal to end

  def start(self, seconds):
    limit = limits()
    folders = [] if self.options.from_nothing else [committed_corpus(self.target), fixed_findings(self.target)]
    for index in range(self.options.jobs):
      self.launch(index, [
        self.program, f"-max_total_time={seconds}", f"-max_len={self.options.max_len}",
        f"-timeout={limit['timeout']}", "-reload=1", "-print_final_stats=1", f"-dict={dictionary(self.target)}",
        f"-artifact_prefix={self.incoming}/", *(["-fork=1", "-ignore_crashes=1", "-ignore_ooms=1",
        "-ignore_timeouts=1"] if self.options.keep_going else []), self.corpus,
        *filter(os.path.isdir, folders)], symbolizer("libfuzzer"))

  def collect(self):
    """libFuzzer writes straight to where we want it."""

  def bad_end(self, index, code, log):
    """An exit code that is neither 0 nor ours is good if the input that led to it was written."""
    written = any(os.path.exists(path) for path in re.findall(r"Test unit written to (\S+)", log))
    # With -fork=1 another process writes it; this one counts, and ends with that one's exit code.
    counts = re.findall(r"oom/timeout/crash: (\d+)/(\d+)/(\d+)", log)
    if counts and any(map(int, counts[-1])):
      if not self.found():
        return "found something, but its input was not written"
      written = True
    if code == 0 or (index in self.told_to_end and code in (self.INTERRUPTED, -signal.SIGTERM)) or written:
      return None
    return "ended: " + how_it_ended(code)

  def process_figures(self, index):
    """From the status lines, "#4096 pulse cov: 972 ft: 3000 corp: 200/4kb lim: 8 exec/s: 2048 rss: 30Mb"."""
    log = text_of(self.log(index))
    status = re.findall(r"^#(\d+):?\s.*?cov: (\d+).*?corp: (\d+)", log, re.M)
    execs, coverage, corpus = map(int, status[-1]) if status else (0, 0, 0)
    final = re.search(r"^stat::number_of_executed_units: *(\d+)", log, re.M)
    return {"execs": int(final.group(1)) if final else execs, "final": bool(final), "coverage": coverage,
            "corpus": corpus, "age": time.time() - os.path.getmtime(self.log(index))}

  def figures(self):
    """libFuzzer reports seldom; in between, how far it will be by now is estimated."""
    each = [self.process_figures(index) for index in range(len(self.processes))]
    elapsed = max(time.monotonic() - self.begun, 0.1)
    running = any(process.poll() is None for process in self.processes)
    execs = 0
    for one in each:
      reported_at = max(elapsed - one["age"], 0.1)
      execs += one["execs"] if one["final"] or not running else int(one["execs"] * elapsed / reported_at)
    return {"execs": execs, "estimated": running, "execs_per_second": int(execs / elapsed),
            "corpus": max(one["corpus"] for one in each), "coverage": max(one["coverage"] for one in each)}


class Afl(Engine):
  """One main process and secondaries. Their folder is emptied into the corpus: both engines share that."""

  def __init__(self, target, options, programs, home):
    super().__init__(target, options, programs, home)
    self.folder = os.path.join(self.home, "afl")
    self.taken = set()
    self.collect()  # of a campaign that was killed
    shutil.rmtree(self.folder, ignore_errors=True)
    self.taken.clear()

  def sound_seeds(self, seeds):
    """AFL++ leaves out seeds that crash, without a word: look for them first. Returns the others."""
    def good(some):
      done = subprocess.run([self.program, *some], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL, env={**os.environ, **AFL_ENVIRONMENT}, check=False,
                            start_new_session=True)
      return done.returncode == 0
    if not seeds or (self.found() and not self.options.keep_going) or good(seeds):
      return seeds
    if len(seeds) == 1:
      self.keep(seeds[0], self.incoming, "crash-")
      return []
    middle = len(seeds) // 2
    return self.sound_seeds(seeds[:middle]) + self.sound_seeds(seeds[middle:])

  def keep(self, path, folder, prefix=""):
    """An input under the name that libFuzzer would give it; nothing happens if it is there already."""
    data = content(path)
    kept = os.path.join(folder, prefix + name_of(data))
    if not os.path.exists(kept):
      write_whole(kept, data)

  def start(self, seconds):
    limit = limits()
    inputs = self.program + ".inputs"
    os.makedirs(inputs, exist_ok=True)
    for path in self.sound_seeds(self.seeds()):
      if os.path.getsize(path) > 0:
        shutil.copyfile(path, os.path.join(inputs, name_of(content(path))))
    if not files_in(inputs):
      write_whole(os.path.join(inputs, "nothing"), b"\0")
    if self.found() and not self.options.keep_going:
      return
    environment = {**AFL_ENVIRONMENT, "AFL_CUSTOM_MUTATOR_LIBRARY": self.program + ".mutator.so",
                   "AFL_HANG_TMOUT": str(1000 * int(limit["timeout"]))}
    if not self.options.keep_going:
      environment["AFL_BENCH_UNTIL_CRASH"] = "1"
    for index in range(self.options.jobs):
      self.launch(index, [
        "afl-fuzz", "-i", inputs, "-o", self.folder, *(["-S", f"secondary{index}"] if index else ["-M", "main"]),
        "-V", str(seconds), "-t", "2000", "-m", "none", "-G", str(self.options.max_len), "-x", dictionary(self.target),
        *([] if index else ["-c", self.program + ".cmplog"]), "--", self.program], environment)

  def collect(self):
    """New inputs of the queues go to the corpus, crashes and hangs to what came in."""
    for process in folders_in(self.folder):
      for kind, folder, prefix in (("queue", self.corpus, ""), ("crashes", self.incoming, "crash-"),
                                   ("hangs", self.incoming, "timeout-")):
        for path in files_in(os.path.join(process, kind)):
          if path not in self.taken and os.path.basename(path).startswith("id:"):
            self.taken.add(path)
            if kind != "queue" or not re.search(r",(orig|sync):", path):
              self.keep(path, folder, prefix)

  def bad_end(self, index, code, log):
    """AFL++ ends with 1 after its first crash, when it was told to end, and when it could not work."""
    aborted = re.search(r"PROGRAM ABORT|SYSTEM ERROR", log)
    if not aborted and (code == 0 or (code == 1 and (self.found() or index in self.told_to_end))
                        or (code == -signal.SIGTERM and index in self.told_to_end)):
      return None
    return "ended: " + how_it_ended(code)

  def figures(self):
    """From the plots, which are written every few seconds; at the end from the statistics."""
    total = {"execs": 0, "estimated": False, "execs_per_second": 0, "corpus": 0, "coverage": 0}
    for process in folders_in(self.folder):
      lines = text_of(os.path.join(process, "plot_data")).strip().split("\n")
      stats = dict(re.findall(r"^(\w+) +: (\S+)", text_of(os.path.join(process, "fuzzer_stats")), re.M))
      plot = re.split(r",\s*", lines[-1]) if len(lines) > 1 else []
      total["execs"] += max(int(stats.get("execs_done", 0)), int(plot[11]) if len(plot) > 12 else 0)
      total["corpus"] = max(total["corpus"], int(plot[3]) if len(plot) > 12 else 0,
                            int(stats.get("corpus_count", 0)))
      total["coverage"] = max(total["coverage"], int(plot[12]) if len(plot) > 12 else 0,
                              int(stats.get("edges_found", 0)))
    total["execs_per_second"] = int(total["execs"] / max(time.monotonic() - self.begun, 0.1))
    return total


ENGINES = {"libfuzzer": LibFuzzer, "afl": Afl}
