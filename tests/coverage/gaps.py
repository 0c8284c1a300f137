# SPDX-License-Identifier: BSD-3-Clause
"""What was to be reached in src, and what of it was: joined over functions' copies and over fan-outs.

A place is a line, one outcome of a branch, or a condition of a decision (MC/DC). It is covered if one build
covered it, in one copy: an inline function is compiled into every file that uses it. A condition is covered
if one build saw the two runs that show its independence. A condition that the compiler folds, because it is a
constant at every fan-out, is covered by none.
"""

import json
import os
import re

LINE, TRUE, FALSE, CONDITION = "line", "branch-true", "branch-false", "condition"
KINDS = [LINE, TRUE, FALSE, CONDITION]


class Place:
  """One thing to be covered."""

  def __init__(self, file, function, kind, position, text):
    self.file = file
    self.function = function
    self.kind = kind
    self.position = position  # line and column
    self.text = text
    self.covered = False

  def __str__(self):
    return f"{self.file}:{self.position[0]}:{self.position[1]} {self.kind} in {self.function}: {self.text}"


class Sources:
  """The text of the tree's files."""

  def __init__(self, root):
    self.root = os.path.join(root, "")
    self.files = {}

  def name(self, path):
    """The name of a file of src, relative to the tree; None for all others."""
    name = path[len(self.root):] if path.startswith(self.root) else path
    return name if name.startswith("src/") else None

  def lines(self, name):
    if name not in self.files:
      with open(self.root + name, encoding="utf-8") as file:
        self.files[name] = file.read().split("\n")
    return self.files[name]

  def function(self, name, number):
    """The name of the function whose body starts on a line: as written there, for some copies are renamed."""
    lines = self.lines(name)[:number]
    start = next(line for line in reversed(lines) if re.match(r"\w", line))
    return re.search(r"(\w+)\(", start).group(1)

  def text(self, name, span):
    """The text from (line, column) to (line, column), as one line."""
    first, start, last, end = span
    lines = self.lines(name)[first - 1:last]
    lines[-1] = lines[-1][:end - 1]
    lines[0] = lines[0][start - 1:]
    return " ".join(" ".join(lines).split())


class Places:
  """All places, by file and position."""

  def __init__(self, root):
    self.sources = Sources(root)
    self.places = {}
    self.functions = {}  # file: {(first line, last line): name}

  def note(self, file, function, kind, span, covered):
    key = (file, span, kind)
    if key not in self.places:
      self.places[key] = Place(file, function, kind, span[:2], self.sources.text(file, span))
    self.places[key].covered |= covered

  def function_at(self, file, line):
    for (first, last), name in self.functions.get(file, {}).items():
      if first <= line <= last:
        return name
    return "?"

  def add_function(self, record):
    """Where a function is."""
    file = self.sources.name(record["filenames"][0])
    if file is not None:
      region = record["regions"][0]
      self.functions.setdefault(file, {})[(region[0], region[2])] = self.sources.function(file, region[0])

  def add_file(self, data):
    """Branches and decisions of all copies of a file's functions."""
    file = self.sources.name(data["filename"])
    if file is None:
      return
    # First line and column, last line and column, times true, times false, number of the file, ...
    # Both times are 0 where the compiler folded the condition.
    spans = set()
    for branch in data["branches"]:
      span = tuple(branch[:4])
      if branch[6] != 0:
        raise ValueError(f"{file}:{span[0]}: a branch inside a macro; its place is not known: use a function")
      name = self.function_at(file, span[0])
      self.note(file, name, TRUE, span, branch[4] > 0)
      self.note(file, name, FALSE, span, branch[5] > 0)
      spans.add(span)
    # First line and column, last line and column, number of the file, kind, conditions in order of the text.
    for decision in data["mcdc_records"]:
      span, shown = tuple(decision[:4]), decision[6]
      conditions = sorted(condition for condition in spans if inside(condition, span))
      if len(conditions) != len(shown):
        raise ValueError(f"{file}:{span[0]}: {len(shown)} conditions, but {len(conditions)} branches")
      for condition, independent in zip(conditions, shown):
        self.note(file, self.function_at(file, span[0]), CONDITION, condition, independent)

  def add_lines(self, lcov):
    """Lines, as llvm-cov counts them; but a line of braces alone is none."""
    file = None
    for record in lcov.split("\n"):
      key, _, value = record.partition(":")
      if key == "SF":
        file = self.sources.name(value)
      elif key == "DA" and file is not None:
        line, count = (int(number) for number in value.split(",")[:2])
        text = self.sources.lines(file)[line - 1]
        if not re.fullmatch(r"[\s{};]*", text):
          span = (line, len(text) - len(text.lstrip()) + 1, line, len(text.rstrip()) + 1)
          self.note(file, self.function_at(file, line), LINE, span, count > 0)

  def add_build(self, build):
    for data in json.loads(build.export)["data"]:
      for record in data["functions"]:
        self.add_function(record)
      for record in data["files"]:
        self.add_file(record)
    self.add_lines(build.lines)

  def all(self):
    return [self.places[key] for key in sorted(self.places)]


def inside(span, outer):
  return outer[:2] <= span[:2] and span[2:] <= outer[2:]


def join(root, builds):
  """The places of a set, from all of its builds."""
  places = Places(root)
  for build in builds:
    places.add_build(build)
  return places.all()
