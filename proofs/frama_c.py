# SPDX-License-Identifier: BSD-3-Clause
"""What prove.py, audit.py and verify.py share: the source tree, Frama-C, and the list of claims."""

import glob
import os
import re
import subprocess
import sys

# The tree that is worked on: the one the running script lies in. Not resolved
# through symbolic links, so that Bazel's tree of links is used where it is one.
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[0])))
CLAIMS = "proofs/claimed.txt"
COMPILER_ARGUMENTS = ["-Iinclude", "-Isrc", "-I."]
CPP = "-cpp-extra-args=" + " ".join(COMPILER_ARGUMENTS)


def run(command, **environment):
  """Runs a command in the tree; returns its exit status and its output, errors included."""
  # Frama-C believes PWD rather than the system, and takes CPP for its preprocessor.
  environment = {**os.environ, "PWD": ROOT, **environment}
  environment.pop("CPP", None)
  done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                        text=True, errors="replace", check=False)
  return done.returncode, done.stdout


def files(*patterns):
  """The files of the tree that match one of the patterns, in order."""
  return sorted(os.path.relpath(path, ROOT) for pattern in patterns
                for path in glob.glob(os.path.join(ROOT, pattern)) if os.path.isfile(path))


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


class Functions:
  """Which functions Frama-C sees in one file, headers included; ghost ones unless annotations are off."""

  SECTIONS = {
    "Defined functions": "defined",
    "Specified-only functions": "specified",
    "Undefined and unspecified functions": "unknown",
  }

  def __init__(self, file, annotations=True):
    option = [] if annotations else ["-no-annot"]
    status, output = run(["frama-c", *option, CPP, "-metrics", file])
    if status != 0 or "User Error" in output:
      raise Unreadable(file, output)
    for title, attribute in self.SECTIONS.items():
      section = re.search(re.escape(title) + r" \((\d+)\)\n *=+\n(.*?)\n *\n", output, re.S)
      names = set(re.findall(r"(\w+) \(", section.group(2))) if section else set()
      if section is None or len(names) != int(section.group(1)):
        raise RuntimeError(f"cannot make out the {title.lower()} of {file}:\n{output}")
      setattr(self, attribute, names)


def ghost_functions(file, seen):
  """The ghost functions among those seen: what is gone when annotations are not read."""
  plain = Functions(file, annotations=False)
  return (seen.defined | seen.specified) - (plain.defined | plain.specified | plain.unknown)
