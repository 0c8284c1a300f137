#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Checks that every promise in prose is traced to something that proves or tests it.

  promises.py               compares proofs/promises.txt with the tree; exit status 0: nothing found
  promises.py --missing     prints an entry to fill in for each sentence that the table lacks
  promises.py --self-test   every seeded defect must be found, and a good tree accepted

The table has headings, "at: FILE [FUNCTION]", and below each the sentences that stand there:

  says: The sentence, word by word; further lines are indented.
  by: clause FILE FUNCTION[:BEHAVIOR] NAME    a clause of the contract of a function that is claimed as proved
  by: logic FILE NAME                         a definition that such a clause is made of; only beside one
  by: test FILE FUNCTION                      a test function, which its program runs
  by: test //FOLDER:NAME                      a Bazel test
  by: explains                                the sentence promises nothing

Every sentence of the headers' comments, of the section "What it promises" of README.md and of SOUNDNESS.md must have
an entry; of README.md and fuzz/README.md others may. In headers FUNCTION is the one whose comment it is.
"""

import argparse
import os
import re
import sys
import tempfile

import frama_c

TABLE = "proofs/promises.txt"
HEADERS = "include/opae/*.h"
SECTION = "## What it promises"
PROSE = ("README.md", "fuzz/README.md", "proofs/SOUNDNESS.md")
KINDS = {"clause": 3, "logic": 2, "test": (1, 2), "explains": 0}
# Clauses without a name are named by what they are.
NAMELESS = ("assigns", "terminates", "exits", "complete", "disjoint")
NOT_SENTENCES = {"", "SPDX-License-Identifier: BSD-3-Clause"}


def read(path):
  with open(os.path.join(frama_c.ROOT, path), encoding="utf-8") as file:
    return file.read()


def is_file(path):
  return os.path.isfile(os.path.join(frama_c.ROOT, path))


def sentences(text):
  """The sentences of a paragraph, white space made one blank."""
  text = " ".join(text.split())
  parts = re.split(r"(?<=[.!?:])\s+(?=[A-Z`*\"(])(?<![a-z]:\s)", text)
  return [part for part in (part.strip() for part in parts) if part not in NOT_SENTENCES]


def paragraphs(text):
  """The paragraphs and points of a list."""
  return re.split(r"\n\s*\n|\n\s*(?=(?:-|\d+\.) )", text)


def comment_sentences(path):
  """(function or "", sentence) for each in the comments of a header that are no annotations."""
  result = []
  for match in re.finditer(r"/\*(?!@)(.*?)\*/", read(path), re.S):
    text = re.sub(r"^[ \t]*\*(?!\w)", "", match.group(1), flags=re.M).replace("fails iff:", "\n\n")
    function = re.match(r"\s*(mem_alloc_\w+):\s", text)
    place = function.group(1) if function else ""
    for paragraph in paragraphs(text):
      result += [(place, sentence) for sentence in sentences(re.sub(r"^\s*- ", "", paragraph))]
  return result


def prose_sentences(text):
  """The sentences of Markdown: of paragraphs and lists; each row of a table is one; code and headings are none."""
  text = re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S)
  text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
  text = re.sub(r"^#.*$", "", text, flags=re.M)
  rows = []
  # The row above the line of dashes names the columns.
  text = re.sub(r"^\|.*\|\n\|[-| :]*\|$", "", text, flags=re.M)
  for row in re.findall(r"^\|.*\|$", text, re.M):
    rows.append(" ".join(row.split()))
  text = re.sub(r"^\|.*\|$", "", text, flags=re.M)
  result = []
  for paragraph in paragraphs(text):
    result += sentences(re.sub(r"^\s*(?:-|\d+\.) ", "", paragraph))
  return [("", sentence) for sentence in result + rows]


def section(text):
  """The section of README.md that promises, to the next of its rank."""
  match = re.search(rf"^{re.escape(SECTION)}$(.*?)(?=^## |\Z)", text, re.M | re.S)
  return match.group(1) if match else ""


def needed():
  """(file, function, sentence) for each sentence that must have an entry."""
  result = [(path, *found) for path in frama_c.files(HEADERS) for found in comment_sentences(path)]
  result += [("proofs/SOUNDNESS.md", *found) for found in prose_sentences(read("proofs/SOUNDNESS.md"))]
  return result + [("README.md", *found) for found in prose_sentences(section(read("README.md")))]


def possible():
  """Those that may have one."""
  result = needed()
  for path in PROSE:
    result += [(path, *found) for found in prose_sentences(read(path))]
  return set(result)


class Entry:
  def __init__(self, number, place):
    self.number, self.place, self.says, self.by = number, place, "", []


def read_table(text):
  """The entries, and what is wrong with the table's form."""
  entries, found, place = [], [], None
  for number, line in enumerate(text.splitlines(), 1):
    if not line.strip() or line.startswith("#"):
      continue
    key, _, value = line.partition(": ")
    words = value.split()
    if line.startswith("at: ") and len(words) in (1, 2):
      place = (words[0], words[1] if len(words) == 2 else "")
    elif line.startswith("says: ") and place:
      entries.append(Entry(number, place))
      entries[-1].says = " ".join(words)
    elif line.startswith("  ") and entries and not entries[-1].by:
      entries[-1].says += " " + " ".join(line.split())
    elif key == "by" and entries and is_reference(words):
      entries[-1].by.append(words)
    else:
      found.append(f"{TABLE}:{number}: not understood: {line}")
  return entries, found


