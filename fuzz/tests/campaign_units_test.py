#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""The parts of a campaign one by one, with engines and targets that are a few lines of shell."""

import argparse
import contextlib
import fcntl
import io
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml
from unittest import mock

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(sys.argv[0]))))

# pylint: disable-next=wrong-import-position
from campaign import command, common, engines, findings, folder, kinds, programs, reports

ORIGIN = {"commit": "0" * 40, "subject": "s", "changed": False, "date": "2026-01-02T03:04:05+00:00",
          "tools": {"clang-19": "clang 19"}, "processors": 2}
SETUP = programs.Setup("libfuzzer", "address", "")

ASAN = f"""INFO: Seed: 1
=================================================================
==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc 0x55 bp 0x7f sp 0x7f
READ of size 4 at 0x602000000014 thread T0
    #0 0x55d0 in __asan_memcpy (/tmp/x/operations_fuzz+0x1)
    #1 0x55d1 in pool_get {common.ROOT}/src/pool.c:41:10
    #2 0x55d2 in call_from {common.ROOT}/fuzz/harness/harness.c:9:1
SUMMARY: AddressSanitizer: heap-buffer-overflow
"""
UBSAN = f"""{common.ROOT}/src/fit.c:31:7: runtime error: unsigned shift exponent 64 is too large for 64-bit type
    #0 0x55d1 in fit_any {common.ROOT}/src/fit.c:31:7
"""
MSAN = f"""==7==WARNING: MemorySanitizer: use-of-uninitialized-value
    #0 0x55d1 in map_lower {common.ROOT}/src/map.c:5:3
"""
HARNESS = """mem_alloc_fuzz: operation 6: m0 answers 0x10 for get(m0, 0x2000), expected 0x20
The calls so far (target operations_fuzz, fan-out 4); the last one is wrong:
==7== ERROR: libFuzzer: deadly signal
"""


class Kinds(unittest.TestCase):
  """What was said, from reports."""

  def test_no_failure(self):
    self.assertIsNone(kinds.kind_of("anything", 0))

  def test_harness_first_and_without_numbers(self):
    one = kinds.kind_of(HARNESS, 77)
    log = HARNESS.replace("m0", "m3").replace("0x20", "0x333").replace("operation 6", "operation 99")
    other = kinds.kind_of(log, 77)
    self.assertEqual((one.said, one.where), (other.said, other.where))
    self.assertIn("0x2000", one.text)
    self.assertNotEqual(one.said, kinds.kind_of(HARNESS.replace("get", "put"), 77).said)

  def test_sanitizers(self):
    kind = kinds.kind_of(ASAN, 1)
    self.assertEqual((kind.said, kind.where, kind.file, kind.line),
                     ("AddressSanitizer: heap-buffer-overflow", "pool_get in src/pool.c", "src/pool.c", 41))
    kind = kinds.kind_of(UBSAN, 1)
    self.assertEqual((kind.where, kind.file, kind.line), ("fit_any in src/fit.c", "src/fit.c", 31))
    self.assertIn("shift exponent N", kind.said)
    kind = kinds.kind_of(MSAN, 77)
    self.assertEqual((kind.said, kind.where), ("MemorySanitizer: use-of-uninitialized-value", "map_lower in src/map.c"))

  def test_leak_is_told_by_its_place(self):
    log = ("==9==ERROR: LeakSanitizer: detected memory leaks\n\n"
           "Direct leak of 64 byte(s) in 1 object(s) allocated from:\n"
           f"    #0 0x5 in malloc (/x+0x1)\n    #1 0x6 in pool_grow {common.ROOT}/src/pool.c:8:2\n")
    self.assertEqual(kinds.kind_of(log, 77).where, "pool_grow in src/pool.c")

  def test_what_no_program_said(self):
    self.assertIn("hang", kinds.kind_of("", None).said)
    self.assertIn("hang", kinds.kind_of("==1== ERROR: libFuzzer: timeout after 10 seconds", 70).said)
    log = "==1== ERROR: libFuzzer: out-of-memory (used: 2049Mb; limit: 2048Mb)"
    self.assertIn("memory", kinds.kind_of(log, 71).said)
    self.assertIn("SIGSEGV", kinds.kind_of("", -signal.SIGSEGV).text)
    self.assertIsNotNone(kinds.kind_of("", 1))


