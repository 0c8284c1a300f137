#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Shows that known problems of the proof's tools do not touch it: what they could make look proved stays unproved.

  known_problems.py          asks the installed tools; exit status 0: nothing wrong was proved
  known_problems.py NAME...  these cases only

SOUNDNESS.md, "Known problems of the tools", says which case is for what. Each case has a question whose right answer
is known, of both kinds: one that must not be proved, and one that must, so that a tool that answers nothing fails.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

import frama_c
import promises
import prove

# Options of CVC4 with which wrong answers are known, and of Z3 that choose other engines than its own.
UNSOUND_OPTIONS = ("unconstrained-simp", "ext-rewrite-quant", "nl-ext-tplanes", "check-sat-using", "sat.euf",
                   "tactic.", "rewriter.", "proof=")

# Name, SMT-LIB text, and whether it is contradictory. Of the kind that the reports are about, written anew.
QUESTIONS = [
  # An integer function whose value at its own value differs.
  ("options", "(declare-const n Int)(declare-fun g (Int) Int)(assert (not (= (g n) (g (g n)))))", False),
  ("options", "(declare-const n Int)(declare-fun g (Int) Int)(assert (not (= (g n) (g n))))", True),
  # Two truth values that differ, and a third that says so.
  ("options", "(declare-const p Bool)(declare-const q Bool)(declare-const r Bool)"
              "(assert (distinct p r))(assert (= p q (= q r)))", False),
  # What x mod 0 is nobody says.
  ("options", "(define-fun pick ((n Int) (d Int)) Int (ite (= d 0) 1 n))"
              "(assert (exists ((k Int)) (distinct (pick k (mod 3 0)) 1)))", False),
  # Products: of 2 and 3, and of 2 and 4; then one of -1 and something that is positive and small.
  ("nonlinear", "(declare-const a Int)(declare-const b Int)(declare-const c Int)"
                "(assert (and (<= 0 a 200) (>= c 0) (> b 1)))(assert (= (* c a) (+ b 2)))"
                "(assert (= (- (* c b) a) (+ (* 2 c) 1)))", False),
  ("nonlinear", "(declare-const a Int)(declare-const d Int)(assert (and (<= a 0) (>= a (- 1))))"
                "(assert (>= (- (* 120 a) (* 120 (* a d))) 0))(assert (not (<= (* a d) (- 100))))", False),
  ("nonlinear", "(declare-const x Int)(assert (< (* x x) 0))", True),
  # An array that a definition goes through from above, entry by entry; Why3 writes such a definition as axioms.
  ("recursive", "(declare-const t (Array Int Int))(declare-fun total (Int) Int)"
                "(assert (forall ((n Int)) (! (= (total n) (ite (<= n 0) 0 (+ (total (- n 1)) (select t n))))"
                " :pattern ((total n)))))(assert (= (total 2) 7))(assert (= (select t 1) 3))", False),
  ("recursive", "(declare-const t (Array Int Int))(declare-fun total (Int) Int)"
                "(assert (forall ((n Int)) (! (= (total n) (ite (<= n 0) 0 (+ (total (- n 1)) (select t n))))"
                " :pattern ((total n)))))(assert (= (total 1) 7))(assert (= (select t 1) 3))", True),
]

# Name, C function, and whether it is proved.
GOALS = [
  ("downcast", """/*@ terminates \\true; exits \\false; assigns \\nothing; */
signed char wrong_downcast(int n) { return (signed char)n; }""", "wrong_downcast", False),
  ("downcast", """/*@ requires small: 0 <= n < 100; terminates \\true; exits \\false; assigns \\nothing;
    ensures same: \\result == n; */
signed char right_downcast(int n) { return (signed char)n; }""", "right_downcast", True),
  ("recursive", """/*@ logic integer count_up(int *a, integer n) = n <= 0 ? 0 : count_up(a, n - 1) + a[n - 1]; */
/*@ requires valid: \\valid_read(a + (0 .. 1)); terminates \\true; exits \\false; assigns \\nothing;
    ensures wrong: count_up(a, 2) == 0; */
void wrong_sum(int *a) { }""", "wrong_sum", False),
  ("recursive", """/*@ requires valid: \\valid_read(a + (0 .. 1)); terminates \\true; exits \\false; assigns \\nothing;
    ensures right: count_up(a, 2) == a[0] + a[1]; */
void right_sum(int *a) { }""", "right_sum", True),
  ("nonlinear", """/*@ requires range: 0 < a < 100 && 0 < b < 100; terminates \\true; exits \\false; assigns \\nothing;
    ensures wrong: a * b < 9801; */
void wrong_product(int a, int b) { }""", "wrong_product", False),
  ("nonlinear", """/*@ requires range: 0 < a < 100 && 0 < b < 100; terminates \\true; exits \\false; assigns \\nothing;
    ensures right: a * b <= 9801; */
void right_product(int a, int b) { }""", "right_product", True),
]


