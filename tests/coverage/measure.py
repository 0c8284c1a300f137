# SPDX-License-Identifier: BSD-3-Clause
"""Builds a set of programs with coverage, runs them, and has llvm-cov export what they reached.

A set is measured once for every fan-out of the tree: the sources are the same, but MEM_ALLOC_FAN_OUT makes
other programs of them, with another coverage mapping. gaps.py joins the exports.
"""

import glob
import os
import re
import subprocess
import sys
import time

CLANG = "clang-19"
PROFDATA = "llvm-profdata-19"
COV = "llvm-cov-19"
COVERAGE = ["-fprofile-instr-generate", "-fcoverage-mapping", "-fcoverage-mcdc"]
OPTIONS = ["-std=c11", "-O1", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-Iinclude", "-Isrc", "-I."]
# As many inputs are committed at most.
INPUTS_MAX = 300
# In place of a fuzzing engine.
RUN_INPUTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "run_inputs.c")
# Longer than any program takes by far; a program that hangs must not hang the check.
TIMEOUT = 600


class Failure(Exception):
  """Something that could not be built, run or read: a message for people."""


class Program:
  """One program of a set: its name, its sources beside src, how it is linked, and its arguments."""

  def __init__(self, name, sources, link_options, arguments):
    self.name = name
    self.sources = sources
    self.link_options = link_options
    self.arguments = arguments


class Build:
  """What one fan-out of a set gave: exports by llvm-cov, and what is needed to show them as HTML."""

  def __init__(self, fan_out, programs, profile, export, lines):
    self.fan_out = fan_out
    self.programs = programs
    self.profile = profile
    self.export = export
    self.lines = lines


def say(text):
  print(text, flush=True)


def find(root, pattern):
  """Files of the tree, by names relative to it."""
  return sorted(os.path.relpath(path, root) for path in glob.glob(os.path.join(root, pattern)))


def run(root, command, **options):
  """Runs a command in the tree; what it prints is shown only if it fails."""
  try:
    result = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            timeout=TIMEOUT, **options)
  except FileNotFoundError:
    raise Failure(f"{command[0]} is missing; ci/setup installs it") from None
  except subprocess.TimeoutExpired:
    raise Failure(f"no end after {TIMEOUT} s: {' '.join(command)}") from None
  if result.returncode != 0:
    printed = (result.stdout + result.stderr).decode(errors="replace")
    raise Failure(f"exit status {result.returncode}: {' '.join(command)}\n{printed[-4000:]}")
  return result.stdout


def fan_outs(root):
  """The fan-outs that the unit tests are built with."""
  with open(os.path.join(root, "tests/unit/fan_out.bzl"), encoding="utf-8") as file:
    match = re.search(r"^FAN_OUTS = \[([0-9, ]+)\]$", file.read(), re.M)
  if match is None:
    raise Failure("tests/unit/fan_out.bzl: no line FAN_OUTS = [...]")
  return [int(number) for number in match.group(1).split(",")]


def unit_programs(root):
  """The cmocka tests, one program each."""
  support = [name for name in find(root, "tests/model/*.c") + find(root, "tests/unit/*.c")
             if not name.endswith("_test.c")]
  tests = find(root, "tests/unit/*_test.c") + find(root, "tests/regressions/*_test.c")
  if not tests:
    raise Failure("no unit tests: tests/unit/*_test.c")
  return [
    Program(os.path.basename(test)[:-len(".c")], [test] + support,
            ["-Wl,--wrap=malloc", "-lcmocka"], [])
    for test in tests
  ]


def fuzz_sources(root):
  """The lines of fuzz/sources.txt: {target, or "every": files}."""
  with open(os.path.join(root, "fuzz/sources.txt"), encoding="utf-8") as file:
    lines = [line.split(":") for line in file if line.strip() and not line.startswith("#")]
  return {name: [path for pattern in files.split() for path in find(root, pattern) or [pattern]]
          for name, files in lines}


