#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""check.py [--self-test] ROOT: are the files that fuzzing services and GitHub read well-formed?

Workflows must name commands of ours that exist, and options that these know; actions are pinned by commit, with the
version in a comment. What goes to OSS-Fuzz must pass what its presubmit looks at: the licence's address in every
file, sections and values of project.yaml. --self-test first shows that what is wrong is noticed."""

import glob
import os
import re
import sys

import yaml

ACTION = re.compile(r"^[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}$")
PINNED = re.compile(r"uses: +\S+@[0-9a-f]{40} # v\d")
# Where a command has its options, if not in its own file.
OPTIONS_OF = {"ci/fuzz": "fuzz/campaign/command.py"}
LICENCE = "http://www.apache.org/licenses/LICENSE-2.0"
PROJECT_VALUES = {
  "fuzzing_engines": {"afl", "centipede", "honggfuzz", "libfuzzer"},
  "architectures": {"i386", "x86_64"},
  "sanitizers": {"address", "memory", "undefined"},
  "language": {"c"},
}
PROJECT_SECTIONS = {"homepage", "main_repo", "primary_contact", "auto_ccs", *PROJECT_VALUES}
PROJECT_KEYS = {
  ".clusterfuzzlite/project.yaml": ["language"],
  "oss-fuzz/project.yaml": ["homepage", "language", "main_repo", "primary_contact", "fuzzing_engines", "sanitizers"],
}


def command_faults(root, command):
  """What is wrong with a command of ours: it is not there, or says nothing of an option."""
  words = command.split()
  if not words or not words[0].startswith(("ci/", "fuzz/")):
    return []
  path = os.path.join(root, words[0])
  if not os.access(path, os.X_OK):
    return [f"{words[0]} is not there"]
  with open(os.path.join(root, OPTIONS_OF.get(words[0], words[0])), encoding="utf-8") as file:
    text = file.read()
  return [f"{words[0]} does not know {word}" for word in words if word.startswith("--") and word not in text]


def step_faults(root, step):
  faults = []
  if ("run" in step) == ("uses" in step):
    faults.append(f"a step must have either run or uses: {step}")
  if "uses" in step and not ACTION.match(step["uses"]):
    faults.append(f"not an action that is pinned by commit: {step['uses']}")
  for line in step.get("run", "").split("\n"):
    faults += command_faults(root, line)
  return faults


def workflow_faults(root, workflow):
  """What is wrong with a workflow. YAML reads the key "on" as true."""
  if not isinstance(workflow, dict) or not workflow.get("jobs") or not (workflow.get(True) or workflow.get("on")):
    return ["not a workflow with triggers and jobs"]
  faults = []
  for name, job in workflow["jobs"].items():
    if "runs-on" not in job or not job.get("steps"):
      faults.append(f"job {name}: no machine or no steps")
    needs = job.get("needs", [])
    for needed in [needs] if isinstance(needs, str) else needs:
      if needed not in workflow["jobs"]:
        faults.append(f"job {name} needs {needed}, which is not there")
    for step in job.get("steps", []):
      faults += step_faults(root, step)
  return faults


def pin_faults(text):
  """Nobody knows by heart which version a commit is."""
  return [f"no version in a comment: {line.strip()}" for line in text.split("\n")
          if re.match(r" *(- +)?uses:", line) and not PINNED.search(line)]


def project_faults(project, texts):
  """What OSS-Fuzz's presubmit would not take: project.yaml, and the texts of all files by name."""
  faults = [f"{name}: the address of the licence is missing" for name, text in sorted(texts.items()) if LICENCE not in text]
  faults += [f"{name}: use $LIB_FUZZING_ENGINE" for name, text in texts.items() if "-lFuzzingEngine" in text]
  faults += [f"no such section: {section}" for section in project if section not in PROJECT_SECTIONS]
  for section, allowed in PROJECT_VALUES.items():
    values = project.get(section, [])
    faults += [f"{section}: {value} is none" for value in ([values] if isinstance(values, str) else values)
               if value not in allowed]
  for address in [project.get("primary_contact", ""), *project.get("auto_ccs", [])]:
    if not re.match(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", address):
      faults.append(f"no address of mail: {address}")
  for section in ("fuzzing_engines", "architectures"):
    if set(project.get(section, [])) != PROJECT_VALUES[section]:
      faults.append(f"{section}: not all that we build for")
  return faults


def oss_fuzz_faults(root):
  texts = {}
  for path in glob.glob(os.path.join(root, "oss-fuzz", "*")):
    with open(path, encoding="utf-8") as file:
      texts[os.path.relpath(path, root)] = file.read()
  project, wrong = load("oss-fuzz/project.yaml", texts.get("oss-fuzz/project.yaml", ""))
  return wrong or project_faults(project or {}, texts)


def load(path, text):
  try:
    return yaml.safe_load(text), []
  except yaml.YAMLError as error:
    return None, [f"{path}: {error}"]


def faults_of(root):
  faults, workflows = [], glob.glob(os.path.join(root, ".github/workflows/*.yml"))
  for path in workflows:
    with open(path, encoding="utf-8") as file:
      text = file.read()
    content, wrong = load(path, text)
    faults += wrong or [f"{path}: {fault}" for fault in workflow_faults(root, content) + pin_faults(text)]
  for path, keys in PROJECT_KEYS.items():
    with open(os.path.join(root, path), encoding="utf-8") as file:
      content, wrong = load(path, file.read())
    faults += wrong or [f"{path}: no {key}" for key in keys if key not in content]
  faults += oss_fuzz_faults(root)
  if len(workflows) < 4:
    faults.append(f"only {len(workflows)} workflows")
  return faults


def self_test(root):
  """Each of these must be refused."""
  wrong = [
    "jobs: [",
    "on: push\njobs: {}",
    "jobs: {a: {runs-on: x, steps: [run: ci/test]}}",
    "on: push\njobs: {a: {runs-on: x, steps: [run: ci/no_such_command]}}",
    "on: push\njobs: {a: {runs-on: x, steps: [run: ci/fuzz --no-such-option]}}",
    "on: push\njobs: {a: {runs-on: x, steps: [uses: actions/checkout]}}",
    "on: push\njobs: {a: {runs-on: x, steps: [uses: actions/checkout@v4]}}",
    "on: push\njobs: {a: {steps: [run: ci/test]}}",
    "on: push\njobs: {a: {runs-on: x, needs: b, steps: [run: ci/test]}}",
  ]
  for text in wrong:
    content, faults = load("text", text)
    if not faults and not workflow_faults(root, content):
      sys.exit(f"FAIL: not noticed:\n{text}")
  if workflow_faults(root, yaml.safe_load("on: push\njobs: {a: {runs-on: x, steps: [run: ci/test]}}")):
    sys.exit("FAIL: a good workflow is refused")
  pinned = "      - uses: actions/checkout@" + "0" * 40
  if not pin_faults(pinned) or pin_faults(pinned + " # v4.2.2"):
    sys.exit("FAIL: a commit without its version is not noticed, or one with it is refused")
  self_test_project()


def self_test_project():
  """OSS-Fuzz's presubmit as it is here: good files, and what is wrong in each way."""
  good = {"homepage": "h", "main_repo": "m", "primary_contact": "a@example.com", "language": "c",
          **{section: sorted(PROJECT_VALUES[section]) for section in ("fuzzing_engines", "architectures", "sanitizers")}}
  texts = {"build.sh": LICENCE}
  if project_faults(good, texts):
    sys.exit(f"FAIL: a good project is refused: {project_faults(good, texts)}")
  for wrong, files in [({**good, "engines": ["afl"]}, texts), ({**good, "fuzzing_engines": ["libfuzzer", "x"]}, texts),
                       ({**good, "architectures": ["x86_64"]}, texts), ({**good, "primary_contact": "nobody"}, texts),
                       (good, {"build.sh": "exec true"}), (good, {"build.sh": LICENCE + " -lFuzzingEngine"})]:
    if not project_faults(wrong, files):
      sys.exit(f"FAIL: not noticed: {wrong} {files}")


def main():
  arguments = sys.argv[1:]
  if "--self-test" in arguments:
    arguments.remove("--self-test")
    self_test(arguments[0])
  faults = faults_of(arguments[0])
  for fault in faults:
    print(fault)
  return 1 if faults else 0


if __name__ == "__main__":
  sys.exit(main())
