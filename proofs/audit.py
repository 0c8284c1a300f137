#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Checks that what prove.py proves is what ships, and that it rests on the provers and the table of trust alone.

  audit.py               audits the tree; exit status 0: nothing found
  audit.py --self-test   every tree of attacks.txt must be rejected, the good ones accepted

What it looks for:
- annotations that assume something: admit, axiom, inductive definitions, lemmas (a lemma here is a ghost function with a
  proof), invariants WP ignores, termination under a condition; and constructs that this project does without, since
  they are hard to read or have hidden something: see ASSUMPTIONS, DONE_WITHOUT and what units.py knows of;
- code that compilers and Frama-C see differently, or two files: see same_code.py;
- a name with two meanings: a logic name that is overloaded, a contract, definition or ghost variable that is not the
  same in all files that see it, a function and a logic name that are called the same;
- logic definitions that refer to themselves over all files, unless they count down:
  f(.., k) = k <= 0 ? a term without f : a term with f only as f(.., k - 1);
- logic symbols that are only declared in some files: they must stand in the table of trust (SOUNDNESS.md), be defined
  somewhere, and their reads clauses must name what the definition reads: WP itself is asked whether a write to memory of
  a type that the reads clause leaves out can change the definition;
- functions that call themselves, be it through other files: nothing would prove that they end;
- functions of src that are not claimed, but for those in the table of trust; contracts that promise nothing; functions
  that no proved caller reaches from one without preconditions (a witness that its preconditions can be met); ghost
  functions that are not claimed and that a claimed function calls;
