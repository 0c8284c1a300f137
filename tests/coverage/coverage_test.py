#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""coverage.py accepts a tree that is covered, and rejects each way in which it is not.

The tree is a small one made here: a library, unit tests, and a fuzzing target with inputs.
"""

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))

# What the linker's --wrap asks for.
MALLOC = """
#include <stddef.h>
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
  return __real_malloc(size);
}
void __real_free(void *block);
void __wrap_free(void *block);
"""
FREE = """
void __wrap_free(void *block)
{
  __real_free(block);
}
"""

FILES = {
  "src/clamp.h": """
static inline int clamp_low(int x)
{
  if (x < 0) {
    x = 0;
  }
  return x;
}
int clamp(int x, int even);
""",
  "src/clamp.c": """
#include "clamp.h"

int clamp(int x, int even)
{
  int result = clamp_low(x);
  if (even && result % 2 == 1) {
    result--;
  }
  if (MEM_ALLOC_FAN_OUT > 4) {
    result++;
  }
  return result;
}
""",
  "tests/unit/fan_out.bzl": "FAN_OUTS = [4, 16]\n",
  "tests/unit/support.c": MALLOC,
  "tests/model/model.c": "int model;\n",
  "tests/unit/clamp_test.c": """
#include "clamp.h"

int main(void)
{
  const int more = MEM_ALLOC_FAN_OUT > 4;
  return clamp(-1, 0) == more && clamp(3, 0) == 3 + more && clamp(3, 1) == 2 + more && clamp(2, 1) == 2 + more
    ? 0 : 1;
}
""",
  "fuzz/sources.txt": """# comment