def is_reference(words):
  count = KINDS.get(words[0], ()) if words else ()
  return len(words) - 1 in (count if isinstance(count, tuple) else (count,))


def contract(path, function):
  """The contract beside a function's declaration or definition, None if there is none."""
  text = read(path)
  plain = rf"/\*@((?:(?!\*/).)*)\*/\s*(?:static\s+)?(?:inline\s+)?[\w \t*]+?\b{function}\("
  ghost = rf"/@((?:(?!@/).)*)@/\s*[\w \t*]+?\b{function}\("
  match = re.search(plain, text, re.S) or re.search(ghost, text, re.S)
  return match and re.sub(r"//[^\n]*", "", match.group(1))


def has_clause(text, behavior, name):
  parts = re.split(r"\bbehavior\s+(\w+)\s*:", text)
  part = parts[0]
  if behavior:
    if behavior not in parts[1::2]:
      return False
    part = parts[2 * parts[1::2].index(behavior) + 2]
  elif name in ("complete", "disjoint"):
    part = text
  if name in NAMELESS:
    return re.search(rf"(?<![\w.]){name}\b", part) is not None
  return re.search(rf"\b(?:requires|ensures|assumes)\s+{re.escape(name)}\s*:", part) is not None


def check_clause(path, function, name, claimed):
  function, _, behavior = function.partition(":")
  text = contract(path, function) if is_file(path) else None
  if text is None:
    return f"{path} has no contract of {function}"
  if not has_clause(text, behavior, name):
    return f"the contract of {function} in {path} has no {name}" + (f" in behavior {behavior}" if behavior else "")
  return None if function in claimed else f"{function} is not claimed as proved"


def check_logic(path, name):
  if is_file(path) and re.search(rf"\b(?:predicate|logic\s[\w ]*?)\s*\b{name}\s*(?:\{{\w*\}})?\(", read(path)):
    return None
  return f"{path} does not define {name}"


def check_test_function(path, function):
  if not is_file(path):
    return f"there is no {path}"
  text = read(path)
  if not re.search(rf"^static void {function}\(void \*\*state\)$", text, re.M):
    return f"{path} has no test {function}"
  if not re.search(rf"\b(?:cmocka_unit_test\w*|TEST|DEFECT)\({function}\b", text):
    return f"{path} does not run {function}"
  build = os.path.join(os.path.dirname(path), "BUILD.bazel")
  stem = os.path.splitext(os.path.basename(path))[0]
  if not is_file(build) or not re.search(rf'"{stem}(?:\.c)?"', read(build)):
    return f"no target of {build} is made of {path}"
  return None


