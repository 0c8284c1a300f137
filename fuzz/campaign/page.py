# SPDX-License-Identifier: BSD-3-Clause
"""The page of a campaign: one file that loads nothing, for narrow and wide, light and dark screens."""

import io
import os
import re

import jinja2
import matplotlib

from campaign.common import write_whole
from campaign.reports import VERDICTS, clean, state_of, texts_of

matplotlib.use("svg")
from matplotlib import pyplot  # pylint: disable=wrong-import-position,wrong-import-order
from matplotlib.ticker import FuncFormatter, MaxNLocator  # pylint: disable=wrong-import-position

# Colours that no plot has: replaced by those of the page, which differ for light and dark.
TEXT, GRID = "#000001", "#000002"
SERIES = 8  # colours of lines in page.html.j2
TREND = 30  # campaigns
EARLIER = 12  # campaigns in the table
SHOWN_INPUTS = 10  # of one kind
STORY_MARK = re.compile(r"^FINDING|<== HERE|\(no answer\)")

STYLE = {
  "svg.fonttype": "none", "svg.hashsalt": "campaign", "font.family": "sans-serif", "font.size": 9,
  "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GRID, "axes.grid": True, "grid.color": GRID,
  "grid.linewidth": 0.7, "text.color": TEXT, "axes.labelcolor": TEXT, "xtick.color": TEXT, "ytick.color": TEXT,
  "xtick.labelcolor": TEXT, "ytick.labelcolor": TEXT, "lines.linewidth": 1.8, "figure.facecolor": "none",
  "axes.facecolor": "none", "savefig.facecolor": "none", "axes.axisbelow": True, "lines.markersize": 4,
}


def colour(index):
  return f"#0000{0x10 + index % SERIES:02x}"


def short(number):
  """1234567 as 1.2M."""
  if number is None:
    return "–"
  for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
    if abs(number) >= limit:
      value = number / (1e3 if unit == "k" else limit)
      return f"{value:.{0 if value >= 100 else 1}f}{unit}"
  return f"{number:,.0f}".replace(",", " ")


def duration(seconds):
  seconds = round(seconds)
  if seconds < 120:
    return f"{seconds} s"
  if seconds < 7200:
    return f"{seconds // 60} min {seconds % 60:02} s"
  return f"{seconds // 3600} h {seconds % 3600 // 60:02} min"


def svg(figure, number, label):
  """A figure as part of the page: its colours are the page's, and its names are in no other figure."""
  stream = io.StringIO()
  figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
  pyplot.close(figure)
  text = stream.getvalue()
  text = text[text.index("<svg"):]
  text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.S)
  text = re.sub(r'\bid="', f'id="plot{number}-', text)
  text = re.sub(r'href="#', f'href="#plot{number}-', text)
  text = re.sub(r"url\(#", f"url(#plot{number}-", text)
  text = re.sub(r'<svg ([^>]*?)width="[^"]*"', r"<svg \1", text)
  text = re.sub(r'<svg ([^>]*?)height="[^"]*"', rf'<svg role="img" aria-label="{label}" \1', text)
  text = text.replace(TEXT, "currentColor").replace(GRID, "var(--grid)")
  return re.sub(r"#0000(1[0-9a-f])", lambda match: f"var(--series-{int(match.group(1), 16) - 0x10})", text)


def plot(number, title, lines, xlabel, ticks=None, marker=""):
  """A plot of lines, each (colour's index, x, y). ticks: the words below the axis, evenly spaced."""
  with matplotlib.rc_context(STYLE):
    figure, axes = pyplot.subplots(figsize=(4.6, 2.9), dpi=72, layout="constrained")
    for index, x, y in lines:
      axes.plot(x, y, color=colour(index), marker=marker, solid_capstyle="round")
    axes.set_ylim(bottom=0)
    axes.margins(x=0.02)
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))
    if ticks:
      places = sorted({round(i * (len(ticks) - 1) / max(1, min(4, len(ticks)) - 1)) for i in range(min(4, len(ticks)))})
      axes.set_xticks(places, [ticks[place] for place in places])
      axes.margins(x=0.06)
    axes.set_xlabel(xlabel)
    return {"title": title, "svg": svg(figure, number, title)}


def time_plots(campaign):
  """What happened within this campaign."""
  colours = {result["target"]: index for index, result in enumerate(campaign["targets"])}
  plots = []
  counted = all(sample[5] is not None for result in campaign["targets"] for sample in result["samples"])
  for column, title in ((3, "Coverage"), (2, "Corpus"), (5, "Operations") if counted else (1, "Runs")):
    lines = [(colours[result["target"]], [0] + [sample[0] for sample in result["samples"]],
              [0] + [sample[column] for sample in result["samples"]])
             for result in campaign["targets"] if result["samples"]]
    if lines:
      plots.append(plot(len(plots), title, lines, "seconds of the target"))
  return plots


