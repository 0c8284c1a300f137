# SPDX-License-Identifier: BSD-3-Clause
"""Reads exceptions.txt: the places that cannot be covered, each with the reason why.

Blocks are separated by empty lines; lines that start with # are comments. A block:

  file: src/NAME
  function: NAME
  kind: line | branch-true | branch-false | condition, several with commas
  text: the line, or the branch's condition, as it stands in the source (spaces do not matter)
  occurrence: (only if the text occurs more than once in the function) which one of how many: 1 of 2
  set: corpus | unit | both
  reason: why nothing can get there; goes on in lines that are indented
"""

import re

import gaps

FIELDS = ["file", "function", "kind", "text", "occurrence", "set", "reason"]
SETS = {"corpus": ["corpus"], "unit": ["unit"], "both": ["corpus", "unit"]}
REASON_LENGTH = 30


class Exception_:
  """One block."""

  def __init__(self, number, fields):
    self.number = number  # of its first line
    self.file = fields["file"]
    self.function = fields["function"]
    self.text = fields["text"]
    self.which, self.of = (int(digits) for digits in fields.get("occurrence", "1 of 1").split(" of "))
    self.kinds = [kind.strip() for kind in fields["kind"].split(",")]
    self.sets = SETS[fields["set"]]

  def matching(self, places, kind):
    """The places of that kind with the text, in the order of the source."""
    return [place for place in places if place.file == self.file and place.function == self.function
            and place.kind == kind and place.text == self.text]


def blocks(text):
  """(number of the first line, lines) of every block."""
  block, first = [], 0
  for number, line in enumerate(text.split("\n") + [""], 1):
    if line.startswith("#"):
      continue
    if line.strip():
      first = first if block else number
      block.append(line)
    elif block:
      yield first, block
      block = []


def fields_of(number, block):
  fields, name = {}, None
  for line in block:
    if line[0].isspace() and name is not None:
      fields[name] += " " + line.strip()
      continue
    name, colon, value = line.partition(":")
    if not colon or name not in FIELDS or name in fields:
      raise ValueError(f"exceptions, block at line {number}: not understood, or twice: {line}")
    fields[name] = value.strip()
  missing = [name for name in FIELDS if name != "occurrence" and not fields.get(name)]
  if missing:
    raise ValueError(f"exceptions, block at line {number}: missing: {', '.join(missing)}")
  return {name: " ".join(value.split()) for name, value in fields.items()}


def read(text):
  """All exceptions; ValueError for a text that is not understood."""
  found = []
  for number, block in blocks(text):
    fields = fields_of(number, block)
    if fields["set"] not in SETS:
      raise ValueError(f"exceptions, block at line {number}: no such set: {fields['set']}")
    if not re.fullmatch(r"[1-9] of [1-9]", fields.get("occurrence", "1 of 1")):
      raise ValueError(f"exceptions, block at line {number}: no such occurrence: {fields['occurrence']}")
    if len(fields["reason"]) < REASON_LENGTH:
      raise ValueError(f"exceptions, block at line {number}: that is no reason: {fields['reason']}")
    found.append(Exception_(number, fields))
    unknown = [kind for kind in found[-1].kinds if kind not in gaps.KINDS]
    if unknown:
      raise ValueError(f"exceptions, block at line {number}: no such kind: {', '.join(unknown)}")
  return found


def judge(name, places, exceptions):
  """What is wrong with a set, as lines of text, and the places that an exception justifies."""
  wrong, justified = [], set()
  for exception in exceptions:
    for kind in exception.kinds if name in exception.sets else []:
      where = f"{name}: exception at line {exception.number} ({exception.file}, {exception.function}, {kind}"
      where += f": {exception.text})"
      matching = exception.matching(places, kind)
      place = matching[exception.which - 1] if exception.which <= len(matching) == exception.of else None
      if place is None:
        wrong.append(f"{where} matches {len(matching)} places; it says there are {exception.of}")
      elif place.covered:
        wrong.append(f"{where} is not needed: the place is covered; delete it")
      elif place in justified:
        wrong.append(f"{where} repeats another one; delete it")
      else:
        justified.add(place)
  for place in places:
    if not place.covered and place not in justified:
      wrong.append(f"{name}: gap: {place}")
  return wrong, justified
