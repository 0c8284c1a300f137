# SPDX-License-Identifier: BSD-3-Clause
"""What went wrong, from what a program printed, and where: the same for two inputs that fail alike.

The harness says what differs ("mem_alloc_fuzz: operation 7: ..."), a sanitizer what was done and in which
function, libFuzzer that an input took too long or too much memory. Numbers are left out of a kind."""

import collections
import re
import signal

from campaign.common import ROOT

# said: the kind; where: function and file, "" if no line of the allocator is to blame; text: said with its
# numbers; file and line: the place in the tree, if there is one.
Kind = collections.namedtuple("Kind", "said where text file line")

HARNESS = re.compile(r"^(?:mem_alloc_fuzz|\w+_fuzz|model): (?:operation \d+: )?(.+)$", re.M)
RUNTIME = re.compile(r"^(\S+?):(\d+):\d+: runtime error: (.+)$", re.M)
SANITIZER = re.compile(r"(?:ERROR|WARNING): ((?:Address|Leak|Memory)Sanitizer): (.+)$", re.M)
LIBFUZZER = re.compile(r"ERROR: libFuzzer: (.+)$", re.M)
FRAME = re.compile(r"^ *#\d+ 0x[0-9a-f]+ in (\S+) (\S+?):(\d+)", re.M)
ALLOCATOR = ("src/", "include/")


def without_numbers(text):
  """Numbers, and which allocator: these differ between inputs that fail alike."""
  text = re.sub(r"\bm\d+\b", "m", text)
  return re.sub(r"0x[0-9a-fA-F]+|\b\d+\b", "N", text)


def relative(path):
  """Where a file of a report is in the tree; None if it is none of the allocator's."""
  if path.startswith(ROOT + "/"):
    path = path[len(ROOT) + 1:]
  path = re.sub(r"^(?:.*/)?(?=(?:src|include)/[^/]*(?:/[^/]*)?$)", "", path)
  return path if path.startswith(ALLOCATOR) else None


def frame_of(log):
  """The innermost function of the allocator in the first stack that names one: function, file, line."""
  for function, path, line in FRAME.findall(log):
    if relative(path):
      return function, relative(path), int(line)
  return "", None, None


def how_it_ended(code):
  """An exit code, as subprocess has it, in words."""
  if code is None:
    return "no end within the time limit"
  if code < 0:
    try:
      return f"killed by signal {-code} ({signal.Signals(-code).name})"
    except ValueError:
      return f"killed by signal {-code}"
  return f"exit code {code}"


def from_sanitizer(log):
  runtime, report = RUNTIME.search(log), SANITIZER.search(log)
  function, file, line = frame_of(log)
  if runtime and (not report or runtime.start() < report.start()):
    path = relative(runtime.group(1)) or runtime.group(1)
    said = "UndefinedBehaviorSanitizer: " + runtime.group(3)
    where = f"{function + ' in ' if function else ''}{path}"
    return Kind(without_numbers(said), where, said, relative(path), int(runtime.group(2)))
  if report:
    said = re.sub(r" (?:on|in|at)? ?(?:unknown )?(?:address|\S+:\d+) .*| \(pc .*| *0x[0-9a-f]+.*", "", report.group(2))
    said = f"{report.group(1)}: {said.strip()}"
    return Kind(without_numbers(said), f"{function} in {file}" if file else "", said, file, line)
  return None


def said_by_harness(log):
  return HARNESS.search(log) is not None


def kind_of(log, code):
  """The kind of a run that printed this log and ended with this code (None: it was stopped); None if all is well."""
  if code == 0:
    return None
  # What the harness says comes first: the signal that follows is its own.
  harness = HARNESS.search(log)
  if harness:
    return Kind(without_numbers(harness.group(1)), "", harness.group(1), None, None)
  kind = from_sanitizer(log)
  if kind:
    return kind
  function, file, line = frame_of(log)
  engine = LIBFUZZER.search(log)
  if code is None or (engine and engine.group(1).startswith("timeout")):
    return Kind("hang: no end within the time limit", "", "hang: no end within the time limit", file, line)
  if engine and engine.group(1).startswith("out-of-memory"):
    return Kind("out of memory", "", engine.group(1), file, line)
  said = "crash: " + (engine.group(1) if engine else how_it_ended(code))
  return Kind(without_numbers(said), f"{function} in {file}" if file else "", said, file, line)