- what compilers know of reads of locals that were not written, which WP does not ask;
- sentences that promise something and lead to no clause or test: see promises.py;
- claims about functions that do not exist, or that no Bazel target proves; options of WP that leave goals out.
"""

import argparse
import concurrent.futures
import importlib.util
import os
import re
import subprocess
import sys
import tempfile

import frama_c
import prove
import same_code
import units as units_of

ASSUMPTIONS = [
  (r"\badmit\b", "admit"),
  (r"\baxiom\b", "axiom"),
  (r"\binductive\b", "inductive definition"),
  (r"\b(?:lemma|check\s+lemma)\b", "lemma; make it a ghost function"),
  (r"\b(?:global|type|strong|weak)\s+(?:\w+\s+)?invariant\b", "invariant that WP does not check"),
  (r"\bterminates\b(?!\s*\\true\s*;)", "termination under a condition"),
  (r"\bexits\b(?!\s*\\false\s*;)", "an exit of the program"),
]
DONE_WITHOUT = [
  (r"\\with\b", "\\with"),
  (r"(?<!&)&\s*(?:tree|limits|storage_\w+|limits_owner|shelf)\b", "the address of ghost state"),
  (r"\\(?:lambda|sum|product|numof|initialized|dangling|fresh|allocation|base_addr|offset|block_length)\b",
   "a term that WP knows little of"),
  (r"\bloop\s+pragma\b|\bloop\s+unroll\b", "loop pragma"),
  (r"\b(?:volatile|model)\b", "volatile or model"),
]
FOREIGN_CODE = [
  (r"\b(?!__cplusplus\b)(?:__\w+|_[A-Z]\w*)\b", "a name that belongs to compilers and their libraries"),
  (r"\basm\b", "assembly, which WP skips"),
  (r"(?<!&)&\s*\(?\w+(?:\s*\[[^\]]*\])*\s*(?:\.|->)\s*\w+(?!\s*\[|\w)", "the address of a part of a structure"),
  (r"\bvoid\s*\*|\brestrict\b", "a pointer of which the type, or what it is apart from, is left open"),
  (r"\b(?:unsigned|int|long|short|char|bool|u?int\d+_t)\s+\w+\s*:\s*\d", "a bit-field"),
  (r"\b(?:float|double|goto|setjmp|longjmp|union|volatile|register|alloca)\b", "a construct that is done without"),
]
ALLOWED_NAMES = {"_Static_assert"}
# A limit of steps is none of these: a goal that is not proved within it stays open.
LEFT_OUT = r"-wp-(?:no-|prop\b|skip-fct\b)"
# What prove.py may say: the last pass of a run does the smoke tests and nothing else, those after calls where contracts
# are trusted; some passes do without two of WP's simplifications. Each just so, as verify_test.sh shows that with these
# nothing is left out.
NOT_LEFT_OUT = ('"-wp-prop=" + ",".join("-@" + kind for kind in ALL_BUT_SMOKE_TESTS),',
                '"-wp-no-ground", ', '"-wp-no-pruning", ',
                '"-wp-smoke-dead-call" if file in TRUSTED else "-wp-no-smoke-dead-call"')
TRUST = "proofs/SOUNDNESS.md"
UNPROMISED = "proofs/unpromised.txt"
# What memory is written by in the question whether a reads clause is complete: WP has a memory for each of these.
CELLS = ("int8_t", "uint8_t", "int16_t", "uint16_t", "int32_t", "uint32_t", "int64_t", "uint64_t", "_Bool", "double",
         "void *")


def annotations_and_code(text):
  """Splits C text into its ACSL annotations (without their comments) and the code; both keep their lines."""
  annotations, code = [], []
  position = 0
  for match in re.finditer(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', text, re.S):
    code.append(text[position:match.start()])
    annotations.append(re.sub(r"[^\n]", " ", text[position:match.start()]))
    piece, blank = match.group(), re.sub(r"[^\n]", " ", match.group())
    is_annotation = piece[:3] in ("/*@", "//@")
    annotations.append(re.sub(r"(?<=.)//[^\n]*", "", piece) if is_annotation else blank)
    code.append(piece if piece[0] == '"' else blank)
    position = match.end()
  code.append(text[position:])
  return "".join(annotations), "".join(code)


def search(rules, text, place):
  return [f"{place}:{text.count(chr(10), 0, match.start()) + 1}: {what}: {match.group()}"
          for pattern, what in rules for match in re.finditer(pattern, text, re.M)
          if match.group() not in ALLOWED_NAMES]


def audit_text(place, text):
  # A line that goes on in the next one is one line, also within a word.
  annotations, code = annotations_and_code(text.replace("\\\n", ""))
  return search(ASSUMPTIONS + DONE_WITHOUT, annotations, place) + search(FOREIGN_CODE, code, place)


class Logic:
  """The logic definitions of all files together."""

  def __init__(self, units, others):
    """others: what C calls by a name."""
    self.definitions, self.declarations, self.found = {}, {}, []
    first = {}
    for unit in units:
      for kind, table in (("definition", unit.definitions), ("ghost variable", unit.globals),
                          ("declaration", {name: text for name, (_, _, text) in unit.declarations.items()})):
        for name, text in table.items():
          file, expected = first.setdefault((kind, name), (unit.file, text))
          if text != expected:
            self.found.append(f"{unit.file}: {kind} of {name} is not the one in {file}")
      self.definitions.update(unit.definitions)
      self.declarations.update(unit.declarations)
    of_code = others.union(*({*unit.functions, *unit.globals} for unit in units)) if units else others
    for name in sorted(of_code & (set(self.definitions) | set(self.declarations))):
      self.found.append(f"{name} is the name of something in code and of a logic symbol")

  def bodies(self, name, seen=None):
    """The texts of a logic definition and of those it is made of."""
    seen = set() if seen is None else seen
    if name not in self.definitions or name in seen:
      return []
    seen.add(name)
    body = self.definitions[name].split("=", 1)[1]
    return [body] + [text for word in re.findall(r"\w+", body) for text in self.bodies(word, seen)]

  def words(self, name):
    """All words of a logic definition and of those it is made of."""
    return {word for body in self.bodies(name) for word in re.findall(r"\w+", body)}

  def follows(self, name, field):
    """Whether the definition reads the field of an object, or what it points to."""
    read = rf"->{field}\b|\b{field}(?:->|\[| \+)|\*\(?[\w.]*\.{field}\b"
    return any(re.search(read, body) for body in self.bodies(name))

  def counts_down(self, name):
    """Whether f(.., k) refers to itself for k > 0 only, and as f(.., k - 1) only: then it is well-founded.

    So it is for two counters, f(.., j, k), j > 0 and k > 0, and f(.., j, k - 1) or f(.., j - 1, anything).
    """
    match = re.match(r"(?:logic ℤ|predicate) \w+\(([^()]*)\) ?= ((?:\w+ ≤ 0 ∨ )?\w+ ≤ 0)\? ([^?:;]*): (.*?);?$",
                     self.definitions[name])
    if not match:
      return False
    parameters, condition, end, step = match.groups()
    counters = re.findall(r"(\w+) ≤ 0", condition)
    # Each binder has a semicolon. Those known here do not bind a counter again.
    binders = re.findall(r"[∀∃]((?:,? ℤ \w+)+);", step)
    bound = {word for binder in binders for word in re.findall(r"\w+", binder)}
    if (parameters.split(", ")[-len(counters):] != ["ℤ " + counter for counter in counters]
        or step.count(";") != len(binders) or bound & set(counters)):
      return False
    calls = [arguments(step[call.end():]) for call in re.finditer(rf"\b{name}\(", step)]
    outer, inner = counters[0], counters[-1]
    smaller = [call[-len(counters):] == [*counters[:-1], inner + " - 1"]
               or len(counters) == 2 and call[-2:-1] == [outer + " - 1"] for call in calls]
    words = re.findall(r"\w+", end + " " + step)
    return all(smaller) and len(calls) == words.count(name) and not any(
      name in self.words(word) for word in set(words) - {name})


def arguments(text):
  """The arguments that text starts with, after their opening parenthesis."""
  result, depth, start = [], 0, 0
  for position, character in enumerate(text):
    depth += (character in "([{") - (character in ")]}")
    if depth < 0 or depth == 0 and character == ",":
      result.append(text[start:position].strip())
      start = position + 1
    if depth < 0:
      break
  return result


def trusted():
  """The names of functions and predicates in the first column of the table of trust."""
  section = re.search(r"^## What is trusted$(.*?)(?=^## |\Z)", frama_c.read(TRUST), re.M | re.S)
  rows = re.findall(r"^\| (.*?) \|", section.group(1), re.M) if section else []
  return {name for row in rows for name in re.findall(r"`([a-z]\w*)`", row)}


def audit_logic(units, logic):
  found = list(logic.found)
  for name in logic.definitions:
    if name in logic.words(name) and not logic.counts_down(name):
      found.append(f"{name} refers to itself, which nothing proves to be well-founded")
  for name, (_, reads, _) in logic.declarations.items():
    definers = [unit for unit in units if name in unit.definitions]
    if not definers:
      found.append(f"{name} is declared in logic and defined nowhere")
      continue
    if name not in trusted():
      found.append(f"{name} is only declared in some files, and not in the table of trust ({TRUST})")
    for unit in definers:
      missing = (logic.words(name) & set(unit.globals)) - set(re.findall(r"\w+", reads))
      parameters = re.search(r"\(([^)]*)\)", unit.definitions[name].split("=")[0])
      pointers = re.findall(r"\*\s*(\w+)", parameters.group(1)) if parameters else []
      missing |= {"*" + pointer for pointer in pointers
                  if not re.search(r"\*\s*\(?" + pointer + r"\b", reads)}
      # A field that is a pointer: what it points to may be read.
      missing |= {field for field in unit.fields - set(re.findall(r"\w+", reads)) if logic.follows(name, field)}
      if missing:
        found.append(f"{unit.file}: {name} reads {', '.join(sorted(missing))}, which its reads clause lacks")
    found += audit_reads(definers[0], name, logic.declarations[name])
  return found


def audit_reads(unit, name, declaration):
  """Asks WP whether the definition depends on memory of a type that its reads clause leaves out.

  That is all that WP takes from such a clause: a write to memory of another type keeps the symbol. So for each type of
  memory that keeps a symbol declared with just this clause it must be proved that it keeps the one that is defined.
  """
  parameters, reads, _ = declaration
  parameters = [parameter.strip() for parameter in parameters.replace("ℤ", "integer").split(",") if parameter.strip()]
  pointers = [parameter for parameter in parameters if "*" in parameter]
  bound = "".join(f"\\forall {parameter}; " for parameter in parameters if "*" not in parameter)
  names = ", ".join(re.findall(r"\w+", parameter)[-1] for parameter in parameters)
  equal = "<==>" if unit.definitions[name].startswith("predicate") else "=="
  if not re.match(rf"[^=(]*\b{name} ?\{{\w+\}}", unit.definitions[name]):
    return []  # no label: it reads no memory
  text = f'#include "{os.path.join(frama_c.ROOT, unit.file)}"\n#include <stdint.h>\n'
  text += f"/*@ axiomatic Kept {{ predicate kept{{L}}({', '.join(parameters)}) reads {reads}; }} */\n"
  for number, cell in enumerate(CELLS):
    clauses = "".join(f"  ensures {label}: {bound}({symbol}{{Post}}({names}) {sign} {symbol}{{Pre}}({names}));\n"
                      for label, symbol, sign in (("declared", "kept", "<==>"), ("defined", name, equal)))
    text += (f"/*@ requires \\valid(cell_);\n  assigns *cell_;\n{clauses}*/\n"
             f"void frame_{number}({', '.join(pointers + [cell + ' *cell_', cell + ' value_'])}) {{ *cell_ = value_; }}\n")
  path = os.path.join(frama_c.scratch(), f"reads_{name}.c")
  with open(path, "w", encoding="utf-8") as file:
    file.write(text)
  functions = ",".join(f"frame_{number}" for number in range(len(CELLS)))
  status, output = frama_c.run(["frama-c", frama_c.CPP, "-wp", "-wp-fct", functions, "-wp-prop=declared,defined",
                                "-wp-prover", "qed", "-wp-cache", "none", path])
  kept = {label: set(re.findall(rf"\[(?:Qed|CFG)\] Goal typed_frame_(\d+)_ensures_{label} : Valid", output))
          for label in ("declared", "defined")}
  if status != 0 or "User Error" in output:
    return [f"{unit.file}: cannot ask what {name} reads: {' '.join(output.split())[-300:]}"]
  return [f"{unit.file}: {name} reads memory of type {CELLS[int(number)]}, which its reads clause lacks"
          for number in sorted(kept["declared"] - kept["defined"], key=int)]


def audit_contracts(units):
  """A contract is the same in all files that see the function."""
  found, first = [], {}
  for unit in units:
    for name, function in unit.functions.items():
      if function.contract is None:
        continue
      clauses = units_of.clauses_of(function.contract)
      file, expected = first.setdefault(name, (unit.file, clauses))
      if clauses != expected:
        found.append(f"{unit.file}: contract of {name} is not the one in {file}")
  for unit in units:
    for name, function in unit.functions.items():
      if function.contract is None and name in first:
        found.append(f"{unit.file}: {name} has no contract here, and one in {first[name][0]}")
  return found


def unpromised():
  """What claimed functions may promise nothing: pairs of file and function, each with a reason."""
  result = {}
  for line in frama_c.read(UNPROMISED).splitlines():
    words = line.split("#")[0].split(None, 2)
    if words:
      result[tuple(words[:2])] = words[2] if len(words) > 2 else ""
  return result


def promises(function):
  """What the ensures clauses say, without those that say nothing by their form alone."""
  empty = r"\\true$|(.+) (?:≡|≤|≥|⇔) \1$|(.+) ⇒ \2$"
  if re.match(r"(?:static |inline |__inline |const )*(?:u?int\d+_t|unsigned|_Bool|size_t)\b", function.head):
    empty += r"|0 ≤ \\result$|\\result ≥ 0$" if not re.search(r"\bint\d", function.head.split("(")[0]) else ""
  return [text for _, _, _, text in function.clauses("ensures") if not re.match(empty, text)]


def audit_contract(place, function, reasons):
  """The form of one claimed function's contract."""
  found = []
  name = function.name
  clauses = units_of.clauses_of(function.contract)
  keywords = {keyword for _, keyword, _, _ in clauses}
  for keyword in ("terminates", "exits", "assigns"):
    if keyword not in keywords:
      found.append(f"{place}: {name}: no {keyword} clause")
  behaviors = {behavior for behavior, _, _, _ in clauses} - {""}
  for keyword in ("complete", "disjoint"):
    listed = [set(re.findall(r"\w+", text.replace("behaviors", "", 1))) for _, key, _, text in clauses if key == keyword]
    if behaviors and not any(names in (behaviors, set()) for names in listed):
      found.append(f"{place}: {name}: behaviors that are not said to be {keyword}")
  if function.ghost:
    return found
  silent = []
  says = promises(function)
  effect = any(text != "\\nothing" for _, keyword, _, text in clauses if keyword == "assigns")
  returns = not re.search(rf"\bvoid {name} ?\($", function.head.split("(")[0] + "(")
  if effect and not says:
    silent.append("writes something and ensures nothing")
  if returns and not any("\\result" in text for text in says):
    silent.append("ensures nothing of its result")
  if silent and (place, name) not in reasons:
    found.append(f"{place}: {name} {' and '.join(silent)}, and {UNPROMISED} gives no reason")
  if not silent and (place, name) in reasons:
    found.append(f"{UNPROMISED}: {place} {name} promises something")
  return found