def solvers():
  """Name and command of each prover as prove.py calls it."""
  result = {"z3": ["z3", "-smt2"], "cvc4": ["cvc4", "--lang=smt2"]}
  for name, options in prove.SEARCHES.items():
    result[name] = ["cvc4", "--lang=smt2", *options.split()]
  return result


def ask(command, text, folder):
  path = os.path.join(folder, "question.smt2")
  with open(path, "w", encoding="utf-8") as file:
    file.write("(set-logic ALL)\n" + text + "\n(check-sat)\n")
  limit = ["-T:2"] if command[0] == "z3" else ["--tlimit=2000"]
  done = subprocess.run([*command, *limit, path], capture_output=True, text=True, check=False)
  return (done.stdout.strip().split("\n") or [""])[0]


def check_questions(chosen, folder):
  wrong, right = [], 0
  for name, text, contradictory in QUESTIONS:
    if name not in chosen:
      continue
    answers = {solver: ask(command, text, folder) for solver, command in solvers().items()}
    for solver, answer in answers.items():
      if answer.startswith("(error"):
        wrong.append(f"{name}: {solver} cannot read the question: {answer}")
      if not contradictory and answer == "unsat":
        wrong.append(f"{name}: {solver} finds a contradiction where there is none: {text}")
    if contradictory and "unsat" not in answers.values():
      wrong.append(f"{name}: no prover finds the contradiction: {text}")
    right += 1
  return wrong, right


def check_goals(chosen, folder):
  """A small tree with these functions; what prove.py says of them."""
  goals = [goal for goal in GOALS if goal[0] in chosen]
  if not goals:
    return [], 0
  for name in ("src", "proofs", "include"):
    os.makedirs(os.path.join(folder, name))
  for path in frama_c.files("proofs/*.py"):
    shutil.copy(os.path.join(frama_c.ROOT, path), os.path.join(folder, path))
  with open(os.path.join(folder, "src/x.c"), "w", encoding="utf-8") as file:
    file.write("\n".join(text for _, text, _, _ in goals) + "\n")
  with open(os.path.join(folder, frama_c.CLAIMS), "w", encoding="utf-8") as file:
    file.write("".join(f"src/x.c {function}\n" for _, _, function, _ in goals))
  done = subprocess.run([sys.executable, "-B", os.path.join(folder, "proofs/prove.py"), "--claimed", "--timeout", "1"],
                        capture_output=True, text=True, check=False)
  wrong = []
  for name, _, function, proved in goals:
    line = re.search(rf"^.*\bsrc/x\.c\s+{function}\b.*$", done.stdout, re.M)
    if not line:
      wrong.append(f"{name}: prove.py says nothing of {function}:\n{done.stdout}{done.stderr}")
    elif proved != (not line.group().endswith("not proved")):
      wrong.append(f"{name}: {function} should {'' if proved else 'not '}be proved: {line.group()}")
  return wrong, len(goals)


def check_options():
  """The options that prove.py gives to provers are none of those with known wrong answers."""
  text = frama_c.read("proofs/prove.py") if hasattr(frama_c, "read") else promises.read("proofs/prove.py")
  return [f"options: prove.py has {option}, with which wrong answers are known" for option in UNSOUND_OPTIONS
          if option in text]


def check_contracts():
  """Every claimed function's contract says that it ends: WP makes no goals for those that do not."""
  wrong, count = [], 0
  places = [path for path in frama_c.files("src/*.[ch]", "include/*/*.h", "proofs/*.[ch]")]
  texts = {path: promises.read(path) for path in places}
  for file, function in frama_c.claims():
    near = [file] + [path for path in places if path != file]
    found = [contract for path in near if re.search(rf"\b{function}\(", texts[path])
             for contract in [promises.contract(path, function)] if contract]
    if not found or not any(re.search(r"\bterminates\s+\\true\s*;", contract) for contract in found):
      wrong.append(f"contracts: {file}: the contract of {function} does not say that it ends")
    count += 1
  return wrong, count


def main():
  names = sorted({case[0] for case in QUESTIONS + GOALS} | {"contracts"})
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("name", nargs="*", help="of " + ", ".join(names))
  chosen = parser.parse_args().name or names
  if not set(chosen) <= set(names):
    parser.error("cases: " + ", ".join(names))
  wrong, count = [], 0
  with tempfile.TemporaryDirectory(prefix="known.") as folder:
    for check in (check_questions, check_goals):
      found, cases = check(chosen, folder)
      wrong, count = wrong + found, count + cases
  if "options" in chosen:
    wrong += check_options()
  if "contracts" in chosen:
    found, cases = check_contracts()
    wrong, count = wrong + found, count + cases
  for line in wrong:
    print(line)
  print(f"known_problems: {count} cases, {len(wrong)} wrong")
  return 1 if wrong or not count else 0


if __name__ == "__main__":
  sys.exit(main())
