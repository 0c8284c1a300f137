#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""check.py [--self-test] ROOT: are the files that fuzzing services and GitHub read well-formed?

Workflows must name commands of ours that exist, and options that these know. --self-test first shows that what
is wrong is noticed."""

import glob
import os
import re
import sys

import yaml

ACTION = re.compile(r"^[\w.-]+(/[\w.-]+)+@v\d+$")
PROJECT_KEYS = {
  ".clusterfuzzlite/project.yaml": ["language"],
  "oss-fuzz/project.yaml": ["homepage", "language", "main_repo", "primary_contact", "fuzzing_engines", "sanitizers"],
}


# The presubmit of OSS-Fuzz looks for this in scripts and Dockerfiles.
LICENCE = "http://www.apache.org/licenses/LICENSE-2.0"


def licence_faults(files):
  """files: {name: text} of the folder that goes to OSS-Fuzz."""
  return [f"{name}: no {LICENCE}" for name, text in sorted(files.items())
          if (name == "Dockerfile" or name.endswith((".sh", ".py"))) and LICENCE not in text]


def command_faults(root, command):
  """What is wrong with a command of ours: it is not there, or says nothing of an option."""
  words = command.split()
  if not words or not words[0].startswith(("ci/", "fuzz/")):
    return []
  path = os.path.join(root, words[0])
  if not os.access(path, os.X_OK):
    return [f"{words[0]} is not there"]
  with open(path, encoding="utf-8") as file:
    text = file.read()
  return [f"{words[0]} does not know {word}" for word in words if word.startswith("--") and word not in text]


def step_faults(root, step):
  faults = []
  if ("run" in step) == ("uses" in step):
    faults.append(f"a step must have either run or uses: {step}")
  if "uses" in step and not ACTION.match(step["uses"]):
    faults.append(f"not an action and its version: {step['uses']}")
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


def load(path, text):
  try:
    return yaml.safe_load(text), []
  except yaml.YAMLError as error:
    return None, [f"{path}: {error}"]


def faults_of(root):
  faults, workflows = [], glob.glob(os.path.join(root, ".github/workflows/*.yml"))
  for path in workflows:
    with open(path, encoding="utf-8") as file:
      content, wrong = load(path, file.read())
    faults += wrong or [f"{path}: {fault}" for fault in workflow_faults(root, content)]
  for path, keys in PROJECT_KEYS.items():
    with open(os.path.join(root, path), encoding="utf-8") as file:
      content, wrong = load(path, file.read())
    faults += wrong or [f"{path}: no {key}" for key in keys if key not in content]
  files = {}
  for path in glob.glob(os.path.join(root, "oss-fuzz", "*")):
    with open(path, encoding="utf-8") as file:
      files[os.path.basename(path)] = file.read()
  faults += licence_faults(files)
  if len(workflows) < 3:
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
    "on: push\njobs: {a: {steps: [run: ci/test]}}",
    "on: push\njobs: {a: {runs-on: x, needs: b, steps: [run: ci/test]}}",
  ]
  for text in wrong:
    content, faults = load("text", text)
    if not faults and not workflow_faults(root, content):
      sys.exit(f"FAIL: not noticed:\n{text}")
  if not licence_faults({"build.sh": "exit 0"}) or licence_faults({"build.sh": LICENCE, "project.yaml": ""}):
    sys.exit("FAIL: a licence that is missing is not noticed, or one that is there")
  if workflow_faults(root, yaml.safe_load("on: push\njobs: {a: {runs-on: x, steps: [run: ci/test]}}")):
    sys.exit("FAIL: a good workflow is refused")


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
