#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Draw what report.py --json wrote: plot.py SUMMARY.json OUT.svg"""

import json
import sys

import matplotlib
matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

COLOURS = {"W1": "#0072b2", "W2": "#e69f00", "W3": "#009e73", "W4": "#cc79a7", "W5": "#d55e00"}
TITLES = {
    "W1": "W1 churn, powers of two",
    "W2": "W2 fill and drain",
    "W3": "W3 churn, 4 KiB",
    "W4": "W4 checkerboard",
    "W5": "W5 churn, other sizes",
}
METADATA_LIMIT = 50


def series(rows, workload, allocator, value):
    chosen = sorted((row for row in rows if row["workload"] == workload and row["allocator"] == allocator),
                    key=lambda row: row["count"])
    return [row["count"] for row in chosen], [row[value] for row in chosen]


def draw_times(axes, rows):
    for workload, colour in COLOURS.items():
        axes.plot(*series(rows, workload, "tree", "least"), color=colour, marker="o", markersize=4,
                  label=TITLES[workload])
        axes.plot(*series(rows, workload, "list", "least"), color=colour, linestyle="--", linewidth=1)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_title("A put and a get (dashed: address-ordered list)")
    axes.set_xlabel("live blocks")
    axes.set_ylabel("ns")
    axes.grid(True, which="major", alpha=0.3)
    axes.legend(fontsize="small")


def draw_metadata(axes, rows):
    for workload, colour in COLOURS.items():
        axes.plot(*series(rows, workload, "tree", "metadata_per_live"), color=colour, marker="o",
                  markersize=4)
        axes.plot(*series(rows, workload, "tree", "used_metadata_per_live"), color=colour, linestyle=":")
    axes.axhline(METADATA_LIMIT, color="black", linewidth=0.8)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_title("Metadata (dotted: in use)")
    axes.set_xlabel("live blocks")
    axes.set_ylabel("bytes per live block")
    axes.grid(True, which="major", alpha=0.3)


def main(arguments):
    if len(arguments) != 2:
        sys.stderr.write(__doc__ + "\n")
        return 2
    with open(arguments[0], encoding="utf-8") as file:
        rows = json.load(file)["rows"]
    matplotlib.rcParams["svg.hashsalt"] = "mem_alloc"  # the same numbers make the same file
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.5))
    draw_times(left, rows)
    draw_metadata(right, rows)
    figure.tight_layout()
    figure.savefig(arguments[1], format="svg", metadata={"Date": None})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