def audit_reach(claims, by_file, public):
  """Every claimed function is called, through claimed ones, by one that has no preconditions."""
  calls, roots = {}, set()
  for file, name in claims:
    function = by_file[file].functions[name]
    calls[name] = by_file[file].calls(name)
    if not function.ghost and not function.clauses("requires"):
      roots.add(name)
  reached, todo = set(), sorted(roots)
  while todo:
    name = todo.pop()
    if name not in reached:
      reached.add(name)
      todo += sorted(calls[name] & calls.keys())
  found = [f"{file}: {name}: neither a witness that its preconditions can be met nor a caller that has one"
           for file, name in claims if name not in reached]
  found += audit_recursion(calls)
  witnessed = {callee for file, name in claims if name in roots and file.startswith("proofs/") for callee in calls[name]}
  return found + [f"{name}: a public function that no witness in proofs calls" for name in sorted(public - witnessed)]


def audit_recursion(calls):
  """No function calls itself, be it through functions of other files: their contracts would promise each other's end."""
  state, found = {}, []
  for start in sorted(calls):
    stack = [(start, iter(sorted(calls[start])))] if start not in state else []
    state.setdefault(start, "open")
    while stack:
      name, rest = stack[-1]
      callee = next(rest, None)
      if callee is None:
        state[name] = "done"
        stack.pop()
      elif state.get(callee) == "open":
        found.append(f"{name} calls {callee}, which may be what called it")
      elif callee in calls and callee not in state:
        state[callee] = "open"
        stack.append((callee, iter(sorted(calls[callee]))))
  return found