def check_label(label):
  match = re.fullmatch(r"//([\w/]+):(\w+)", label)
  build = f"{match.group(1)}/BUILD.bazel" if match else ""
  if not match or not is_file(build):
    return f"no Bazel target {label}"
  name, text = match.group(2), re.sub(r"#.*", "", read(build))
  # A target of its own; one of a list of tests; the proof of a file.
  proof = name.startswith("prove_") and re.search(rf'wp_proof\(\s*"\w+/{name[len("prove_"):]}\.c"', text)
  own = re.search(rf'\bname = "{name}"', text) or re.search(rf'^\s*\("{name}", .*\),$', text, re.M)
  return None if proof or (own and name.endswith("_test")) else f"no Bazel test {label}"


def check_reference(words, claimed):
  """What is wrong with a reference, or None."""
  if words[0] == "clause":
    return check_clause(*words[1:], claimed)
  if words[0] == "logic":
    return check_logic(*words[1:])
  if words[0] == "test":
    return check_test_function(*words[1:]) if len(words) == 3 else check_label(words[1])
  return None


def check_entry(entry, claimed):
  kinds = [words[0] for words in entry.by]
  found = []
  if not kinds:
    found.append("nothing is named that proves or tests it")
  if "explains" in kinds and len(kinds) > 1:
    found.append("it explains, and promises")
  if kinds and set(kinds) == {"logic"}:
    found.append("a definition alone proves nothing")
  if len({tuple(words) for words in entry.by}) != len(entry.by):
    found.append("a reference is there twice")
  found += filter(None, (check_reference(words, claimed) for words in entry.by))
  return [f"{TABLE}:{entry.number}: {text}" for text in found]


def audit():
  """Everything found, one line each."""
  if not is_file(TABLE):
    return [f"{TABLE} is missing"]
  entries, found = read_table(read(TABLE))
  claimed = {function for _, function in frama_c.claims()}
  standing, seen = possible(), set()
  for entry in entries:
    key = (*entry.place, entry.says)
    if key in seen:
      found.append(f"{TABLE}:{entry.number}: twice: {entry.says}")
    seen.add(key)
    if key not in standing:
      found.append(f"{TABLE}:{entry.number}: stands no more in {' '.join(entry.place).strip()}: {entry.says}")
    found += check_entry(entry, claimed)
  if not section(read("README.md")).strip():
    found.append(f'README.md has no section "{SECTION}"')
  for path, function, sentence in dict.fromkeys(needed()):
    if (path, function, sentence) not in seen:
      found.append(f"{path}: not in {TABLE}{' (' + function + ')' if function else ''}: {sentence}")
  return found


def print_missing():
  entries, _ = read_table(read(TABLE)) if is_file(TABLE) else ([], [])
  seen, place = {(*entry.place, entry.says) for entry in entries}, None
  for path, function, sentence in dict.fromkeys(needed()):
    if (path, function, sentence) not in seen:
      if place != (path, function):
        place = (path, function)
        print(f"\nat: {path} {function}".rstrip())
      print(f"\nsays: {sentence}\nby:")


