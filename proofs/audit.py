#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Checks that nothing is admitted: that what prove.py proves rests on the provers alone.

  audit.py               audits the tree; exit status 0: nothing found
  audit.py --self-test   every seeded bad snippet must be rejected, good ones accepted

It looks at the text of src, include and proofs, and at every .c file as
Frama-C sees it, after macros are expanded. What it looks for:
- annotations that assume something: admit, axiom, inductive definitions, lemmas (a
  lemma here is a ghost function with a proof), invariants WP ignores, termination
  under a condition, logic definitions that refer to themselves, unless they count down:
  f(.., k) = k <= 0 ? a term without f : a term with f only as f(.., k - 1);
- logic symbols that are only declared. A predicate that is declared with a reads
  clause in one file and defined in another is allowed if every global and every
  pointer of the definition is in the reads clause;
- C code that differs under proof, and assembly, which WP skips;
- ghost functions without a body, or that are not claimed as proved and that a claimed function calls;
- a contract or logic definition that is not the same in all files that see it
  (a function would be proved against one contract and used by another);
- claims about functions that do not exist, or that no Bazel target proves;
- options of WP that leave goals out.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile

import frama_c

ASSUMPTIONS = [
  (r"\badmit\b", "admit"),
  (r"\baxiom\b", "axiom"),
  (r"\binductive\b", "inductive definition"),
  (r"\blemma\b", "lemma; make it a ghost function"),
  (r"\b(?:global|type|strong|weak)\s+(?:\w+\s+)?invariant\b", "invariant that WP does not check"),
  (r"\bterminates\b(?!\s*\\true\s*;)", "termination under a condition"),
]
FOREIGN_CODE = [
  (r"\b(?:__FRAMAC__|__FC_\w*|FRAMA_?C\w*)", "code that can differ under proof"),
  (r"\b(?:asm|__asm|__asm__)\b", "assembly, which WP skips"),
]
# A limit of steps is none of these: a goal that is not proved within it stays open.
LEFT_OUT = r"-wp-(?:no-|prop\b|skip-fct\b)"
# What prove.py may say: the last pass of a run does the smoke tests and nothing else, those after calls where contracts
# are trusted; some passes do without two of WP's simplifications. Each just so, as verify_test.sh shows that with these
# nothing is left out.
NOT_LEFT_OUT = ('"-wp-prop=" + ",".join("-@" + kind for kind in ALL_BUT_SMOKE_TESTS),',
                '"-wp-no-ground", ', '"-wp-no-pruning", ',
                '"-wp-smoke-dead-call" if file in TRUSTED else "-wp-no-smoke-dead-call"')


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
  return [f"{place}:{text.count(chr(10), 0, match.start()) + 1}: {what}"
          for pattern, what in rules for match in re.finditer(pattern, text)]


def audit_text(place, text):
  annotations, code = annotations_and_code(text)
  return search(ASSUMPTIONS, annotations, place) + search(FOREIGN_CODE, code, place)


