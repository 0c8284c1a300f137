#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""Is every line, branch and MC/DC condition of src reached? By the fuzzing corpus, and by the unit tests.

  coverage.py                   both sets, each by itself
  coverage.py --from corpus     the committed fuzzing inputs of all targets, without a fuzzing engine
  coverage.py --from unit       the unit tests and the regressions
  coverage.py --html DIR        llvm-cov's HTML reports, too: DIR/index.html

Everything is built with clang-19 at each fan-out of tests/unit/fan_out.bzl. A place that none of the builds
covers must be in exceptions.txt with its reason; what is there must be needed. Exit status 0 if so, 1 if not.
"""

import argparse
import html
import os
import sys
import tempfile

import exceptions
import gaps
import measure

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = [("lines", [gaps.LINE]), ("branches", [gaps.TRUE, gaps.FALSE]), ("MC/DC", [gaps.CONDITION])]


def percent(covered, total):
  """Rounded down: 100 means all."""
  return f"{covered * 1000 // total / 10:.1f} %" if total else "-"


def row(name, places, justified):
  """A file's name; covered, all, and percent of each kind; places that are justified."""
  cells = [name]
  for _, kinds in COLUMNS:
    chosen = [place for place in places if place.kind in kinds]
    covered = sum(place.covered for place in chosen)
    cells += [f"{covered}/{len(chosen)}", percent(covered, len(chosen))]
  return cells + [str(sum(place in justified for place in places))]


def table(places, justified):
  """One row a file, and their sum."""
  rows = [["file"] + [cell for title, _ in COLUMNS for cell in (title, "")] + ["justified"]]
  for file in sorted({place.file for place in places}):
    rows.append(row(file, [place for place in places if place.file == file], justified))
  return rows + [row("all", places, justified)]


def print_table(name, rows):
  print(f"\n{name}:")
  for cells in rows:
    print(f"  {cells[0]:20}" + "".join(f"{cell:>10}" for cell in cells[1:]))


def write_html(root, folder, results):
  """A page with the tables, joined over the fan-outs, and a report of llvm-cov for each of them."""
  page = ["<!DOCTYPE html><meta charset=utf-8><title>Coverage of src</title><h1>Coverage of src</h1>"]
  for name, builds, rows, _ in results:
    page.append(f"<h2>{name}</h2><p>One program a fan-out; a place is covered if one of them covers it: ")
    for build in builds:
      part = f"{name}_fan_out_{build.fan_out}"
      measure.write_html(root, build, os.path.join(folder, part))
      page.append(f'<a href="{part}/index.html">fan-out {build.fan_out}</a> ')
    page.append("</p><table border=1 cellpadding=4>")
    for cells in rows:
      page.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
    page.append("</table>")
  with open(os.path.join(folder, "index.html"), "w", encoding="utf-8") as file:
    file.write("\n".join(page) + "\n")
  print(f"\nHTML: {os.path.join(folder, 'index.html')}")


def check_set(root, folder, name, numbers, justifications):
  """Measures one set and prints its table: (name, builds, table, what is wrong)."""
  builds = measure.measure(root, folder, name, numbers)
  places = gaps.join(root, builds)
  missing = set(measure.find(root, "src/*.c")) - {place.file for place in places}
  if missing:
    raise measure.Failure(f"{name}: nothing to be covered in {', '.join(sorted(missing))}")
  wrong, justified = exceptions.judge(name, places, justifications)
  rows = table(places, justified)
  print_table(name, rows)
  return name, builds, rows, wrong


def check(options, folder):
  with open(options.exceptions, encoding="utf-8") as file:
    justifications = exceptions.read(file.read())
  names = list(measure.SETS) if options.set is None else [options.set]
  numbers = measure.fan_outs(options.root)
  results = [check_set(options.root, folder, name, numbers, justifications) for name in names]
  if options.html is not None:
    write_html(options.root, os.path.abspath(options.html), results)
  wrong = [line for result in results for line in result[3]]
  print()
  for line in wrong:
    print(line)
  if wrong:
    print(f"coverage: FAIL ({', '.join(names)}): {len(wrong)} findings; reach each place by a test or an "
          f"input, or justify it in {os.path.relpath(options.exceptions, options.root)}")
  else:
    print(f"coverage: PASS ({', '.join(names)}): all lines, branches and conditions are covered or justified")
  return 1 if wrong else 0


def main():
  parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
  parser.add_argument("--from", dest="set", choices=list(measure.SETS), help="one set only")
  parser.add_argument("--html", metavar="DIR", help="write HTML reports to this folder")
  parser.add_argument("--root", default=os.path.dirname(os.path.dirname(HERE)), help="the tree (this one)")
  parser.add_argument("--exceptions", metavar="FILE", default=os.path.join(HERE, "exceptions.txt"),
                      help="the justified places (exceptions.txt beside this program)")
  options = parser.parse_args()
  options.root = os.path.abspath(options.root)
  try:
    with tempfile.TemporaryDirectory() as folder:
      return check(options, folder)
  except (measure.Failure, ValueError, OSError) as error:
    print(f"coverage: FAIL: {error}")
    return 1


if __name__ == "__main__":
  sys.exit(main())