def audit_functions(units, claims, functions):
  """functions: the C functions that are defined, with their files."""
  found = []
  by_file = {unit.file: unit for unit in units}
  known = []
  for file, name in claims:
    function = by_file[file].functions.get(name) if file in by_file else None
    if function is None or function.body is None:
      found.append(f"{frama_c.CLAIMS}: {file} has no function {name}")
    elif function.contract is None:
      found.append(f"{file}: no contract of {name}")
    else:
      known.append((file, name))
  names = [name for _, name in claims]
  found += [f"{frama_c.CLAIMS}: {name} is claimed for two files" for name in sorted(set(names)) if names.count(name) > 1]
  trust = trusted()
  defined = set().union(*(unit.defined() for unit in units)) if units else set()
  for unit in units:
    for name, function in unit.functions.items():
      if function.contract is not None and name not in defined:
        found.append(f"{unit.file}: {name} has a contract and no body anywhere: it is taken for granted")
  ghosts = {name for unit in units for name, function in unit.functions.items() if function.ghost}
  reasons = unpromised()
  for file, name in known:
    found += audit_contract(file, by_file[file].functions[name], reasons)
    for callee in sorted(by_file[file].calls(name) - set(names)):
      if callee in ghosts:
        found.append(f"{file}: {name} relies on ghost function {callee}, which is not claimed as proved")
      elif callee not in trust:
        found.append(f"{file}: {name} relies on {callee}, which is neither claimed nor in the table of trust ({TRUST})")
  found += [f"{UNPROMISED}: {' '.join(pair)}: not a claim, or no reason" for pair, reason in reasons.items()
            if pair not in claims or not reason]
  of_src = {name for name, file in functions.items() if file.startswith(("src/", "include/"))}
  declared = {name for unit in units for name in unit.declarations}
  found += [f"{functions[name]}: {name} is not claimed, nor in the table of trust ({TRUST})"
            for name in sorted(of_src - set(names) - trust)]
  found += [f"{TRUST}: {name} is in the table of trust, but claimed as proved" for name in sorted(trust & set(names))]
  found += [f"{TRUST}: {name} is in the table of trust, and no function of src or symbol that is only declared"
            for name in sorted(trust - of_src - declared)]
  listed = {name for names in prove.TRUSTED.values() for name in names}
  if listed & set(functions) != trust & set(functions):
    found.append(f"prove.py trusts {', '.join(sorted(listed)) or 'nothing'}, {TRUST} {', '.join(sorted(trust)) or 'nothing'}")
  public = {match.group(1) for path in frama_c.files("include/**/*.h")
            for match in re.finditer(r"\b(\w+)\([^;{}]*\);", annotations_and_code(frama_c.read(path))[1])} & set(functions)
  return found + audit_reach(known, by_file, public)