class FakeEngine(engines.LibFuzzer):
  """libFuzzer whose processes are lines of shell; $incoming is where it leaves what it finds."""

  script = "true"

  def start(self, seconds):
    for index in range(self.options.jobs):
      self.launch(index, ["/bin/bash", "-c", self.script], {"incoming": self.incoming})


class FakeAfl(FakeEngine):
  """AFL++'s exit codes."""

  bad_end = engines.Afl.bad_end


RAN = "echo '#100 DONE cov: 5 ft: 5 corp: 3/4b lim: 8'; echo stat::number_of_executed_units: 100; "


class Ends(unittest.TestCase):
  """A crash of an engine is no good end."""

  def run_engine(self, script, seconds=1, kind=FakeEngine, jobs=1, keep_going=False, stop=False):
    with tempfile.TemporaryDirectory() as work:
      options = argparse.Namespace(setup=SETUP, engine="libfuzzer", jobs=jobs, keep_going=keep_going, from_nothing=True)
      engine = kind("operations_fuzz", options, work, work)
      engine.script = RAN + script
      with mock.patch.object(engines, "PATIENCE", 1):
        return engine.fuzz(seconds, argparse.Namespace(is_set=stop))

  def good(self, script, **more):
    self.assertNotIn("broken", self.run_engine(script, **more))

  def bad(self, script, words, **more):
    self.assertIn(words, self.run_engine(script, **more).get("broken", "a good end"))

  def test_time_over(self):
    self.good("sleep 1")
    self.assertEqual(self.run_engine("sleep 1")["execs"], 100)

  def test_signals_and_exit_codes(self):
    self.bad("kill -KILL $$", "SIGKILL")
    self.bad("kill -SEGV $$", "SIGSEGV")
    self.bad("kill -TERM $$", "SIGTERM")
    for code in (1, 2, 70, 71, 72, 77, 99, 137):
      self.bad(f"sleep 1; exit {code}", f"exit code {code}")

  def test_a_finding_is_a_good_end_if_its_input_is_there(self):
    found = 'echo x >$incoming/crash-1; echo "Test unit written to $incoming/crash-1"; '
    for code in (1, 70, 71, 77):
      self.good(found + f"exit {code}")
    self.bad('echo "Test unit written to $incoming/crash-1"; exit 77', "exit code 77")

  def test_one_of_two_processes(self):
    both = "if mkdir $incoming/.first 2>/dev/null; then kill -KILL $$; fi; sleep 2"
    self.bad(both, "SIGKILL", jobs=2, seconds=2)
    # Also when the other one found something: this may be another bug.
    both = ('if mkdir $incoming/.first 2>/dev/null; then echo x >$incoming/crash-1; '
            'echo "Test unit written to $incoming/crash-1"; exit 77; fi; kill -ABRT $$')
    self.bad(both, "SIGABRT", jobs=2)

  def test_processes_of_a_process(self):
    count = "echo '#9: cov: 1 ft: 1 corp: 1 exec/s: 0 oom/timeout/crash: 0/0/1 time: 1s job: 1'; "
    self.bad(count + "sleep 1; exit 0", "not written", keep_going=True)
    self.good(count + "echo x >$incoming/crash-1; sleep 1; exit 77", keep_going=True)

  def test_told_to_end(self):
    self.good("trap 'exit 72' TERM; while :; do sleep 0.1; done", stop=True)
    self.bad("trap '' TERM; while :; do sleep 0.1; done", "killed", stop=True)
    self.bad("trap 'exit 1' TERM; while :; do sleep 0.1; done", "exit code 1", stop=True)

  def test_ended_before_its_time(self):
    self.bad("exit 0", "before its time", seconds=20)

  def test_nothing_was_run(self):
    with mock.patch(f"{__name__}.RAN", ""):
      self.bad("sleep 1", "no input was run")
      # Also when it was ended because it took too long.
      with mock.patch.dict(engines.OVERRUN, libfuzzer=-9):
        self.bad("trap 'exit 72' TERM; while :; do sleep 0.1; done", "no input was run")

  def test_a_hang_near_the_end_is_waited_for(self):
    hang = 'sleep 11; echo x >$incoming/timeout-1; echo "Test unit written to $incoming/timeout-1"; exit 70'
    with tempfile.TemporaryDirectory() as work:
      options = argparse.Namespace(setup=SETUP, engine="libfuzzer", jobs=1, keep_going=False, from_nothing=True)
      engine = FakeEngine("operations_fuzz", options, work, work)
      engine.script = RAN + hang
      self.assertNotIn("broken", engine.fuzz(1, argparse.Namespace(is_set=False)))
      self.assertEqual(len(engine.found()), 1)

  def test_afl(self):
    self.good("sleep 1", kind=FakeAfl)
    self.good("echo x >$incoming/crash-1; exit 1", kind=FakeAfl)
    self.bad("sleep 1; exit 1", "exit code 1", kind=FakeAfl)
    self.bad("echo 'PROGRAM ABORT : No instrumentation detected'; exit 1", "exit code 1", kind=FakeAfl, stop=True)
    self.bad("kill -KILL $$", "SIGKILL", kind=FakeAfl)

  def test_ends_with_a_killed_campaign(self):
    with tempfile.TemporaryDirectory() as work:
      place = os.path.dirname(os.path.dirname(command.__file__))
      program = (f"import sys, os, argparse, time; sys.path.insert(0, {place!r})\n"
                 "from campaign import engines, programs\n"
                 "o = argparse.Namespace(setup=programs.Setup('libfuzzer', 'none', ''), engine='libfuzzer', jobs=1)\n"
                 f"e = engines.LibFuzzer('t', o, {work!r}, {work!r})\n"
                 "e.launch(0, ['sleep', '1000'], {})\nprint(e.processes[0].pid, flush=True)\ntime.sleep(1000)\n")
      with subprocess.Popen([sys.executable, "-B", "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        pid = int(parent.stdout.readline())
        parent.kill()
      for _ in range(50):
        if not os.path.exists(f"/proc/{pid}") or " Z " in common.text_of(f"/proc/{pid}/stat"):
          return
        time.sleep(0.1)
      os.kill(pid, signal.SIGKILL)
      self.fail("the engine goes on when the campaign is gone")

  def test_operations_are_counted(self):
    result = self.run_engine(r"printf '\52\0\0\0\0\0\0\0' >$MEM_ALLOC_FUZZ_OPERATIONS; sleep 1")
    self.assertEqual(result["operations"], 42)
    self.assertIsNone(self.run_engine("sleep 1")["operations"])


class FakePrograms:
  """Targets that fail for inputs that contain "bug", as $WORK/verdict says; and their replay programs."""

  def __init__(self, work):
    self.program = os.path.join(work, "program")
    self.replay = os.path.join(work, "replay")
    self.verdict = os.path.join(work, "verdict")
    self.say("grep -q bug")
    with open(self.program, "w", encoding="utf-8") as file:
      file.write(f'#!/bin/bash\nfile=${{@: -1}}\nif eval "$(cat {self.verdict}) $file"; then\n'
                 "  echo \"mem_alloc_fuzz: operation 1: $(head -n 1 $file) is wrong\"; exit 77\nfi\n")
    with open(self.replay, "w", encoding="utf-8") as file:
      file.write("#!/bin/bash\ncase $1 in\n--list) exit 1 ;;\n--minimize) echo bug >$2; "
                 "echo '$2: 1 operations of 5; it still fails' ;;\n*) echo story ;;\nesac\n")
    for path in (self.program, self.replay):
      os.chmod(path, 0o755)
    self.asked = set()

  def say(self, condition):
    with open(self.verdict, "w", encoding="utf-8") as file:
      file.write(condition)

  def path(self, setup, _target):
    self.asked.add(setup)
    return self.replay if setup.engine == "replay" else self.program


class Stored(unittest.TestCase):
  """No finding is lost."""

  def setUp(self):
    self.work = tempfile.mkdtemp()
    self.addCleanup(shutil.rmtree, self.work)
    self.programs = FakePrograms(self.work)
    self.place = folder.Folder(os.path.join(self.work, "campaign"))
    self.never = argparse.Namespace(is_set=False)

  def store(self):
    return findings.Store(self.place, self.programs, ORIGIN, ["a_fuzz", "b_fuzz"])

  def found(self, target, text, setup=SETUP, name="crash-1"):
    home = self.place.home(target)
    incoming = os.path.join(home, "incoming", setup.name())
    os.makedirs(incoming, exist_ok=True)
    with open(os.path.join(incoming, name), "w", encoding="utf-8") as file:
      file.write(text)
    with open(os.path.join(home, "libfuzzer-0.log"), "w", encoding="utf-8") as file:
      file.write(f"#1 NEW\nTest unit written to {incoming}/{name}\n")
    return incoming, home

  def take(self, target, text, setup=SETUP):
    return self.store().take_in(target, setup, *self.found(target, text, setup))

  def replay(self, store=None):
    with contextlib.redirect_stdout(io.StringIO()) as said:
      outcome = (store or self.store()).replay_all(self.never)
    return outcome, said.getvalue()

  def test_kept_with_its_logs(self):
    finding, = self.take("a_fuzz", "bug")
    self.assertTrue(finding.always())
    self.assertIn("Test unit written", common.text_of(finding.file("engine.log")))
    self.assertIn("is wrong", common.text_of(finding.file("report.log")))
    self.assertEqual(common.content(finding.input()), b"bug")
    self.assertEqual(common.files_in(os.path.join(self.place.home("a_fuzz"), "incoming", SETUP.name())), [])

  def test_still_there_then_mended_then_back(self):
    self.take("a_fuzz", "bug")
    outcome, said = self.replay()
    self.assertEqual((len(outcome.failing), len(outcome.mended)), (1, 0))
    self.assertIn("still fails", said)
    self.programs.say("false")
    outcome, said = self.replay()
    self.assertEqual((len(outcome.failing), len(outcome.mended)), (0, 1))
    self.assertIn("is mended", said)
    self.assertTrue(os.path.exists(outcome.mended[0].input()))
    outcome, said = self.replay()
    self.assertEqual((len(outcome.failing), len(outcome.mended)), (0, 0))
    self.programs.say("grep -q bug")
    outcome, said = self.replay()
    self.assertEqual(len(outcome.failing), 1)
    self.assertIn("fails again", said)
    self.assertEqual(len(self.store().stored("findings")), 1)

  def test_the_same_input_again(self):
    self.take("a_fuzz", "bug")
    again = self.take("a_fuzz", "bug")
    self.assertEqual(len(again), 1)
    self.assertEqual(len(self.store().stored("findings")), 1)

  def test_its_own_sanitizer_decides(self):
    memory = programs.Setup("libfuzzer", "memory", "16")
    self.take("a_fuzz", "bug", memory)
    self.programs.asked.clear()
    self.replay()
    self.assertEqual(self.programs.asked, {memory})

  def test_not_reproducible(self):
    finding, = self.take("a_fuzz", "harmless")
    self.assertFalse(finding.reproducible())
    self.assertIn("did not fail again", finding.about["said"])
    outcome, said = self.replay()
    self.assertEqual(len(outcome.mended), 1)
    self.assertIn("never failed by itself", said)

  def test_fails_now_and_then(self):
    counter = os.path.join(self.work, "counter")
    self.programs.say(f"echo x >>{counter}; [ $(($(wc -l <{counter}) % 2)) = 0 ] && test -f")
    finding, = self.take("a_fuzz", "bug")
    self.assertEqual((finding.reproducible(), finding.always()), (True, False))
    self.assertIn("of 3", finding.how_often())
    outcome, _ = self.replay()
    self.assertEqual(len(outcome.failing), 1)

  def test_the_minimized_input_counts_too(self):
    finding, = self.take("a_fuzz", "bug and more")
    with open(finding.file("minimized"), "w", encoding="utf-8") as file:
      file.write("bug")
    self.programs.say("grep -qx bug")
    outcome, _ = self.replay()
    self.assertEqual(len(outcome.failing), 1)

  def test_left_by_a_killed_campaign(self):
    self.found("a_fuzz", "bug")
    os.makedirs(os.path.join(self.place.home("b_fuzz"), "findings", ".crash-2.part"))
    with open(os.path.join(self.place.home("b_fuzz"), "findings", "crash-by-hand"), "w", encoding="utf-8") as file:
      file.write("bug of another kind")
    store = self.store()
    store.adopt(SETUP)
    outcome, _ = self.replay(store)
    self.assertEqual(len(outcome.failing), 2)
    self.assertEqual(os.listdir(os.path.join(self.place.home("b_fuzz"), "findings")), [outcome.failing[1].name])

  def test_what_cannot_be_run_is_not_well(self):
    self.take("a_fuzz", "bug")
    store = self.store()
    store.targets = ["b_fuzz"]
    outcome, _ = self.replay(store)
    self.assertEqual(len(outcome.unknown), 1)
    store = self.store()
    store.programs = mock.Mock()
    store.programs.path.side_effect = common.Broken("does not compile")
    outcome, _ = self.replay(store)
    self.assertIn("does not compile", outcome.unknown[0][1])
    self.never.is_set = True
    outcome, _ = self.replay()
    self.assertEqual(len(outcome.unknown), 1)

  def test_told_as_one_and_minimised(self):
    found = self.take("a_fuzz", "bug 17") + self.take("b_fuzz", "bug 4")
    found += self.take("b_fuzz", "another bug")
    with contextlib.redirect_stdout(io.StringIO()):
      groups = self.store().groups(found, {found[0].folder})
    self.assertEqual([len(group["inputs"]) for group in groups], [2, 1])
    self.assertEqual(groups[0]["targets"], ["a_fuzz", "b_fuzz"])
    self.assertEqual((groups[0]["new"], groups[0]["known"]), (True, True))
    self.assertEqual((groups[1]["new"], groups[1]["known"]), (False, True))
    self.assertEqual(common.content(groups[0]["first"].file("minimized")), b"bug\n")
    self.assertEqual(groups[0]["minimized"], "1 operations of 5")

  def test_many_alike(self):
    home = self.place.home("a_fuzz")
    for number in range(findings.ALIKE + 5):
      incoming, _ = self.found("a_fuzz", f"bug {number}", name=f"crash-{number}")
    with contextlib.redirect_stdout(io.StringIO()) as said:
      kept = self.store().take_in("a_fuzz", SETUP, incoming, home)
    self.assertEqual(len(kept), findings.ALIKE)
    self.assertIn("5 more inputs", said.getvalue())


class Start(unittest.TestCase):
  """What must hold before anything starts, and who has the folder."""

  def setUp(self):
    self.work = tempfile.mkdtemp()
    self.addCleanup(shutil.rmtree, self.work)

  def test_lock(self):
    first, second = folder.Folder(self.work), folder.Folder(self.work)
    first.lock()
    with self.assertRaises(common.Broken) as refused:
      second.lock()
    self.assertRegex(str(refused.exception), rf"in use by process {os.getpid()} since \d{{4}}-\d\d-\d\d \d\d:")
    os.close(first.handle)
    second.lock()
    os.close(second.handle)

  def test_tools_take_the_lock(self):
    for tool in ("prune.sh", "minimise.sh"):
      with open(os.path.join(self.work, "lock"), "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write("process 12345")
        file.flush()
        done = subprocess.run([common.fuzz_file("tools", tool), self.work], stderr=subprocess.PIPE, text=True,
                              check=False)
      self.assertEqual(done.returncode, 3, tool)
      self.assertIn("in use by process 12345", done.stderr)

  def test_no_folder(self):
    for path in ("/proc/no_such_folder", os.path.join(self.work, "file", "below")):
      with open(os.path.join(self.work, "file"), "w", encoding="utf-8"):
        pass
      with self.assertRaises(common.Broken):
        folder.Folder(path).lock()

  def test_full_disk(self):
    status = os.statvfs(self.work)
    full = argparse.Namespace(f_bavail=1, f_frsize=status.f_frsize)
    with mock.patch("os.statvfs", return_value=full), self.assertRaisesRegex(common.Broken, "0 MiB are free"):
      folder.check_space(self.work, 1 << 20)
    child = os.fork()
    if child == 0:  # a limit on the size of files: writing fails as on a full disk
      code = 1
      signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
      resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
      try:
        folder.check_space(self.work, 0)
      except common.Broken:
        code = 0
      os._exit(code)  # pylint: disable=protected-access
    self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)

  def test_file_that_cannot_be_written(self):
    for path in ("/proc/figures", os.path.join(self.work, "none", "figures"), self.work):
      with self.assertRaises(common.Unusable):
        folder.check_output(path, "--json")
    folder.check_output(os.path.join(self.work, "figures"), "--json")
    folder.check_output("/dev/null", "--json")
    self.assertEqual(os.listdir(self.work), [])

  def test_no_committed_inputs(self):
    with self.assertRaisesRegex(common.Broken, "no committed inputs"):
      folder.check_committed_corpora(["no_such_fuzz"])

  def test_whole_files(self):
    path = os.path.join(self.work, "file")
    common.write_whole(path, b"old")
    with mock.patch("os.fsync", side_effect=OSError("full")), self.assertRaises(OSError):
      common.write_whole(path, b"new")
    self.assertEqual(common.content(path), b"old")
    self.assertEqual(os.listdir(self.work), ["file"])

  def test_history(self):
    place = folder.Folder(self.work)
    place.remember({"date": "a"})
    with open(place.history_file(), "a", encoding="utf-8") as file:
      file.write('{"date": "torn')
    with contextlib.redirect_stderr(io.StringIO()) as said:
      place.remember({"date": "b"})
    self.assertIn("cannot be read", said.getvalue())
    self.assertEqual([entry["date"] for entry in place.history()], ["a", "b"])


class Corpora(unittest.TestCase):
  """minimise.sh and prune.sh with targets that are a line of shell: one that works, and one that may not."""

  def setUp(self):
    self.work = tempfile.mkdtemp()
    self.addCleanup(shutil.rmtree, self.work)
    self.fuzz = os.path.join(self.work, "fuzz")
    os.makedirs(os.path.join(self.fuzz, "targets"))
    shutil.copytree(common.fuzz_file("tools"), os.path.join(self.fuzz, "tools"))
    self.script("tools/make_seeds.py", 'for t in a_fuzz b_fuzz; do mkdir -p "$1/$t"; echo seed >"$1/$t/seed"; done; '
                                       'echo new >"$2"')
    self.write("targets/mem_alloc.dict", "old")
    for target in ("a_fuzz", "b_fuzz"):
      self.write(f"corpus/{target}/old", "old")
      self.write(f"campaign/{target}/corpus/old", "old")

  def write(self, name, text):
    path = os.path.join(self.fuzz, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
      file.write(text)

  def script(self, name, text):
    path = os.path.join(self.fuzz, name)
    if os.path.exists(path):
      os.unlink(path)
    self.write(name, "#!/bin/bash\n" + text + "\n")
    os.chmod(path, 0o755)

  def run_tool(self, tool, second_target):
    """The programs get -OPTION... NEW OLD...; they write to NEW."""
    self.script("build.sh", 'if [ "$1" = --list ]; then echo a_fuzz; echo b_fuzz; exit; fi\nmkdir -p "${@: -1}"\n'
                            f'cp {self.fuzz}/a {self.fuzz}/b "${{@: -1}}"; cd "${{@: -1}}"; mv a a_fuzz; mv b b_fuzz')
    good = 'for a in "$@"; do case $a in -*) ;; *) echo kept >"$a/kept"; exit ;; esac; done'
    self.script("a", good)
    self.script("b", second_target or good)
    done = subprocess.run([os.path.join(self.fuzz, "tools", tool), os.path.join(self.fuzz, "campaign")],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout

  def files(self, place):
    return sorted(os.path.relpath(os.path.join(folder, name), os.path.join(self.fuzz, place))
                  for folder, _, names in os.walk(os.path.join(self.fuzz, place)) for name in names)

  def test_minimise(self):
    for broken in ("exit 1", "exit 0", "kill -KILL $PPID"):
      code, said = self.run_tool("minimise.sh", broken)
      self.assertNotEqual(code, 0, broken)
      self.assertEqual(self.files("corpus"), ["a_fuzz/old", "b_fuzz/old"], said)
      self.assertEqual(common.text_of(os.path.join(self.fuzz, "targets", "mem_alloc.dict")), "old")
    code, said = self.run_tool("minimise.sh", None)
    self.assertEqual(code, 0, said)
    self.assertEqual(self.files("corpus"), ["a_fuzz/kept", "a_fuzz/seed", "b_fuzz/kept", "b_fuzz/seed"])
    self.assertEqual(common.text_of(os.path.join(self.fuzz, "targets", "mem_alloc.dict")), "new\n")

  def test_prune(self):
    for broken in ("exit 1", "exit 0"):
      code, said = self.run_tool("prune.sh", broken)
      self.assertEqual(code, 1, said)
      self.assertEqual(self.files("campaign/b_fuzz/corpus"), ["old"])
    code, said = self.run_tool("prune.sh", None)
    self.assertEqual(code, 0, said)
    self.assertEqual(self.files("campaign/b_fuzz/corpus"), ["kept"])


class Reports(unittest.TestCase):
  """JUnit XML, SARIF, and the exit code."""

  def campaign(self, work, **more):
    target = {"target": "a_fuzz", "seconds": 1.0, "execs": 5, "execs_per_second": 5, "corpus": 1, "coverage": 2,
              "operations": None, "operations_per_second": None, "samples": [], "findings": []}
    first = findings.Finding(os.path.join(work, "a_fuzz", "findings", "crash-1"))
    os.makedirs(first.folder)
    with open(first.file("story.txt"), "w", encoding="utf-8") as file:
      file.write("a story with \x00\x1b and <&>")
    group = {"said": "it <said>", "where": "f in src/pool.c", "text": "it \x01said", "file": "src/pool.c", "line": 7,
             "targets": ["a_fuzz"], "new": True, "known": False, "reproducible": "reproducible", "minimized": "",
             "found": "", "command": "fuzz/replay x", "first": first, "inputs": []}
    return {"origin": ORIGIN, "ended": ORIGIN["date"], "engine": "libfuzzer", "sanitizer": "none", "jobs": 1,
            "seconds": 1.0, "interrupted": False, "targets": [target], "groups": [group], "mended": [], "unknown": [],
            "exit_code": 1, **more}

  def setUp(self):
    self.work = tempfile.mkdtemp()
    self.addCleanup(shutil.rmtree, self.work)

  def test_junit(self):
    campaign = self.campaign(self.work, unknown=[("gone_fuzz/crash-2", "no such target")])
    suite = xml.fromstring(reports.junit(campaign)).find("testsuite")
    self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("errors")), ("3", "1", "1"))
    self.assertEqual(len(suite.findall("testcase/failure")), 1)
    self.assertIn("<&>", suite.find("testcase/failure").text)

  def test_sarif(self):
    log = json.loads(json.dumps(reports.sarif(self.campaign(self.work))))
    run, = log["runs"]
    result, = run["results"]
    self.assertEqual(log["version"], "2.1.0")
    self.assertEqual(run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"], result["ruleId"])
    place = result["locations"][0]["physicalLocation"]
    self.assertEqual((place["artifactLocation"]["uri"], place["region"]["startLine"]), ("src/pool.c", 7))
    self.assertRegex(run["invocations"][0]["endTimeUtc"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
    self.assertIn(result["level"], ("none", "note", "warning", "error"))

  def test_verdict(self):
    def code(**more):
      shutil.rmtree(os.path.join(self.work, "a_fuzz"), ignore_errors=True)
      with contextlib.redirect_stdout(io.StringIO()) as said:
        result = command.judge(self.campaign(self.work, **more))
      return result, said.getvalue().strip().split("\n")[-1]
    self.assertEqual(code()[0], 1)
    self.assertEqual(code(groups=[])[0], 0)
    self.assertEqual(code(groups=[], unknown=[("a", "b")])[0], 3)
    self.assertEqual(code(groups=[], targets=[])[0], 3)
    broken = self.campaign(tempfile.mkdtemp(dir=self.work))["targets"]
    broken[0]["broken"] = "ended"
    self.assertEqual(code(groups=[], targets=broken)[0], 3)
    self.assertEqual(code(targets=broken)[0], 1)
    self.assertTrue(re.match("fuzz: PASS", code(groups=[])[1]))


if __name__ == "__main__":
  unittest.main()