GOOD_TREE = {
  "include/opae/x.h": """/* SPDX-License-Identifier: BSD-3-Clause */
/* Twice as much. It never fails. */
/*
 * mem_alloc_x: give n.
 *
 * fails iff:
 * - TOO_BIG: n is above ten, or
 *   too big otherwise.
 */
/*@ requires small: n < 10;
    terminates \\true;
    assigns \\nothing;
    ensures same: \\result == n;
    behavior zero:
      assumes none: n == 0;
      ensures zero: \\result == 0;
    complete behaviors;
*/
int mem_alloc_x(int n);
/*@ ensures other: \\result == n; */
int mem_alloc_y(int n);
/*@ predicate good(integer n) = n > 0; */
""",
  "README.md": "# X\n\n## What it promises\n\nA lot. It `works`.\n\n## Other\n\nIt is fast.\n",
  "fuzz/README.md": "It finds all.\n",
  "proofs/SOUNDNESS.md": "# S\n\nIt is sound.\n\n| a | b |\n|---|---|\n| one | two |\n",
  "proofs/claimed.txt": "src/x.c mem_alloc_x\n",
  "proofs/BUILD.bazel": 'wp_proof("src/x.c")\nsh_test(\n    name = "audit_test",\n)\n',
  "tests/BUILD.bazel": 'cc_test(\n    name = "x_test",\n    srcs = ["x_test.c"],\n)\n# name = "gone_test"\n',
  "tests/x_test.c": "static void test_one(void **state)\n{\n}\nstatic void test_two(void **state)\n{\n}\n"
                    "int main(void)\n{\n  cmocka_unit_test(test_one),\n}\n",
  TABLE: """# A comment.

at: include/opae/x.h

says: Twice as much.
by: explains

says: It never
  fails.
by: clause include/opae/x.h mem_alloc_x terminates

at: include/opae/x.h mem_alloc_x

says: mem_alloc_x: give n.
by: clause include/opae/x.h mem_alloc_x same
by: logic include/opae/x.h good

says: TOO_BIG: n is above ten, or too big otherwise.
by: clause include/opae/x.h mem_alloc_x:zero zero
by: test tests/x_test.c test_one

at: proofs/SOUNDNESS.md

says: It is sound.
by: test //proofs:audit_test

says: | one | two |
by: test //proofs:prove_x

at: README.md

says: A lot.
by: explains

says: It `works`.
by: test //tests:x_test

says: It is fast.
by: explains
""",
}
# File, what is replaced, by what, and a piece of what must be found; None: nothing.
ATTACKS = [
  (TABLE, "# A comment.", "# Another one.", None),
  ("include/opae/x.h", "It never fails.", "It\n * never fails.", None),
  ("include/opae/x.h", "It never fails.", "It seldom fails.", "stands no more"),
  ("include/opae/x.h", "It never fails.", "It never fails. Nor does it wait.", "not in"),
  ("include/opae/x.h", "int mem_alloc_y", "/* Free of charge. */\nint mem_alloc_y", "not in"),
  ("include/opae/x.h", "int mem_alloc_y(int n);", "int mem_alloc_y(int n); /* quick */", "not in"),
  ("include/opae/x.h", " * fails iff:", " * Quick. fails iff:", "not in"),
  ("include/opae/x.h", "ensures same:", "ensures other:", "has no same"),
  ("include/opae/x.h", "ensures same:", "// ensures same: \nensures other:", "has no same"),
  ("include/opae/x.h", "ensures zero:", "ensures none_zero:", "has no zero in behavior zero"),
  ("include/opae/x.h", "behavior zero:", "behavior other:", "has no zero in behavior zero"),
  ("include/opae/x.h", "terminates", "// terminates", "has no terminates"),
  ("include/opae/x.h", "predicate good", "predicate bad", "does not define good"),
  ("include/opae/x.h", "int mem_alloc_x(", "int mem_alloc_z(", "has no contract of mem_alloc_x"),
  ("README.md", "A lot.", "A lot. And more.", "not in"),
  ("README.md", "It is fast.", "It is slow.", "stands no more"),
  ("README.md", "It is fast.", "It is fast. And small.", None),
  ("README.md", "## What it promises", "## What it does", "has no section"),
  ("README.md", "## Other", "### Other", None),
  ("README.md", "## Other\n", "### Other\n\nNot traced.\n", "not in"),
  ("proofs/SOUNDNESS.md", "| one | two |", "| one | two |\n| more | of it |", "not in"),
  ("proofs/SOUNDNESS.md", "| one | two |", "| one | three |", "stands no more"),
  ("proofs/SOUNDNESS.md", "It is sound.", "- It is sound.\n- It is complete.", "not in"),
  ("proofs/claimed.txt", "mem_alloc_x", "mem_alloc_y", "not claimed as proved"),
  ("proofs/BUILD.bazel", 'wp_proof("src/x.c")', 'wp_proof("src/y.c")', "no Bazel test //proofs:prove_x"),
  ("proofs/BUILD.bazel", '"audit_test"', '"audit_text"', "no Bazel test //proofs:audit_test"),
  ("tests/BUILD.bazel", 'srcs = ["x_test.c"]', 'srcs = ["y.c"]', None),  # the name of the target is that of the file
  ("tests/BUILD.bazel", "x_test", "y_test", "no target of"),
  ("tests/x_test.c", "static void test_one", "static void test_uno", "has no test test_one"),
  ("tests/x_test.c", "cmocka_unit_test(test_one)", "cmocka_unit_test(test_two)", "does not run test_one"),
  (TABLE, "by: test tests/x_test.c test_one", "by: test tests/x_test.c test_two", "does not run test_two"),
  (TABLE, "by: test tests/x_test.c test_one", "by: test tests/z_test.c test_one", "there is no"),
  (TABLE, "by: test //tests:x_test", "by: test //tests:gone_test", "no Bazel test"),
  (TABLE, "by: test //tests:x_test", "by: test //elsewhere:x_test", "no Bazel target"),
  (TABLE, "by: test //tests:x_test", "by: test", "not understood"),
  (TABLE, "by: test //tests:x_test", "by: belief", "not understood"),
  (TABLE, "by: test //tests:x_test", "", "nothing is named"),
  (TABLE, "by: test //tests:x_test", "by: test //tests:x_test\nby: explains", "it explains, and promises"),
  (TABLE, "by: test //tests:x_test", "by: test //tests:x_test\nby: test //tests:x_test", "is there twice"),
  (TABLE, "by: clause include/opae/x.h mem_alloc_x same\n", "", "a definition alone"),
  (TABLE, "mem_alloc_x same", "mem_alloc_y other", "not claimed as proved"),
  (TABLE, "says: A lot.\nby: explains\n", "says: A lot.\nby: explains\n\nsays: A lot.\nby: explains\n", "twice"),
  (TABLE, "says: A lot.\nby: explains\n", "", "not in"),
  (TABLE, "at: README.md", "at: NOTHING.md", "stands no more"),
  (TABLE, "says: A lot.", "sais: A lot.", "not understood"),
]