def comparable(campaign, history):
  """Campaigns that count as this one does: the engines count edges differently, and so do sanitizers."""
  return [entry for entry in history if entry.get("engine") == campaign["engine"]
          and entry.get("sanitizer") == campaign["sanitizer"]][-TREND:]


def trend_plots(campaign, history):
  """How this campaign compares with those before it."""
  entries = comparable(campaign, history)
  if len(entries) < 2:
    return []
  colours = {result["target"]: index for index, result in enumerate(campaign["targets"])}
  ticks = [entry["date"][5:16].replace("T", " ") for entry in entries]

  def lines(value):
    result = []
    for target, index in colours.items():
      points = [(place, value(one)) for place, entry in enumerate(entries) for one in entry["targets"]
                if one["target"] == target and value(one) is not None]
      if points:
        result.append((index, [x for x, _ in points], [y for _, y in points]))
    return result

  def speed(name):
    return lambda one: one.get(name) / one["seconds"] if one.get(name) is not None and one["seconds"] else None

  counted = any(one.get("operations") is not None for entry in entries for one in entry["targets"])
  plots = [plot(10, "Coverage reached", lines(lambda one: one["coverage"] or None), "campaign", ticks, "o"),
           plot(11, "Operations a second", lines(speed("operations")), "campaign", ticks, "o") if counted else
           plot(11, "Runs a second", lines(speed("execs")), "campaign", ticks, "o"),
           plot(12, "Findings", [(SERIES - 1, range(len(entries)), [entry["findings"] for entry in entries])],
                "campaign", ticks, "o")]
  return plots


def story_lines(text):
  return [(line, bool(STORY_MARK.search(line))) for line in text.rstrip("\n").split("\n")] if text.strip() else []


def finding_cards(campaign):
  cards = []
  for group in campaign["groups"]:
    texts = texts_of(group)
    cards.append({**group, **texts, "state": state_of(group), "story": story_lines(texts["story"]), "text": clean(group["text"]),
                  "shown_inputs": group["inputs"][:SHOWN_INPUTS]})
  return cards


def headline(campaign):
  groups, broken = campaign["groups"], [result for result in campaign["targets"] if "broken" in result]
  if groups:
    known = sum(group["known"] for group in groups)
    new = len(groups) - known
    parts = ([f"{new} new"] if new else []) + ([f"{known} still there"] if known else [])
    return f"{len(groups)} finding{'s' if len(groups) > 1 else ''}: {', '.join(parts)}"
  if broken or campaign["unknown"]:
    return "Nothing can be said of " + ", ".join([result["target"] for result in broken]
                                                 + [name for name, _ in campaign["unknown"]])
  return "No findings" if campaign["exit_code"] == 0 else "Nothing was run"


def total(campaign, key):
  values = [result[key] for result in campaign["targets"] if result[key] is not None]
  return sum(values) if values else None


def tiles(campaign):
  operations, seconds = total(campaign, "operations"), campaign["seconds"]
  known = sum(group["known"] for group in campaign["groups"])
  return [
    ("new findings", str(len(campaign["groups"]) - known)), ("still there", str(known)),
    ("mended", str(len(campaign["mended"]))), ("runs", short(total(campaign, "execs"))),
    ("operations", short(operations)),
    ("operations a second", short(operations / seconds if operations is not None and seconds else None)),
    ("inputs learnt", short(total(campaign, "corpus"))), ("time", duration(seconds))]


def render(campaign, history):
  environment = jinja2.Environment(loader=jinja2.FileSystemLoader(os.path.dirname(os.path.abspath(__file__))),
                                   autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
                                   lstrip_blocks=True)
  environment.filters.update(short=short, duration=duration)
  template = environment.get_template("page.html.j2")
  return template.render(
    campaign=campaign, verdict=VERDICTS.get(campaign["exit_code"], "BROKEN"), headline=headline(campaign),
    tiles=tiles(campaign), cards=finding_cards(campaign), time_plots=time_plots(campaign),
    trend_plots=trend_plots(campaign, history), earlier=list(reversed(history[:-1]))[:EARLIER], series=SERIES,
    compared=len(comparable(campaign, history)))


def write(campaign, history, path):
  """history ends with this campaign."""
  write_whole(path, render(campaign, history).encode())