class Unit:
  """One file as Frama-C sees it: its logic definitions and declarations, contracts and ghost functions."""

  def __init__(self, file):
    self.file = file
    status, self.text = frama_c.run(["frama-c", frama_c.CPP, "-print", file])
    if status != 0 or "User Error" in self.text:
      raise frama_c.Unreadable(file, self.text)
    self.functions = frama_c.Functions(file)
    self.ghosts = frama_c.ghost_functions(file, self.functions)
    self.definitions, self.declarations, self.contracts = {}, {}, {}
    variable = r"^/\*@ ghost [^\n(;]*?(\w+)(?:\[\w*\])*(?: = [^;]*)?; \*/$"
    self.globals = set(re.findall(variable, self.text, re.M))
    for block in re.findall(r"^/\*@(.*?)\*/", self.text, re.M | re.S):
      self.read_logic(block)
    contract = r"^/\*@ ((?:(?!\*/).)*?) ?\*/\n[\w *]*?\b(\w+)\([^;{}]*?\)\s*(?:/\*@ ghost[^;]*?\*/\s*)?[;{]"
    # Up to the body: that may have steps which only one file can say.
    ghost = r"^/\*@ ghost\s+(/@(?:(?!@/).)*@/)\s*[\w *]*?\b(\w+)\([^{]*"
    for match in re.finditer(contract, self.text, re.M | re.S):
      self.contracts[match.group(2)] = match.group(1)
    for match in re.finditer(ghost, self.text, re.M | re.S):
      self.contracts[match.group(2)] = match.group()

  def read_logic(self, block):
    symbol = r"\b(?:predicate|logic\s[^=(]*?)\s*\b(\w+)\s*(?:\{[^}]*\})?\s*(?:\([^)]*\))?"
    if block.lstrip().startswith("axiomatic"):
      for match in re.finditer(symbol + r"\s*(reads\s[^;]*)?;", block):
        self.declarations[match.group(1)] = match.group(2) or ""
      rest = re.sub(symbol + r"\s*(?:reads\s[^;]*)?;", "", block)
      if re.sub(r"[{}\s]|axiomatic\s+\w+", "", rest):
        self.declarations["axiomatic block: " + " ".join(rest.split())] = ""
    elif match := re.match(r"\s*" + symbol + r"\s*=", block):
      self.definitions[match.group(1)] = " ".join(block.split())

  def words(self, name, seen=None):
    """All words of a logic definition and of those it is made of."""
    seen = set() if seen is None else seen
    result = set()
    if name in self.definitions and name not in seen:
      seen.add(name)
      for word in re.findall(r"\w+", self.definitions[name].split("=", 1)[1]):
        result |= {word} | self.words(word, seen)
    return result

  def counts_down(self, name):
    """Whether f(.., k) refers to itself for k > 0 only, and as f(.., k - 1) only: then it is well-founded.

    So it is for two counters, f(.., j, k), j > 0 and k > 0, and f(.., j, k - 1) or f(.., j - 1, anything).
    """
    match = re.match(r"(?:logic ℤ|predicate) \w+\(([^()]*)\) = ((?:\w+ ≤ 0 ∨ )?\w+ ≤ 0)\? ([^?:;]*): (.*?);?$",
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


def audit_logic(units):
  found = []
  for unit in units:
    for name in unit.definitions:
      if name in unit.words(name) and not unit.counts_down(name):
        found.append(f"{unit.file}: {name} refers to itself, which nothing proves to be well-founded")
    for name, reads in unit.declarations.items():
      definers = [other for other in units if name in other.definitions]
      if not definers:
        found.append(f"{unit.file}: {name} is declared in logic and defined nowhere")
      for other in definers:
        words = other.words(name)
        missing = (words & other.globals) - set(re.findall(r"\w+", reads))
        parameters = re.search(r"\(([^)]*)\)", other.definitions[name].split("=")[0])
        pointers = re.findall(r"\*\s*(\w+)", parameters.group(1)) if parameters else []
        missing |= {"*" + pointer for pointer in pointers
                    if not re.search(r"\*\s*\(?" + pointer + r"\b", reads)}
        missing |= {field for field in ("nodes",) if field in words and not re.search(field + r"\b", reads)}
        if missing:
          found.append(f"{unit.file}: {name} reads {', '.join(sorted(missing))} in {other.file}, "
                       "which its reads clause lacks")
  return found


def audit_agreement(units):
  found = []
  for kind in ("contracts", "definitions"):
    first = {}
    for unit in units:
      for name, text in getattr(unit, kind).items():
        file, expected = first.setdefault(name, (unit.file, " ".join(text.split())))
        is_static = kind == "contracts" and re.search(rf"^static [^;{{}}=]*\b{name}\(", unit.text, re.M)
        if " ".join(text.split()) != expected and not is_static:
          found.append(f"{unit.file}: {kind[:-1]} of {name} is not the one in {file}")
  return found


def calls_in(unit, function):
  """What looks like a call in the body of a function: in code, and in ghost code in annotations."""
  if function in unit.ghosts:
    body = unit.contracts.get(function)
  else:
    found = re.search(rf"^\w[^\n;=]*\b{function}\([^;{{}}]*\{{.*?^\}}", unit.text, re.M | re.S)
    body = found and found.group()
  return set(re.findall(r"\b(\w+) *\(", body)) if body else None


def audit_functions(units, claims):
  found = []
  defined = set().union(*(unit.functions.defined for unit in units)) if units else set()
  claimed = {function for _, function in claims}
  for unit in units:
    for name in sorted(unit.functions.specified - defined):
      found.append(f"{unit.file}: {name} has a contract and no body anywhere: it is taken for granted")
  ghosts = {name: unit.file for unit in reversed(units) for name in unit.ghosts & unit.functions.defined}
  in_work = ghosts.keys() - claimed
  by_file = {unit.file: unit for unit in units}
  for file, function in claims:
    if file not in by_file or function not in by_file[file].functions.defined:
      found.append(f"{frama_c.CLAIMS}: {file} has no function {function}")
      continue
    calls = calls_in(by_file[file], function)
    if calls is None:
      found.append(f"{file}: body of {function} not found")
    for name in sorted(in_work & (calls or set())):
      found.append(f"{file}: {function} relies on ghost function {name}, which is not claimed as proved")
    if function not in by_file[file].contracts:
      found.append(f"{file}: no contract of {function} found to compare")
  return found


def audit_options(place, text):
  harmless = "|".join(re.escape(words) for words in NOT_LEFT_OUT)
  return [f"{place}:{number}: option that leaves goals out: {line.strip()}"
          for number, line in enumerate(text.splitlines(), 1) if re.search(LEFT_OUT, re.sub(harmless, "", line))]


def audit_targets(claims, build_file):
  return [f"{frama_c.CLAIMS}: no Bazel target in proofs proves {file}"
          for file in sorted({file for file, _ in claims}) if f'"{file}"' not in build_file]


def read(path):
  with open(os.path.join(frama_c.ROOT, path), encoding="utf-8") as file:
    return file.read()


def audit():
  """Everything found in the tree."""
  found = []
  for path in frama_c.files("src/*.[ch]", "include/*/*.h", "proofs/*.[ch]"):
    found += audit_text(path, read(path))
  for path in frama_c.files("proofs/*.py", "proofs/*.sh", "proofs/*.bzl", "proofs/BUILD.bazel", "ci/*"):
    if os.path.basename(path) != "audit.py":
      found += audit_options(path, read(path))
  claims = frama_c.claims()
  units = []
  for file in frama_c.files("src/*.c", "proofs/*.c"):
    try:
      units.append(Unit(file))
    except frama_c.Unreadable as error:
      found.append(str(error))
  for unit in units:
    found += search(ASSUMPTIONS, annotations_and_code(unit.text)[0], unit.file + " as Frama-C sees it")
  found += audit_logic(units) + audit_agreement(units) + audit_functions(units, claims)
  found += audit_targets(claims, read("proofs/BUILD.bazel"))
  return list(dict.fromkeys(found))


GOOD = """
/* A lemma, an axiom, admit and __FRAMAC__ in a comment are words. */
#include <stdint.h>
/*@ ghost int ghost_global; */
/*@ // the lemma about n
    predicate small(integer n) = n < 10 && ghost_global == 0; */
/*@ ghost
/@ requires low: n < 5; terminates \\true; assigns \\nothing; ensures ten: small(n); @/
static void lemma_small(int n) { if (ghost_global != 0) { ghost_global = 0; } }
*/
/*@ requires low: n < 5; terminates \\true; assigns \\nothing; ensures same: \\result == n; */
int good(int n) { return n; }
"""
COUNT_DOWN = "/*@ logic integer f(integer a, integer n) = %s; */"
COUNT_DOWN_TWO = "/*@ logic integer f(integer a, integer j, integer n) = %s; */"
COUNT_DOWN_ALL = "/*@ predicate f(integer a, integer n) = %s; */"
# What is put behind the good file, and a piece of what must be found.
BAD = [
  ("/*@ assigns \\nothing; */ int f(int n) { /*@ admit n == 0; */ return n; }", "admit"),
  ("/*@ requires n > 0; admit ensures \\result > 0; */ int f(int n) { return n; }", "admit"),
  ("#define TAKE admit\n/*@ assigns \\nothing; */ int f(int n) { /*@ TAKE n == 0; */ return n; }", "admit"),
  ("/*@ axiomatic A { predicate p(integer n); axiom all: \\forall integer n; p(n); } */", "axiom"),
  ("/*@ axiomatic A { predicate p(integer n) reads \\nothing; } */", "declared in logic and defined nowhere"),
  ("//@ lemma square: \\forall integer n; n * n >= 0;", "lemma"),
  ("/*@ inductive p(integer n) { case zero: p(0); } */", "inductive"),
  ("/*@ logic integer f(integer n) = 1 + f(n); */", "refers to itself"),
  (COUNT_DOWN % "n <= 0 ? 0 : f(a, n - 1) + \\max(f(n, n - 1), a)", None),
  (COUNT_DOWN % "n <= 0 ? 0 : f(a, n) + 1", "refers to itself"),
  (COUNT_DOWN % "n <= 0 ? 0 : f(a, n - 1) + f(a, n - 1 + a)", "refers to itself"),
  (COUNT_DOWN % "n <= 0 ? 0 : f(f(n, a), n - 1)", "refers to itself"),
  (COUNT_DOWN % "n <= 0 ? 0 : f(n, a - 1)", "refers to itself"),
  (COUNT_DOWN % "n <= a ? 0 : f(a, n - 1)", "refers to itself"),
  (COUNT_DOWN % "a <= 0 ? 0 : f(a, n - 1)", "refers to itself"),
  (COUNT_DOWN % "n <= 0 ? f(a, n - 1) : 0", "refers to itself"),
  (COUNT_DOWN % "n <= 0 ? 0 : (\\let n = a; f(a, n - 1))", "refers to itself"),
  (COUNT_DOWN_ALL % "n <= 0 ? a == 0 : a > 0 && \\forall integer i; i < a ==> f(i, n - 1)", None),
  (COUNT_DOWN_ALL % "n <= 0 ? a == 0 : \\forall integer n; n < a ==> f(a, n - 1)", "refers to itself"),
  (COUNT_DOWN_ALL % "n <= 0 ? a == 0 : !f(a, n)", "refers to itself"),
  (COUNT_DOWN_TWO % "j <= 0 || n <= 0 ? 0 : f(a, j, n - 1) + f(n, j - 1, a + f(a, j, n - 1))", None),
  (COUNT_DOWN_TWO % "j <= 0 || n <= 0 ? 0 : f(a, j, n - 1) + f(a, j, n)", "refers to itself"),
  (COUNT_DOWN_TWO % "j <= 0 || n <= 0 ? 0 : f(a, j + 1, n - 1)", "refers to itself"),
  (COUNT_DOWN_TWO % "j <= 0 || n <= 0 ? 0 : f(j - 1, a, n)", "refers to itself"),
  (COUNT_DOWN_TWO % "j <= 0 || n <= 0 ? 0 : f(a, j - 1, f(a, j, n))", "refers to itself"),
  (COUNT_DOWN_TWO % "n <= 0 || j <= 0 ? 0 : f(a, j - 1, n)", "refers to itself"),
  (COUNT_DOWN_TWO % "j <= 0 || a <= 0 ? 0 : f(a, j, n - 1)", "refers to itself"),
  (COUNT_DOWN_TWO % "j <= 0 && n <= 0 ? 0 : f(a, j, n - 1)", "refers to itself"),
  (COUNT_DOWN_TWO % "j <= 0 || n <= 0 ? 0 : (\\let j = a; f(a, j, n - 1))", "refers to itself"),
  (COUNT_DOWN_TWO % "j <= 0 || n <= 0 ? f(a, j - 1, n) : 0", "refers to itself"),
  ("/*@ ghost int seen; */ /*@ global invariant zero: seen == 0; */", "invariant"),
  ("/*@ terminates \\false; assigns \\nothing; */ void f(void) { }", "termination"),
  ("#ifdef __FRAMAC__\nint f(void) { return 1; }\n#endif", "differ under proof"),
  ("void f(void) { __asm__(\"nop\"); }", "assembly"),
  ("/*@ ghost /@ assigns \\nothing; ensures \\false; @/ void lemma_all(void); */", "no body anywhere"),
  ("/*@ ghost /@ assigns \\nothing; @/ void lemma_other(void) { } */", None),
  ("/*@ assigns \\nothing; ensures \\result == 0; */ int elsewhere(int n);", "is not the one in"),
  ("/*@ predicate shared(integer n) = n > 0; */", "definition of shared is not the one in"),
  ("/*@ axiomatic A { predicate opaque(int *a) reads \\nothing; } */", "which its reads clause lacks"),
  ("/*@ assigns nowhere; */ void f(void) { }", "cannot read"),
]
RELIES = """
/*@ ghost
/@ assigns \\nothing; @/
void lemma_other(void)
{
}
*/
/*@ assigns \\nothing; */
void relies(void)
{
  /*@ ghost lemma_other(); */
}
"""
OTHER = """
/*@ ghost int ghost_global; */
/*@ predicate shared(integer n) = n > 1; */
/*@ predicate opaque(int *a) = *a > 0 && ghost_global == 0; */
/*@ assigns \\nothing; */ int elsewhere(int n) { return n; }
"""
SELF_TEST_CLAIMS = [("src/good.c", "good"), ("src/good.c", "lemma_small")]


def self_test():
  """Audits seeded trees; returns what went wrong."""
  wrong = []
  with tempfile.TemporaryDirectory(prefix="audit.") as folder:
    frama_c.ROOT = folder
    for name in ("src", "include", "proofs"):
      os.mkdir(os.path.join(folder, name))

    def seeded(extra, claims):
      for path, text in (("src/good.c", GOOD + extra + "\n"), ("src/other.c", OTHER),
                         (frama_c.CLAIMS, "".join(f"{file} {function}\n" for file, function in claims)),
                         ("proofs/BUILD.bazel", '"src/good.c"')):
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
          file.write(text)
      return audit()

    cases = [("", SELF_TEST_CLAIMS, None)] + [(extra, SELF_TEST_CLAIMS, expected) for extra, expected in BAD]
    cases += [(RELIES, SELF_TEST_CLAIMS + [("src/good.c", "relies")], "not claimed as proved")]
    cases += [("int bare(int n) { return n; }", SELF_TEST_CLAIMS + [("src/good.c", "bare")], "no contract of"),
              ("", SELF_TEST_CLAIMS + [("src/good.c", "absent")], "has no function absent"),
              ("", SELF_TEST_CLAIMS + [("src/other.c", "elsewhere")], "no Bazel target"),
              ("/*@ axiomatic A { predicate opaque(int *a) reads *a, ghost_global; } */", SELF_TEST_CLAIMS,
               None)]
    for extra, claims, expected in cases:
      found = seeded(extra, claims)
      right = any(expected in line for line in found) if expected else not found
      if not right:
        wrong.append(f"expected {expected or 'nothing'}, found {found}, in: {extra or claims}")
    with open(os.path.join(folder, "proofs", "run.sh"), "w", encoding="utf-8") as file:
      file.write("frama-c -wp -wp-no-rte x.c\nframa-c -wp -wp-prop=-@assert x.c\n")
    if sum("leaves goals out" in line for line in seeded("", SELF_TEST_CLAIMS)) != 2:
      wrong.append("an option that leaves goals out was not found")
    shutil.rmtree(os.path.join(folder, "proofs"))
  print(f"audit: self-test, {len(cases) + 1} cases, {len(wrong)} wrong")
  return wrong


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--self-test", action="store_true")
  options = parser.parse_args()
  found = self_test() if options.self_test else audit()
  for line in found:
    print(line)
  if not options.self_test:
    print(f"audit: {'clean' if not found else str(len(found)) + ' found'}")
  return 1 if found else 0


if __name__ == "__main__":
  sys.exit(main())
