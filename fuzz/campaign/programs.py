# SPDX-License-Identifier: BSD-3-Clause
"""Programs for engines and for replay: how each is built, and run for one input."""

import collections
import os
import signal
import subprocess

from campaign.common import build

REPORT_BYTES = 200_000
SYMBOLIZER = {"libfuzzer": "/usr/lib/llvm-19/bin/llvm-symbolizer", "afl": "/usr/lib/llvm-14/bin/llvm-symbolizer"}
AFL_ENVIRONMENT = {
  "AFL_NO_UI": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1", "AFL_FORKSRV_INIT_TMOUT": "30000",
  # Starting from a large corpus shall not take most of a short campaign.
  "AFL_FAST_CAL": "1", "AFL_CMPLOG_ONLY_NEW": "1",
  # Findings abort, and are seen without a core dump.
  "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1",
  # The sanitizers' reports are made when a finding is run again; here they would only take time. The harness
  # itself counts blocks.
  "ASAN_OPTIONS": "abort_on_error=1:symbolize=0:detect_leaks=0",
  "UBSAN_OPTIONS": "halt_on_error=1:abort_on_error=1:symbolize=0",
}


def symbolizer(engine):
  """Reports of sanitizers name functions if they know where the program is that finds these names."""
  path = SYMBOLIZER[engine]
  if not os.path.exists(path):
    return {}
  return {"ASAN_SYMBOLIZER_PATH": path, "UBSAN_SYMBOLIZER_PATH": path, "MSAN_SYMBOLIZER_PATH": path,
          "LLVM_SYMBOLIZER_PATH": path}


def tokens(text):
  """key=value settings of a sanitizer's options, in order."""
  return [word for word in text.split(":") if word]


def with_options(name, ours):
  """What the caller set in an environment variable of a sanitizer, then ours, which win."""
  return ":".join(tokens(os.environ.get(name, "")) + tokens(ours))


class Setup(collections.namedtuple("Setup", "engine sanitizer fan_out")):
  """How a program was built: what failed in one may be right in another."""

  def name(self):
    return "-".join(part for part in self if part)

  def environment(self):
    return {"FAN_OUT": self.fan_out} if self.fan_out else {}


def setup_of(name):
  engine, sanitizer, fan_out = (name.split("-") + ["", ""])[:3]
  return Setup(engine, sanitizer, fan_out)


class Programs:
  """Programs for engines and for replay, built when they are needed first."""

  def __init__(self, folder):
    self.folder = folder
    self.built = {}

  def build(self, setup, target):
    """Target may be "all"."""
    folder = os.path.join(self.folder, setup.name())
    environment = setup.environment()
    if setup.engine == "replay" and setup.sanitizer == "memory":
      environment["GCC"] = "clang-19"  # gcc has no such sanitizer
    build(setup.engine, setup.sanitizer, target, folder, environment)
    self.built[setup, target] = folder
    return folder

  def path(self, setup, target):
    folder = self.built.get((setup, "all")) or self.built.get((setup, target))
    if not folder:
      print(f"building {target} for {setup.name()}", flush=True)
      folder = self.build(setup, target)
    return os.path.join(folder, target + ("_replay" if setup.engine == "replay" else ""))


def run_limited(command, environment, seconds):
  """Exit code (None: it was stopped after so many seconds) and what was printed. Its children end with it."""
  with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                        start_new_session=True, env={**os.environ, **environment}) as process:
    try:
      printed, code = process.communicate(timeout=seconds)[0], process.returncode
    except subprocess.TimeoutExpired:
      os.killpg(process.pid, signal.SIGKILL)
      printed, code = process.communicate()[0], None
  return code, printed[-REPORT_BYTES:].decode(errors="replace")
