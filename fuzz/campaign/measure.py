# SPDX-License-Identifier: BSD-3-Clause
"""Speed on the committed corpus."""

import os
import subprocess
import tempfile

from campaign.common import FOUND, SOUND, Broken, build, committed_corpus, files_in

# What one core must run a second: inputs of the committed corpus, with and without sanitizers.
SPEED_TARGETS = {"none": 100_000, "address": 25_000}


def measure_one(target, sanitizer, folder):
  """Inputs of the committed corpus that one core runs in a second, mutation and all else left out."""
  build("libfuzzer", sanitizer, target, folder)
  inputs = files_in(committed_corpus(target))
  repetitions = 1
  while True:
    # Repeated by the harness: libFuzzer reads a file again before each of its own runs.
    with subprocess.Popen([os.path.join(folder, target), "-runs=1", *inputs],
                          env={**os.environ, "MEM_ALLOC_FUZZ_REPEAT": str(repetitions)},
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
      _, status, used = os.wait4(process.pid, 0)
      process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
      raise Broken(f"{target} does not accept the committed corpus: exit code {process.returncode}")
    # Time of the processor, not of the clock: others may use this machine, too.
    seconds = used.ru_utime + used.ru_stime
    if seconds >= 3:
      return int(len(inputs) * repetitions / seconds)
    repetitions *= max(2, min(50, int(4 / max(seconds, 0.01))))


def measure(targets):
  """Speed on the committed corpus, judged for operations_fuzz."""
  missed = 0
  print(f"{'target':22} {'sanitizer':10} {'exec/s per core':>16}")
  with tempfile.TemporaryDirectory(prefix="fuzz.") as folder:
    for target in targets:
      for sanitizer, least in SPEED_TARGETS.items():
        speed = measure_one(target, sanitizer, folder)
        verdict = ""
        if target == "operations_fuzz":
          verdict = f"  at least {least}: " + ("met" if speed >= least else "MISSED")
          missed += speed < least
        print(f"{target:22} {sanitizer:10} {speed:>16}{verdict}", flush=True)
  return FOUND if missed else SOUND