def self_test():
  """Looks at seeded trees; returns what went wrong."""
  wrong = []
  for path, old, new, expected in [("README.md", "", "", None), *ATTACKS]:
    with tempfile.TemporaryDirectory(prefix="promises.") as folder:
      frama_c.ROOT = folder
      for name, text in GOOD_TREE.items():
        os.makedirs(os.path.dirname(os.path.join(folder, name)), exist_ok=True)
        if name == path and old:
          if old not in text:
            wrong.append(f"{old!r} is not in {path}")
          text = text.replace(old, new)
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
          file.write(text)
      found = audit()
    if (expected is None) == bool(found) or expected and not any(expected in line for line in found):
      wrong.append(f"{path}: {old!r} replaced by {new!r}: expected {expected or 'nothing'}, found {found}")
  print(f"promises: self-test, {len(ATTACKS) + 1} cases, {len(wrong)} wrong")
  return wrong


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--self-test", action="store_true")
  parser.add_argument("--missing", action="store_true")
  options = parser.parse_args()
  if options.missing:
    print_missing()
    return 0
  found = self_test() if options.self_test else audit()
  for line in found:
    print(line)
  if found and not options.self_test:
    print(f"promises: {len(found)} found. A sentence that is new or has changed needs an entry in {TABLE}: "
          "--missing prints what to fill in.")
  elif not options.self_test:
    print("promises: all traced")
  return 1 if found else 0


if __name__ == "__main__":
  sys.exit(main())