def audit_order(units, functions, bodies):
  """Two calls that write something, in one expression: in which order they happen is the compiler's choice."""
  writers = {name for unit in units for name, function in unit.functions.items() if function.contract is not None
             and any(text != "\\nothing" for _, _, _, text in function.clauses("assigns"))}
  found = []
  for name, body in bodies.items():
    for statement in re.split(r"[;{}]|&&|\|\||\?|(?<= ) : ", body):
      if sum(match.group(1) in writers for match in re.finditer(rf"\b({units_of.NAME}) \(", statement)) > 1:
        found.append(f"{functions[name]}: {name}: two calls that write, in one expression: {statement.strip()}")
  return found


def audit_warnings(files):
  """What compilers and gcc's analyzer warn of: reads of locals that were not written, values that do not fit, and more."""
  found = []
  calls = [["gcc", "-O2", "-Wall", "-Wextra", "-Wconversion", "-Wmaybe-uninitialized", "-Wnested-externs"],
           ["gcc", "-O1", "-fanalyzer"],
           ["clang-19", "-O1", "-Wuninitialized", "-Wsometimes-uninitialized", "-Wconditional-uninitialized"]]
  for file in files:
    for call in calls:
      if call[0] == "gcc" or frama_c.which(call[0]):
        status, output = frama_c.run([*call, *same_code.options_of(file), "-c", "-o", os.devnull, file])
        if status != 0:
          found.append(f"{file}: {' '.join(call)} fails: {output[:300]}")
        found += [f"{' '.join(call[:2])}: {line}" for line in output.split("\n") if " warning: " in line]
  return found


