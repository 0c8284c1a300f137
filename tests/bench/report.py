#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Read the benchmark's JSON, print a table, judge the targets.

Exit code 0: every target met. 1: one missed, or something was not measured
or not right. The times judged are CPU times, the least of all repetitions:
whatever else the machine does can only add to them.
"""

import argparse
import json
import statistics
import sys
from collections import namedtuple

COUNTS = [100, 1000, 10000, 100000, 1000000]
QUICK_LIMIT = 10000
LIST_LIMIT = 10000
WORKLOADS = ["W1", "W2", "W3", "W4", "W5"]
FULL_WORKLOADS = ["W1", "W2", "W3", "W5"]  # those at 70 % occupancy
COUNTERS = ["metadata_per_live", "used_metadata_per_live", "free_runs_per_live", "levels",
            "occupancy", "retries_per_pair"]

# One benchmark. least, median: ns per pair over the repetitions.
Row = namedtuple("Row", "least median digest " + " ".join(COUNTERS))

# One target. value is None if something it needs was not measured.
Verdict = namedtuple("Verdict", "text value relation limit")


def load(raw):
    """Rows by (workload, allocator, count), and a list of what went wrong."""
    repetitions = {}
    problems = []
    for run in raw["benchmarks"]:
        if run.get("error_occurred"):
            problems.append("%s: %s" % (run["name"], run.get("error_message", "error")))
        elif run.get("run_type") == "iteration":
            workload, allocator, count = run["name"].split("/")[:3]
            repetitions.setdefault((workload, allocator, int(count)), []).append(run)
    rows = {}
    for key, runs in repetitions.items():
        if any(run["time_unit"] != "ns" for run in runs):
            problems.append("%s/%s/%d: times are not in ns" % key)
            continue
        times = [run["cpu_time"] / run["pairs_per_call"] for run in runs]
        if len({run["addresses_digest"] for run in runs}) != 1:
            problems.append("%s/%s/%d: repetitions differ" % key)
        # The worst of each counter; for occupancy and the digest any will do.
        worst = {name: max(run[name] for run in runs) for name in COUNTERS}
        rows[key] = Row(min(times), statistics.median(times), runs[0]["addresses_digest"], **worst)
    return rows, problems


def ratio(rows, above, below):
    if above in rows and below in rows and rows[below].least > 0:
        return rows[above].least / rows[below].least
    return None


def worst_of(rows, counts, measure):
    """The largest measure over the workloads at 70 %, with its place; None if one is missing."""
    keys = [(workload, "tree", count) for workload in FULL_WORKLOADS for count in counts]
    if not keys or any(key not in rows for key in keys):
        return None, ""
    key = max(keys, key=lambda key: measure(rows[key]))
    return measure(rows[key]), " (%s at %d)" % (key[0], key[2])


def speed_targets(rows, counts):
    verdicts = [
        Verdict("W1 at 1000: list / tree",
                ratio(rows, ("W1", "list", 1000), ("W1", "tree", 1000)), ">=", 10),
        Verdict("W1 at 10000: list / tree",
                ratio(rows, ("W1", "list", 10000), ("W1", "tree", 10000)), ">=", 150),
    ]
    if 1000000 in counts:
        verdicts.append(Verdict("W1: at 1000000 / at 1000",
                                ratio(rows, ("W1", "tree", 1000000), ("W1", "tree", 1000)), "<=", 8))
    for count in counts:
        verdicts.append(Verdict("W5 / W1 at %d" % count,
                                ratio(rows, ("W5", "tree", count), ("W1", "tree", count)), "<=", 2))
    return verdicts


def sanity_targets(rows, counts):
    """Memory, and whether what was measured is what the workloads say."""
    memory, memory_place = worst_of(rows, [count for count in counts if count >= 1000],
                                    lambda row: row.metadata_per_live)
    retries, retries_place = worst_of(rows, [count for count in counts if count >= 1000],
                                      lambda row: row.retries_per_pair)
    distance, distance_place = worst_of(rows, [count for count in counts if count >= 10000],
                                        lambda row: abs(row.occupancy - 0.7))
    return [
        Verdict("metadata bytes per live block, worst" + memory_place, memory, "<=", 50),
        Verdict("repeated gets per pair, worst" + retries_place, retries, "<=", 0.01),
        Verdict("occupancy's distance from 0.7, worst" + distance_place, distance, "<=", 0.05),
        Verdict("workloads where list and tree differ", differing_addresses(rows, counts), "<=", 0),
    ]


def differing_addresses(rows, counts):
    pairs = [((workload, "tree", count), (workload, "list", count))
             for workload in WORKLOADS for count in counts if count <= LIST_LIMIT]
    if any(key not in rows for pair in pairs for key in pair):
        return None
    return sum(rows[tree].digest != rows[other].digest for tree, other in pairs)


def judge(rows, quick, speed=True):
    counts = [count for count in COUNTS if not quick or count <= QUICK_LIMIT]
    return (speed_targets(rows, counts) if speed else []) + sanity_targets(rows, counts)


def passed(verdict):
    if verdict.value is None:
        return False
    if verdict.relation == ">=":
        return verdict.value >= verdict.limit
    return verdict.value <= verdict.limit


def print_table(rows):
    print("%-4s %8s | %9s %9s | %11s %7s | %8s %8s %6s %7s %7s %8s" % (
        "", "live", "tree", "tree", "list", "list", "metadata", "in use", "levels", "free", "occu-",
        "retries"))
    print("%-4s %8s | %9s %9s | %11s %7s | %8s %8s %6s %7s %7s %8s" % (
        "", "blocks", "least ns", "median ns", "least ns", "/ tree", "B/live", "B/live", "", "/live",
        "pancy", "/pair"))
    for workload, allocator, count in sorted(rows):
        if allocator != "tree":
            continue
        row = rows[workload, allocator, count]
        other = rows.get((workload, "list", count))
        factor = ratio(rows, (workload, "list", count), (workload, "tree", count))
        print("%-4s %8d | %9.1f %9.1f | %11s %7s | %8.1f %8.1f %6d %7.3f %6.1f%% %8.5f" % (
            workload, count, row.least, row.median,
            "%.1f" % other.least if other else "", "%.1f" % factor if factor else "",
            row.metadata_per_live, row.used_metadata_per_live, row.levels, row.free_runs_per_live,
            100 * row.occupancy, row.retries_per_pair))


def print_verdicts(verdicts, problems):
    for verdict in verdicts:
        value = "not measured" if verdict.value is None else "%.4g" % verdict.value
        print("%-62s %12s %s %-5g %s" % (verdict.text, value, verdict.relation, verdict.limit,
                                         "PASS" if passed(verdict) else "FAIL"))
    for problem in problems:
        print("FAIL " + problem)


def summary(raw, rows, verdicts, problems):
    """What is worth keeping; nothing in it tells which machine it was."""
    return {
        "fan_out": int(raw["context"]["fan_out"]),
        "node_bytes": int(raw["context"]["node_bytes"]),
        "rows": [dict(row._asdict(), workload=key[0], allocator=key[1], count=key[2])
                 for key, row in sorted(rows.items())],
        "verdicts": [dict(verdict._asdict(), passed=passed(verdict)) for verdict in verdicts],
        "problems": problems,
    }


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("raw", help="what the benchmark wrote with --benchmark_out")
    parser.add_argument("--quick", action="store_true", help="nothing above 10000 live blocks was measured")
    parser.add_argument("--without-speed", action="store_true", help="judge no times")
    parser.add_argument("--json", help="write the summary there")
    options = parser.parse_args(arguments)
    with open(options.raw, encoding="utf-8") as file:
        raw = json.load(file)
    rows, problems = load(raw)
    verdicts = judge(rows, options.quick, not options.without_speed)
    print("fan-out %s, node %s bytes" % (raw["context"]["fan_out"], raw["context"]["node_bytes"]))
    print_table(rows)
    print()
    print_verdicts(verdicts, problems)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(summary(raw, rows, verdicts, problems), file, indent=1)
            file.write("\n")
    return 0 if not problems and all(passed(verdict) for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
