# SPDX-License-Identifier: BSD-3-Clause
"""The folder of a campaign: its lock, what must hold before anything starts, the figures of earlier campaigns."""

import datetime
import fcntl
import json
import os
import sys
import tempfile

from campaign.common import Broken, Unusable, committed_corpus, files_in, text_of, write_whole

SPACE_FOR_CAMPAIGN = 64 << 20  # bytes that must be free where findings and inputs are kept
SPACE_FOR_PROGRAMS = 256 << 20  # bytes that must be free where the programs are built
REMEMBERED = 1000  # campaigns


class Folder:
  """A campaign's folder, for one process at a time."""

  def __init__(self, path):
    self.path = path
    self.handle = None

  def lock(self):
    """Takes the folder, or says who has it. The lock ends with this process, however that ends."""
    try:
      os.makedirs(self.path, exist_ok=True)
      self.handle = os.open(self.lock_file(), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as why:
      raise Broken(f"the campaign's folder {self.path} cannot be used: {why.strerror}; "
                   "--corpus DIR names another") from None
    try:
      fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
      owner = text_of(self.lock_file()).strip() or "somebody who does not say"
      raise Broken(f"{self.path} is in use by {owner}; wait for its end, or use another folder "
                   "(--corpus DIR)") from None
    since = datetime.datetime.now().astimezone().replace(microsecond=0).isoformat(sep=" ")
    try:
      os.ftruncate(self.handle, 0)
      os.pwrite(self.handle, f"process {os.getpid()} since {since}\n".encode(), 0)
    except OSError as why:
      raise Broken(f"nothing can be written in {self.path}: {why.strerror}") from None

  def lock_file(self):
    return os.path.join(self.path, "lock")

  def home(self, target):
    return os.path.join(self.path, target)

  def history_file(self):
    return os.path.join(self.path, "history.jsonl")

  def history(self):
    """The figures of earlier campaigns, oldest first. A line that cannot be read is left out, and said."""
    entries = []
    for number, line in enumerate(text_of(self.history_file()).splitlines(), 1):
      try:
        entry = json.loads(line)
        entries.append(entry if isinstance(entry, dict) else {})
      except ValueError:
        print(f"fuzz: line {number} of {self.history_file()} cannot be read, and is left out", file=sys.stderr)
    return [entry for entry in entries if entry.get("date")]

  def remember(self, entry):
    lines = [json.dumps(old) for old in self.history()][-REMEMBERED + 1:] + [json.dumps(entry)]
    write_whole(self.history_file(), ("\n".join(lines) + "\n").encode())


def check_space(folder, least):
  """There must be room, and it must be possible to write there: found out by writing."""
  try:
    status = os.statvfs(folder)
    if status.f_bavail * status.f_frsize < least:
      free = status.f_bavail * status.f_frsize
      raise Broken(f"{folder}: {free >> 20} MiB are free, and {least >> 20} MiB are needed")
    with tempfile.TemporaryFile(dir=folder) as file:
      file.write(b"\0" * 65536)
      file.flush()
      os.fsync(file.fileno())
  except OSError as why:
    raise Broken(f"nothing can be written in {folder}: {why.strerror}") from None


def check_output(path, option):
  """A file that is written at the end must be one that can be written, and that is found out now."""
  folder = os.path.dirname(os.path.abspath(path))
  try:
    if os.path.isdir(path):
      raise Unusable(f"{option} {path}: is a folder")
    if os.path.exists(path) and not os.path.isfile(path):
      return
    with tempfile.TemporaryFile(dir=folder):
      pass
  except OSError as why:
    raise Unusable(f"{option} {path}: cannot be written: {why.strerror}") from None


def check_committed_corpora(targets):
  empty = [target for target in targets if not files_in(committed_corpus(target))]
  if empty:
    raise Broken(f"no committed inputs in {', '.join(committed_corpus(target) for target in empty)}; git restores "
                 "them, fuzz/tools/minimise.sh makes them anew, and --from-nothing does without")
