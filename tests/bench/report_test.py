#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""report.py accepts numbers that meet every target and rejects each one that does not."""

import contextlib
import io
import json
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
import report  # noqa: E402


def good_run(workload, allocator, count):
    return {
        "name": "%s/%s/%d" % (workload, allocator, count), "run_type": "iteration", "time_unit": "ns",
        "cpu_time": 100.0 if allocator == "tree" else 20000.0, "pairs_per_call": 1,
        "addresses_digest": 7, "metadata_per_live": 40.0, "used_metadata_per_live": 30.0,
        "free_runs_per_live": 0.1, "levels": 3, "occupancy": 0.7, "retries_per_pair": 0.0,
    }


def good_raw():
    """Two repetitions of every benchmark, and one line of the kind the aggregates come in."""
    runs = []
    for workload in report.WORKLOADS:
        for count in report.COUNTS:
            runs += [good_run(workload, "tree", count) for _ in range(2)]
            if count <= report.LIST_LIMIT:
                runs += [good_run(workload, "list", count) for _ in range(2)]
    runs.append({"name": "W1/tree/100_mean", "run_type": "aggregate", "cpu_time": 1e9})
    return {"context": {"fan_out": "48", "node_bytes": "728"}, "benchmarks": runs}


def exit_code(raw, *options):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "raw.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(raw, file)
        with contextlib.redirect_stdout(io.StringIO()):
            return report.main([path] + list(options))


def changed(name, **fields):
    """good_raw() with these fields in every repetition of one benchmark."""
    raw = good_raw()
    matching = [run for run in raw["benchmarks"] if run["name"] == name]
    assert matching, name
    for run in matching:
        run.update(fields)
    return raw


def without(name):
    raw = good_raw()
    raw["benchmarks"] = [run for run in raw["benchmarks"] if run["name"] != name]
    return raw


class ReportTest(unittest.TestCase):
    def test_accepts_good_numbers(self):
        self.assertEqual(exit_code(good_raw()), 0)
        self.assertEqual(exit_code(good_raw(), "--quick"), 0)

    def test_accepts_numbers_just_inside(self):
        self.assertEqual(exit_code(changed("W1/list/1000", cpu_time=1000.0)), 0)
        self.assertEqual(exit_code(changed("W1/list/10000", cpu_time=15000.0)), 0)
        # W5 follows W1, or it would be out of its own bounds.
        raw = changed("W1/tree/1000000", cpu_time=800.0)
        for run in raw["benchmarks"]:
            if run["name"] == "W5/tree/1000000":
                run["cpu_time"] = 1600.0
        self.assertEqual(exit_code(raw), 0)

    def test_rejects_each_missed_speed_target(self):
        cases = [("W1/list/1000", 999.0), ("W1/list/10000", 14999.0), ("W1/tree/1000000", 801.0)]
        cases += [("W5/tree/%d" % count, 201.0) for count in report.COUNTS]
        for name, time in cases:
            with self.subTest(name):
                self.assertEqual(exit_code(changed(name, cpu_time=time)), 1)
                self.assertEqual(exit_code(changed(name, cpu_time=time), "--without-speed"), 0)

    def test_rejects_what_else_is_wrong(self):
        cases = [
            ("W5/tree/1000", {"metadata_per_live": 50.1}),
            ("W2/tree/1000000", {"metadata_per_live": 50.1}),
            ("W1/tree/1000", {"retries_per_pair": 0.02}),
            ("W1/tree/100000", {"occupancy": 0.6}),
            ("W3/tree/10000", {"occupancy": 0.8}),
            ("W4/tree/100", {"addresses_digest": 8}),
            ("W2/list/10000", {"addresses_digest": 8}),
            ("W2/tree/100", {"error_occurred": True, "error_message": "the allocator is damaged"}),
            ("W1/tree/1000", {"time_unit": "us"}),
            ("W5/tree/1000", {"cpu_time": float("nan")}),
        ]
        for name, fields in cases:
            with self.subTest(name=name, fields=fields):
                self.assertEqual(exit_code(changed(name, **fields)), 1)

    def test_rejects_repetitions_that_differ(self):
        raw = good_raw()
        raw["benchmarks"][0]["addresses_digest"] = 8
        self.assertEqual(exit_code(raw), 1)

    def test_rejects_missing_measurements(self):
        for name in ("W1/tree/1000000", "W1/tree/1000", "W1/list/10000", "W5/tree/100", "W3/tree/100000",
                     "W4/list/100"):
            with self.subTest(name):
                self.assertEqual(exit_code(without(name)), 1)
        empty = dict(good_raw(), benchmarks=[])
        self.assertEqual(exit_code(empty), 1)
        self.assertEqual(exit_code(empty, "--quick"), 1)
        self.assertEqual(exit_code(empty, "--quick", "--without-speed"), 1)

    def test_quick_needs_only_the_small_counts(self):
        self.assertEqual(exit_code(without("W1/tree/1000000"), "--quick"), 0)
        self.assertEqual(exit_code(without("W1/tree/10000"), "--quick"), 1)

    def test_takes_the_least_time_per_pair(self):
        raw = good_raw()
        raw["benchmarks"][0].update(cpu_time=5000.0, pairs_per_call=100)
        rows, problems = report.load(raw)
        self.assertEqual(problems, [])
        self.assertEqual(rows["W1", "tree", 100].least, 50.0)
        self.assertEqual(rows["W1", "tree", 100].median, 75.0)


if __name__ == "__main__":
    unittest.main()
