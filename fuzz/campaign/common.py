# SPDX-License-Identifier: BSD-3-Clause
"""Where things are in the tree; files that are whole or not there."""

import configparser
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SOUND, FOUND, USAGE, BROKEN = 0, 1, 2, 3  # exit codes


class Broken(Exception):
  """Nothing can be said: something was not built, did not work, or is not there."""


class Unusable(Exception):
  """An option names what cannot be used."""


def fuzz_file(*names):
  return os.path.join(ROOT, "fuzz", *names)


def committed_corpus(target):
  return fuzz_file("corpus", target)


def fixed_findings(target):
  return fuzz_file("fixed", target)


def dictionary(target):
  own = fuzz_file("targets", target + ".dict")
  return own if os.path.exists(own) else fuzz_file("targets", "mem_alloc.dict")


def limits():
  """Limits of one input, the same for all who run the targets."""
  parser = configparser.ConfigParser()
  parser.read(fuzz_file("targets", "targets.options"), encoding="utf-8")
  return parser["libfuzzer"]


def build_script():
  return fuzz_file("build.sh")


def all_targets():
  done = subprocess.run([build_script(), "--list"], stdout=subprocess.PIPE, text=True, check=True)
  return done.stdout.split()


def build(engine, sanitizer, target, folder, environment=None):
  """Builds programs into the folder; target may be "all"."""
  command = [build_script(), "--engine", engine, "--sanitizer", sanitizer, "--target", target, folder]
  # A session of its own: Ctrl-C ends the campaign after the build, which is short.
  done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                        start_new_session=True, env={**os.environ, **(environment or {})})
  if done.returncode != 0:
    raise Broken("could not build:\n" + done.stdout)


def files_in(folder):
  """The paths of the files in a folder, none if there is no such folder."""
  if not os.path.isdir(folder):
    return []
  return sorted(entry.path for entry in os.scandir(folder) if entry.is_file() and entry.name[0] != ".")


def folders_in(folder):
  """The paths of the folders in a folder, none if there is no such folder."""
  if not os.path.isdir(folder):
    return []
  return sorted(entry.path for entry in os.scandir(folder) if entry.is_dir() and entry.name[0] != ".")


def content(path):
  with open(path, "rb") as file:
    return file.read()


def text_of(path):
  """The text of a file, nothing if there is no such file."""
  if not os.path.exists(path):
    return ""
  with open(path, encoding="utf-8", errors="replace") as file:
    return file.read()


def name_of(data):
  """What libFuzzer calls an input."""
  return hashlib.sha1(data).hexdigest()


def last_lines(text, count=15):
  return "\n".join(text.rstrip().split("\n")[-count:])


def write_whole(path, data):
  """Writes a file that is there completely or as it was before, whatever happens meanwhile."""
  if os.path.exists(path) and not os.path.isfile(path):  # a device or a pipe cannot be replaced
    with open(path, "wb") as file:
      file.write(data)
    return
  handle, temporary = tempfile.mkstemp(dir=os.path.dirname(os.path.abspath(path)), prefix=".", suffix=".part")
  try:
    with open(handle, "wb") as file:
      file.write(data)
      file.flush()
      os.fsync(file.fileno())
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)
  except BaseException:
    if os.path.exists(temporary):
      os.unlink(temporary)
    raise


def write_json(path, value):
  write_whole(path, (json.dumps(value, indent=2) + "\n").encode())


def read_json(path):
  """What a JSON file says; None if there is none, or none that can be read."""
  try:
    return json.loads(text_of(path))
  except ValueError:
    return None


def remove_parts(folder):
  """Takes away what a killed process left half written: hidden names that end in .part."""
  for entry in os.scandir(folder) if os.path.isdir(folder) else []:
    if entry.name.startswith(".") and entry.name.endswith(".part"):
      if entry.is_dir(follow_symlinks=False):
        shutil.rmtree(entry.path)
      else:
        os.unlink(entry.path)
