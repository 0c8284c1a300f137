# SPDX-License-Identifier: BSD-3-Clause
"""Where a campaign comes from: commit, date, versions of the tools."""

import datetime
import os
import subprocess

from campaign.common import ROOT

TOOLS = {"libfuzzer": ["clang-19", "gcc"], "afl": ["afl-fuzz", "clang-14", "gcc"]}


def output_of(command):
  """What a command prints, or "" if it is not there or fails."""
  try:
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
  except OSError:
    return ""
  return done.stdout.strip() if done.returncode == 0 or command[0] == "afl-fuzz" else ""


def commit():
  """Commit, its date and subject, and whether the tree differs from it; "unknown" outside of a repository."""
  top = output_of(["git", "rev-parse", "--show-toplevel"])
  if not top or os.path.realpath(top) != os.path.realpath(ROOT):
    return {"commit": "unknown", "subject": "", "changed": None}
  lines = output_of(["git", "log", "-1", "--format=%H%n%cI%n%s"]).split("\n")
  if len(lines) < 3:
    return {"commit": "unknown", "subject": "", "changed": None}
  changed = bool(output_of(["git", "status", "--porcelain", "--untracked-files=no"]))
  return {"commit": lines[0], "committed": lines[1], "subject": lines[2], "changed": changed}


def version(tool):
  if tool == "afl-fuzz":
    words = output_of(["afl-fuzz", "-h"]).split("\n")[0].replace("\x1b[0;36m", "").replace("\x1b[0m", "").split()
    return " ".join(words[:1])
  return output_of([tool, "--version"]).split("\n")[0]


def now():
  return datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0).isoformat()


def of(engine):
  versions = {tool: version(tool) or "not there" for tool in TOOLS[engine]}
  return {**commit(), "date": now(), "tools": versions, "processors": os.cpu_count()}