def audit_options(place, text):
  harmless = "|".join(re.escape(words) for words in NOT_LEFT_OUT)
  return [f"{place}:{number}: option that leaves goals out: {line.strip()}"
          for number, line in enumerate(text.splitlines(), 1) if re.search(LEFT_OUT, re.sub(harmless, "", line))]


def audit_targets(claims, build_file):
  return [f"{frama_c.CLAIMS}: no Bazel target in proofs proves {file}"
          for file in sorted({file for file, _ in claims}) if f'"{file}"' not in build_file]


def audit_promises():
  """The table of sentences, where there are sentences."""
  if not importlib.util.find_spec("promises"):
    return ["proofs/promises.py is missing"] if frama_c.files("include/**/*.h") else []
  import promises as table  # what it reads is not part of small trees
  return table.audit() if frama_c.files("include/**/*.h") else []


def audit():
  """Everything found in the tree."""
  found = []
  files = frama_c.files("src/**/*.c", "proofs/*.c")
  differences, read, functions, others, bodies = same_code.audit(files)
  found += differences
  for path in sorted(set(read) | set(frama_c.files("proofs/*.[ch]"))):
    found += audit_text(path, frama_c.read(path))
  for path in frama_c.files("proofs/*.py", "proofs/*.sh", "proofs/*.bzl", "proofs/BUILD.bazel", "ci/*"):
    if os.path.basename(path) != "audit.py":
      found += audit_options(path, frama_c.read(path))
  claims = frama_c.claims()
  units = []
  for file in files:
    try:
      units.append(units_of.Unit(file))
    except frama_c.Unreadable as error:
      found.append(str(error))
  for unit in units:
    found += unit.found
    found += search(ASSUMPTIONS + DONE_WITHOUT, annotations_and_code(unit.text)[0], unit.file + " as Frama-C sees it")
  found += audit_logic(units, Logic(units, others)) + audit_contracts(units) + audit_functions(units, claims, functions)
  found += audit_order(units, functions, bodies)
  found += audit_warnings([file for file in files if file.startswith("src/")])
  found += audit_targets(claims, frama_c.read("proofs/BUILD.bazel")) + audit_promises()
  return list(dict.fromkeys(found))