every: fuzz/harness.c src/*.c
clamp_fuzz: fuzz/targets/clamp_fuzz.c
""",
  "fuzz/harness.c": MALLOC + FREE,
  "fuzz/targets/clamp_fuzz.c": """
#include "clamp.h"
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  (void)size;
  return clamp(data[0] - '5', data[1] == 'e');
}
""",
  "fuzz/corpus/clamp_fuzz/negative": "0o",
  "fuzz/corpus/clamp_fuzz/odd": "8o",
  "fuzz/corpus/clamp_fuzz/odd_to_even": "8e",
  "fuzz/corpus/clamp_fuzz/even": "7e",
}

# At fan-out 4 the condition is false, at 16 it is true, and a constant for both.
CONSTANT = """# what the compiler knows
file: src/clamp.c
function: clamp
kind: branch-true, branch-false
text: MEM_ALLOC_FAN_OUT > 4
set: both
reason: a constant at every fan-out; the lines it guards
  are covered at fan-out 16
"""

UNREACHABLE = """
  if (result > 1000) {
    result = 1000;
  }
  return result;
"""


class Tree(unittest.TestCase):

  def check(self, changes, exceptions, *arguments):
    """Runs coverage.py on the tree, some files changed (None: removed): exit status, and what it printed."""
    with tempfile.TemporaryDirectory() as root:
      for name, text in {**FILES, **changes, "exceptions.txt": exceptions}.items():
        if text is not None:
          path = os.path.join(root, name)
          os.makedirs(os.path.dirname(path), exist_ok=True)
          with open(path, "w", encoding="utf-8") as file:
            file.write(text)
      result = subprocess.run(
        [os.path.join(HERE, "coverage.py"), "--root", root, "--exceptions", root + "/exceptions.txt",
         *(argument.replace("ROOT", root) for argument in arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
      pages = ("index.html", "unit_fan_out_4/index.html", "corpus_fan_out_16/index.html")
      self.html = {name for name in pages if os.path.exists(os.path.join(root, "html", name))}
      return result.returncode, result.stdout.decode()

  def accepted(self, changes, exceptions, *arguments):
    status, printed = self.check(changes, exceptions, *arguments)
    self.assertEqual(status, 0, printed)
    self.assertIn("coverage: PASS", printed)
    return printed

  def rejected(self, changes, exceptions, words, *arguments):
    status, printed = self.check(changes, exceptions, *arguments)
    self.assertEqual(status, 1, printed)
    self.assertIn("coverage: FAIL", printed)
    for part in words if isinstance(words, list) else [words]:
      self.assertIn(part, printed)
    return printed

  def test_covered(self):
    printed = self.accepted({}, CONSTANT, "--html", "ROOT/html")
    self.assertEqual(len(self.html), 3, printed)
    # 9 lines are not of braces alone, one of them only at fan-out 16; of 8 outcomes 2 are constant.
    self.assertRegex(printed, r"all +9/9 +100\.0 % +6/8 +75\.0 % +2/2 +100\.0 % +2\n")

  def test_constant_is_no_coverage(self):
    self.rejected({}, "", ["unit: gap: src/clamp.c:10:7 branch-true in clamp: MEM_ALLOC_FAN_OUT > 4",
                           "corpus: gap: src/clamp.c:10:7 branch-false in clamp: MEM_ALLOC_FAN_OUT > 4"])

  def test_line_of_one_fan_out(self):
    self.rejected({"tests/unit/fan_out.bzl": "FAN_OUTS = [4]\n"}, CONSTANT,
                  "unit: gap: src/clamp.c:11:5 line in clamp: result++;")

  def test_input_removed(self):
    printed = self.rejected({"fuzz/corpus/clamp_fuzz/negative": None}, CONSTANT, [
      "corpus: gap: src/clamp.h:5:5 line in clamp_low: x = 0;",
      "corpus: gap: src/clamp.h:4:7 branch-true in clamp_low: x < 0"])
    self.assertNotIn("unit: gap", printed)

  def test_input_of_a_condition_removed(self):
    printed = self.rejected({"fuzz/corpus/clamp_fuzz/even": None}, CONSTANT, [
      "corpus: gap: src/clamp.c:7:15 condition in clamp: result % 2 == 1",
      "corpus: gap: src/clamp.c:7:15 branch-false in clamp: result % 2 == 1"])
    self.assertIn("2 findings", printed)

  def test_all_inputs_removed(self):
    changes = {name: None for name in FILES if name.startswith("fuzz/corpus/")}
    self.rejected(changes, CONSTANT, "no inputs: fuzz/corpus/clamp_fuzz/*")

  def test_too_many_inputs(self):
    changes = {f"fuzz/corpus/clamp_fuzz/{number}": "0o" for number in range(297)}
    self.rejected(changes, CONSTANT, "301 inputs in fuzz/corpus, more than 300")

  def test_renamed_copy(self):
    """A copy of the library under other names, as the differential target has, counts under its own names."""
    target = FILES["fuzz/targets/clamp_fuzz.c"].replace(
      '#include "clamp.h"', '#define clamp renamed_clamp\n#include "src/clamp.c"')
    self.accepted({"fuzz/targets/clamp_fuzz.c": target}, CONSTANT, "--from", "corpus")

  def test_input_that_crashes(self):
    self.rejected({"fuzz/targets/clamp_fuzz.c": FILES["fuzz/targets/clamp_fuzz.c"].replace(
      "(void)size;", "if (size == 2 && data[0] == '7') { __builtin_trap(); }")}, CONSTANT,
                  ["exit status -", "fuzz/corpus/clamp_fuzz/even"], "--from", "corpus")

  def test_unit_test_weakened(self):
    test = FILES["tests/unit/clamp_test.c"].replace("clamp(-1, 0) == more && ", "")
    printed = self.rejected({"tests/unit/clamp_test.c": test}, CONSTANT, [
      "unit: gap: src/clamp.h:5:5 line in clamp_low: x = 0;"], "--from", "unit")
    self.assertNotIn("corpus", printed)

  def test_unit_test_that_fails(self):
    test = FILES["tests/unit/clamp_test.c"].replace("? 0 : 1", "? 1 : 0")
    self.rejected({"tests/unit/clamp_test.c": test}, CONSTANT, "exit status 1: ")

  def test_source_that_does_not_compile(self):
    self.rejected({"src/other.c": "int other = ;\n"}, CONSTANT, "error: expected expression",
                  "--from", "unit")

  def test_source_without_code(self):
    self.rejected({"src/other.c": "extern int other;\n"}, CONSTANT, "nothing to be covered in src/other.c",
                  "--from", "unit")

  def test_unreachable_branch(self):
    source = FILES["src/clamp.c"].replace("\n  return result;\n", UNREACHABLE)
    self.rejected({"src/clamp.c": source}, CONSTANT, [
      "unit: gap: src/clamp.c:13:7 branch-true in clamp: result > 1000",
      "unit: gap: src/clamp.c:14:5 line in clamp: result = 1000;",
      "corpus: gap: src/clamp.c:14:5 line in clamp: result = 1000;"])

  def test_unreachable_branch_justified(self):
    source = FILES["src/clamp.c"].replace("\n  return result;\n", UNREACHABLE)
    block = "\nfile: src/clamp.c\nfunction: clamp\nset: both\nreason: nobody has numbers as large as these\n"
    more = block + "kind: branch-true\ntext: result > 1000\n" + block + "kind: line\ntext: result = 1000;\n"
    self.accepted({"src/clamp.c": source}, CONSTANT + more)
    self.rejected({}, CONSTANT + more, "matches 0 places")

  def test_function_that_nobody_calls(self):
    source = FILES["src/clamp.c"] + "\nint idle(int x);\nint idle(int x)\n{\n  return x + 1;\n}\n"
    self.rejected({"src/clamp.c": source}, CONSTANT,
                  "unit: gap: src/clamp.c:19:3 line in idle: return x + 1;", "--from", "unit")

  def test_superfluous_exception(self):
    block = ("\nfile: src/clamp.h\nfunction: clamp_low\nkind: line\ntext: x = 0;\nset: unit\n"
             "reason: once upon a time nobody came by here\n")
    self.rejected({}, CONSTANT + block, ["is not needed", "1 findings"], "--from", "unit")

  def test_exception_for_the_other_set(self):
    self.rejected({}, CONSTANT.replace("set: both", "set: unit"), "corpus: gap: src/clamp.c:10:7 branch-true")

  def test_exception_twice(self):
    self.rejected({}, CONSTANT + "\n" + CONSTANT, "repeats another one", "--from", "unit")

  def test_exception_for_two_places(self):
    source = FILES["src/clamp.c"].replace("\n  return result;\n", UNREACHABLE.replace(
      "  return", "  if (result > 1000) {\n    result = 999;\n  }\n  return"))
    block = ("\nfile: src/clamp.c\nfunction: clamp\nset: both\nreason: nobody has numbers as large as these\n"
             "kind: branch-true\ntext: result > 1000\n")
    self.rejected({"src/clamp.c": source}, CONSTANT + block, "matches 2 places", "--from", "unit")
    printed = self.rejected({"src/clamp.c": source}, CONSTANT + block + "occurrence: 2 of 2\n",
                            "unit: gap: src/clamp.c:13:7 branch-true", "--from", "unit")
    self.assertNotIn("gap: src/clamp.c:16:7", printed)
    self.rejected({"src/clamp.c": source}, CONSTANT + block + "occurrence: 3 of 2\n", "matches 2 places",
                  "--from", "unit")

  def test_exception_without_reason(self):
    self.rejected({}, CONSTANT.split("reason:")[0], "missing: reason")
    self.rejected({}, CONSTANT.split("reason:")[0] + "reason: unreachable\n", "that is no reason")

  def test_exception_that_is_not_understood(self):
    self.rejected({}, CONSTANT.replace("text:", "test:"), "not understood")
    self.rejected({}, CONSTANT.replace("branch-true", "branch"), "no such kind: branch")
    self.rejected({}, CONSTANT.replace("set: both", "set: all"), "no such set: all")
    self.rejected({}, CONSTANT + "occurrence: last\n", "no such occurrence: last")


if __name__ == "__main__":
  unittest.main(argv=sys.argv[:1], verbosity=2)