def corpus_programs(root):
  """Each fuzzing target with its committed inputs, and with run_inputs.c in place of a fuzzing engine."""
  sources = fuzz_sources(root)
  shared = [path for path in sources["every"] if not path.startswith("src/")]
  programs = []
  for target in sorted(name for name in sources if name.endswith("_fuzz")):
    inputs = find(root, f"fuzz/corpus/{target}/*")
    if not inputs:
      raise Failure(f"no inputs: fuzz/corpus/{target}/*")
    programs.append(Program(target, sources[target] + shared + [RUN_INPUTS],
                            ["-Wl,--wrap=malloc", "-Wl,--wrap=free"], inputs))
  if not programs:
    raise Failure("fuzz/sources.txt names no target")
  count = sum(len(program.arguments) for program in programs)
  if count > INPUTS_MAX:
    raise Failure(f"{count} inputs in fuzz/corpus, more than {INPUTS_MAX}; fuzz/tools/minimise.sh makes them fewer")
  return programs


SETS = {"corpus": corpus_programs, "unit": unit_programs}


def compile_all(root, folder, fan_out, sources):
  """Object files of all sources: {source: object}."""
  objects = {}
  for source in sources:
    objects[source] = os.path.join(folder, source.replace("/", "_")[:-len(".c")] + ".o")
    run(root, [CLANG, *OPTIONS, *COVERAGE, f"-fcoverage-compilation-dir={root}",
               f"-DMEM_ALLOC_FAN_OUT={fan_out}", "-c", "-o", objects[source], source])
  return objects


def execute(root, folder, program, path):
  """Runs a program; returns the name of the profile it wrote."""
  profile = os.path.join(folder, program.name + ".profraw")
  run(root, [path, *program.arguments], env=dict(os.environ, LLVM_PROFILE_FILE=profile))
  if not os.path.exists(profile):
    raise Failure(f"{program.name} wrote no profile")
  return profile


def measure_fan_out(root, folder, programs, fan_out):
  """Builds and runs all programs of a set at one fan-out."""
  os.makedirs(folder)
  library = find(root, "src/*.c")
  if not library:
    raise Failure("no sources: src/*.c")
  objects = compile_all(root, folder, fan_out,
                        library + sorted({source for program in programs for source in program.sources}))
  paths, profiles = [], []
  for program in programs:
    path = os.path.join(folder, program.name)
    run(root, [CLANG, *COVERAGE, "-o", path, *(objects[source] for source in library + program.sources),
               *program.link_options])
    profiles.append(execute(root, folder, program, path))
    paths.append(path)
  profile = os.path.join(folder, "profile")
  run(root, [PROFDATA, "merge", "-o", profile, *profiles])
  build = Build(fan_out, paths, profile, None, None)
  build.export = export(root, build, "-format=text")
  build.lines = export(root, build, "-format=lcov")
  return build


def of_build(root, build):
  """The arguments with which llvm-cov finds a build, and looks at src alone."""
  objects = [argument for path in build.programs[1:] for argument in ("-object", path)]
  return [build.programs[0], *objects, f"-instr-profile={build.profile}", "-sources",
          os.path.join(root, "src")]


def export(root, build, form):
  return run(root, [COV, "export", form, *of_build(root, build)]).decode()


def measure(root, folder, name, numbers):
  """All builds of a set."""
  programs = SETS[name](root)
  builds = []
  for fan_out in numbers:
    begin = time.monotonic()
    builds.append(measure_fan_out(root, os.path.join(folder, f"{name}_{fan_out}"), programs, fan_out))
    say(f"{name}: {len(programs)} programs at fan-out {fan_out} built and run in "
        f"{time.monotonic() - begin:.0f} s")
  return builds


def write_html(root, build, folder):
  """llvm-cov's report of one build."""
  run(root, [COV, "show", "-format=html", "-show-branches=count", "-show-mcdc", "-show-instantiations=false",
             f"-output-dir={folder}", *of_build(root, build)])


if __name__ == "__main__":
  sys.exit("measure.py is a part of coverage.py")
