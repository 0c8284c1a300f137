#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Does ci/verify notice tools that lie, other tools, a tree that changes, and a build of something else?

Each with a stand-in for the tool, first on the PATH; what goes right is tried beside it.
"""

import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
import unittest

import frama_c
import prove
import same_code
import verify

YES = "#!/bin/sh\ncase \"$*\" in *-version*) exec {real} \"$@\";; esac\necho unsat\n"
NO = "#!/bin/sh\ncase \"$*\" in *-version*) exec {real} \"$@\";; esac\necho unknown\n"
OTHER = "#!/bin/sh\necho 'Z3 version 4.13.0 - 64 bit'\n"


class Tools(unittest.TestCase):
  def setUp(self):
    self.folder = tempfile.mkdtemp(prefix="verify.")
    self.addCleanup(shutil.rmtree, self.folder)
    path = os.environ["PATH"]
    self.addCleanup(os.environ.update, PATH=path)
    os.environ["PATH"] = self.folder + os.pathsep + path

  def stand_in(self, name, text):
    real = shutil.which(name, path=os.environ["PATH"].split(os.pathsep, 1)[1])
    path = os.path.join(self.folder, name)
    with open(path, "w", encoding="utf-8") as file:
      file.write(text.replace("{real}", real or "false"))
    os.chmod(path, 0o755)

  def canaries(self):
    prove.why3_configuration(self.folder)
    return "; ".join(prove.canaries(self.folder))

  def test_real_provers(self):
    self.assertEqual(self.canaries(), "")

  def test_z3_says_yes(self):
    self.stand_in("z3", YES)
    self.assertIn("z3 proves what is false", self.canaries())

  def test_cvc4_says_yes(self):
    self.stand_in("cvc4", YES)
    self.assertIn("cvc4 proves what is false; cvc4-full proves what is false; cvc4-max proves what is false",
                  self.canaries().replace("z3 proves nothing; ", ""))

  def test_z3_says_no(self):
    self.stand_in("z3", NO)
    self.assertIn("z3 does not prove what follows", self.canaries())

  def test_nothing_is_proved_then(self):
    self.stand_in("z3", YES)
    sys.argv[1:] = ["src/fit.c", "fit_place"]
    self.addCleanup(sys.argv.__delitem__, slice(1, None))
    with contextlib.redirect_stdout(io.StringIO()) as output:
      self.assertEqual(prove.main(), 1)
    self.assertIn("nothing is proved: z3 proves what is false", output.getvalue())
    self.assertNotIn("functions proved", output.getvalue())

  def test_versions(self):
    self.assertEqual(verify.wrong_versions(), [])
    self.stand_in("z3", OTHER)
    self.assertEqual(verify.wrong_versions(), ["z3 is not 'version 4.8.12' but: Z3 version 4.13.0 - 64 bit"])
    sys.argv[1:] = []
    with contextlib.redirect_stdout(io.StringIO()) as output:
      self.assertEqual(verify.main(), 1)
    self.assertIn("verify: FAIL (not the tools", output.getvalue())
    self.assertIn("--any-versions goes on", output.getvalue())


class Tree(unittest.TestCase):
  """On a small tree of its own."""

  def setUp(self):
    self.folder = tempfile.mkdtemp(prefix="verify.")
    self.addCleanup(shutil.rmtree, self.folder)
    self.addCleanup(setattr, frama_c, "ROOT", frama_c.ROOT)
    frama_c.ROOT = self.folder
    for cached in (same_code.frama_c_command, same_code.preprocessed, same_code.expanded):
      cached.cache_clear()
    os.makedirs(os.path.join(self.folder, "src"))
    self.write("src/x.c", "int f(void);\nint f(void)\n{\n#ifdef FAST\n  return 1;\n#else\n  return 0;\n#endif\n}\n")

  def write(self, path, text):
    with open(os.path.join(self.folder, path), "w", encoding="utf-8") as file:
      file.write(text)

  def test_nothing_changes(self):
    before = verify.state_of_tree()
    self.assertEqual(list(before), ["src/x.c"])
    self.assertEqual(verify.changes(before), [])

  def test_changed(self):
    before = verify.state_of_tree()
    self.write("src/x.c", "int g(void);\n")
    self.assertEqual(verify.changes(before), ["src/x.c"])

  def test_changed_and_changed_back(self):
    before = verify.state_of_tree()
    text = frama_c.read("src/x.c")
    self.write("src/x.c", "")
    self.write("src/x.c", text)
    self.assertEqual(verify.changes(before), ["src/x.c"])

  def test_added_and_removed(self):
    before = verify.state_of_tree()
    self.write("src/y.h", "")
    os.remove(os.path.join(self.folder, "src/x.c"))
    self.assertEqual(verify.changes(before), ["src/x.c", "src/y.h"])

  def build(self, *commands):
    """What is said of a build that has these commands."""
    tools = os.path.join(self.folder, "tools")
    os.makedirs(tools, exist_ok=True)
    actions = {"actions": [{"arguments": command.split()} for command in commands]}
    self.write("tools/bazel", "#!/bin/sh\necho '{'\ncat <<'END'\n" + json.dumps(actions)[1:] + "\nEND\n")
    os.chmod(os.path.join(tools, "bazel"), 0o755)
    path = os.environ["PATH"]
    self.addCleanup(os.environ.update, PATH=path)
    os.environ["PATH"] = tools + os.pathsep + path
    return "; ".join(verify.audit_build())

  def test_built_as_proved(self):
    self.assertEqual(self.build("gcc -std=c11 -O2 -MD -MF x.d -iquote . -c src/x.c -o x.o"), "")

  def test_built_with_a_macro(self):
    self.assertIn("compiles other code than Frama-C parses", self.build("gcc -std=c11 -DFAST -c src/x.c -o x.o"))

  def test_built_with_a_header_before(self):
    self.write("src/fast.h", "#define FAST\n")
    self.assertIn("compiles other code than Frama-C parses", self.build("gcc -include src/fast.h -c src/x.c -o x.o"))

  def test_other_file_built(self):
    self.write("other.c", "int f(void);\nint f(void) { return 1; }\n")
    said = self.build("gcc -std=c11 -c other.c -o x.o")
    self.assertIn("src/x.c: proved, but not part of the libraries", said)
    self.assertIn("other.c: part of the libraries that Bazel builds, but not of src", said)

  def test_no_answer(self):
    self.assertIn("src/x.c: proved, but not part of the libraries", self.build())


if __name__ == "__main__":
  unittest.main()
