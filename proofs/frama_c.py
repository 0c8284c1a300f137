# SPDX-License-Identifier: BSD-3-Clause
"""What prove.py, audit.py and verify.py share: the source tree, Frama-C, and the list of claims."""

import atexit
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

# The tree that is worked on: the one the running script lies in. Not resolved
# through symbolic links, so that Bazel's tree of links is used where it is one.
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[0])))
CLAIMS = "proofs/claimed.txt"
COMPILER_ARGUMENTS = ["-Iinclude", "-Isrc", "-I."]
CPP = "-cpp-extra-args=" + " ".join(COMPILER_ARGUMENTS)


# What commands are told by variables. Nothing else is handed on: many would change what a tool reads or where it looks
# for its parts (CPP, CPATH, FRAMAC_SHARE, WHY3DATA, LD_PRELOAD). Frama-C believes PWD rather than the system.
HANDED_ON = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL")


def run(command, **environment):
  """Runs a command in the tree; returns its exit status and its output, errors included."""
  kept = {name: os.environ[name] for name in HANDED_ON if name in os.environ}
  environment = {**kept, "PWD": ROOT, **environment}
  done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                        text=True, errors="replace", check=False)
  return done.returncode, done.stdout


def files(*patterns):
  """The files of the tree that match one of the patterns, in order."""
  return sorted(os.path.relpath(path, ROOT) for pattern in patterns
                for path in glob.glob(os.path.join(ROOT, pattern), recursive=True, include_hidden=True)
                if os.path.isfile(path))


def read(path):
  """The text of a file of the tree, empty if there is none."""
  path = os.path.join(ROOT, path)
  if not os.path.exists(path):
    return ""
  with open(path, encoding="utf-8", errors="replace") as file:
    return file.read()


def which(tool):
  return shutil.which(tool)


def scratch():
  """A folder for what need not be kept, gone when the program ends."""
  if not _SCRATCH:
    _SCRATCH.append(tempfile.mkdtemp(prefix="proofs."))
    atexit.register(shutil.rmtree, _SCRATCH[0], ignore_errors=True)
  return _SCRATCH[0]


_SCRATCH = []


def dependencies(file, options):
  """The files that a compiler reads for a file, below the tree, itself included."""
  status, output = run(["gcc", *options, "-MM", "-MG", "-MT", "x", file])
  if status != 0:
    raise Unreadable(file, output)
  words = output.replace("\\\n", " ").split()[1:]
  paths = (os.path.relpath(os.path.normpath(os.path.join(ROOT, word)), ROOT) for word in words)
  return {path for path in paths if not path.startswith("..")}


def claims(text=None):
  """The claims, in the order of the list: pairs of file and function."""
  if text is None:
    with open(os.path.join(ROOT, CLAIMS), encoding="utf-8") as file:
      text = file.read()
  result = []
  for number, line in enumerate(text.splitlines(), 1):
    words = line.split("#")[0].split()
    if not words:
      continue
    if len(words) != 2:
      raise ValueError(f"{CLAIMS}:{number}: not 'FILE FUNCTION': {line}")
    if tuple(words) in result:
      raise ValueError(f"{CLAIMS}:{number}: claimed twice: {line}")
    result.append(tuple(words))
  return result


class Unreadable(RuntimeError):
  """Frama-C cannot read a file."""

  def __init__(self, file, output):
    lines = [line for line in output.split("\n") if "rror" in line]
    super().__init__(f"Frama-C cannot read {file}: " + " ".join(lines)[:400])