class Attack:
  """A tree of attacks.txt: "=== NAME: TOOL", lines "+ PIECE" and "- PIECE" of what must and must not be said of it (a
  tree without "+" is a good one and must be accepted), then "--- PATH" and the text of each file. Lines "#### " are headings."""

  def __init__(self, part):
    head, _, body = part.partition("\n")
    self.name, _, self.tool = head.partition(": ")
    pieces = re.split(r"^--- (\S+)\n", body, flags=re.M)
    self.files = dict(zip(pieces[1::2], pieces[2::2]))
    self.found = re.findall(r"^\+ (.*)$", pieces[0], re.M)
    self.absent = re.findall(r"^- (.*)$", pieces[0], re.M)

  def lay(self, folder):
    """Writes the tree, with these tools."""
    tools = os.path.dirname(os.path.abspath(__file__))
    for name in ("src", "proofs", "include/opae"):
      os.makedirs(os.path.join(folder, name))
    for tool in os.listdir(tools):
      if tool.endswith(".py"):
        os.symlink(os.path.join(tools, tool), os.path.join(folder, "proofs", tool))
    claimed = self.files.get("proofs/claimed.txt", "").split()
    build = "".join(f'"{word}"\n' for word in claimed)
    for path, text in {"proofs/BUILD.bazel": build, **self.files}.items():
      os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
      with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
        file.write(text)

  def play(self):
    """Lets the checker look at the tree; returns what it says that is not right."""
    command = {"audit": ["proofs/audit.py"], "prove": ["proofs/prove.py", "--claimed", "--timeout", "2"]}[self.tool]
    with tempfile.TemporaryDirectory(prefix="attack.") as folder:
      self.lay(folder)
      done = subprocess.run([sys.executable, "-B", *command], cwd=folder, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False)
    accepted = re.search(r"^audit: clean$|^prove: (\d+) of \1 functions proved$", done.stdout, re.M)
    wrong = [f"not said: {piece}" for piece in self.found if piece not in done.stdout]
    wrong += [f"said: {piece}" for piece in self.absent if piece in done.stdout]
    if done.returncode != (1 if self.found else 0) or bool(accepted) == bool(self.found):
      wrong.append("accepted" if accepted else "rejected")
    return [f"attack {self.name}: {'; '.join(wrong)}, in:\n{done.stdout}"] if wrong else []


def self_test(names):
  """Plays the attacks; returns what went wrong."""
  text = re.sub(r"^#### .*\n", "", frama_c.read("proofs/attacks.txt"), flags=re.M)
  trees = [Attack(part) for part in re.split(r"^=== ", text, flags=re.M)[1:]]
  trees = [tree for tree in trees if not names or tree.name in names]
  with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    wrong = [line for lines in pool.map(Attack.play, trees) for line in lines]
  good = sum(not tree.found for tree in trees)
  if not trees or not names and good in (0, len(trees)):
    wrong.append("no attack of that name" if names else "attacks.txt has no good tree, or no bad one")
  print(f"audit: self-test, {len(trees) - good} attacks and {good} good trees, {len(wrong)} wrong")
  return wrong


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--self-test", nargs="*", metavar="ATTACK", help="play the attacks (these, or all)")
  options = parser.parse_args()
  found = audit() if options.self_test is None else self_test(options.self_test)
  for line in found:
    print(line)
  if options.self_test is None:
    print(f"audit: {'clean' if not found else str(len(found)) + ' found'}")
  return 1 if found else 0


if __name__ == "__main__":
  sys.exit(main())
