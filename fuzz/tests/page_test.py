#!/usr/bin/python3 -B
# SPDX-License-Identifier: BSD-3-Clause
"""page_test.py [FOLDER]: the page of a campaign in a real browser, narrow and wide, light and dark.

No message on the console, nothing loaded from elsewhere, nothing wider than the window, text that is large enough
and stands out from what is behind it. Pages that are wrong on purpose must be refused. With a FOLDER, the pages and
their screenshots are left there."""

import base64
import json
import os
import sys
import tempfile

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

HERE = os.path.dirname(os.path.abspath(sys.argv[0]))
sys.path.insert(0, os.path.dirname(HERE))

from campaign import page  # pylint: disable=wrong-import-position
from campaign.findings import Finding  # pylint: disable=wrong-import-position

WIDTHS, SCHEMES = (400, 1600), ("light", "dark")
LEAST_CONTRAST, LEAST_SIZE = 4.5, 8.0  # of text: ratio to what is behind it, pixels
TARGETS = ["operations_fuzz", "constraints_fuzz", "static_storage_fuzz", "malloc_failures_fuzz", "differential_fuzz",
           "long_lived_fuzz", "damaged_storage_fuzz"]
DATE = "2026-01-02T03:04:05+00:00"
STORY = """target operations_fuzz, fan-out 4, 8 bytes
  operation 1: get, bytes 03 01
    get(m0, 0x1000) -> OK 0x0, expected OK 0x0
      m0: [0x0-0xfff live] [0x1000-0xbefff free]""" + " [0x1000000000-0x2000000000 free]" * 30 + """
FINDING: 1 blocks of memory were never freed <script>alert(1)</script>
"""

# What is wrong with the page as it is shown now.
LOOK = """
const wrong = [];
const root = document.documentElement;
if (root.scrollWidth > root.clientWidth) wrong.push('wider than the window: ' + root.scrollWidth);
function channels(text) {
  const numbers = text.match(/[0-9.]+/g).map(Number);
  return {r: numbers[0], g: numbers[1], b: numbers[2], a: numbers.length > 3 ? numbers[3] : 1};
}
function luminance(c) {
  const part = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); };
  return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
}
function behind(element) {
  for (let e = element; e; e = e.parentElement) {
    const c = channels(getComputedStyle(e).backgroundColor);
    if (c.a === 1) return c;
  }
  return {r: 255, g: 255, b: 255};
}
for (const details of document.querySelectorAll('details')) details.open = true;
if (root.scrollWidth > root.clientWidth) wrong.push('wider than the window when all is open: ' + root.scrollWidth);
let looked = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const element = node.parentElement;
  if (!node.data.trim() || element.closest('style, script, defs')) continue;
  const box = element.getBoundingClientRect();
  if (box.width === 0) continue;
  looked += 1;
  const style = getComputedStyle(element);
  const drawn = element.ownerSVGElement !== null && element.ownerSVGElement !== undefined;
  let size = parseFloat(style.fontSize);
  if (drawn) {
    const svg = element.ownerSVGElement;
    size *= svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  }
  const front = luminance(channels(drawn ? style.fill : style.color)), back = luminance(behind(element));
  const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
  if (size < arguments[1]) wrong.push('text of ' + size.toFixed(1) + ' pixels: ' + node.data.trim().slice(0, 30));
  if (ratio < arguments[0]) wrong.push('contrast ' + ratio.toFixed(1) + ': ' + node.data.trim().slice(0, 30));
}
if (looked === 0) wrong.push('no text');
return wrong;
"""


def sample(folder):
  """A campaign with everything that a page can have, and its history."""
  def finding(place, target, text):
    where = os.path.join(folder, target, place, "crash-0123456789abcdef")
    os.makedirs(where, exist_ok=True)
    for name, content in (("input", "x"), ("minimized", "x"), ("story.txt", STORY), ("program.c", "int main(void) {}"),
                          ("report.log", "==1== ERROR: \x1b[31m" + "0123456789" * 40), ("engine.log", "#1 NEW\n")):
      with open(os.path.join(where, name), "w", encoding="utf-8") as file:
        file.write(content)
    with open(os.path.join(where, "about.json"), "w", encoding="utf-8") as file:
      json.dump({"said": text, "text": text, "found": "2026-01-02T03:04:05+00:00", "failed": 3, "tried": 3}, file)
    return Finding(where)

  first = finding("findings", "operations_fuzz", "1 blocks of memory were never freed")
  def group(text, new, known, where):
    inputs = [{"input": first.input(), "target": "operations_fuzz", "reproducible": "reproducible", "new": new,
               "setup": "libfuzzer-address", "command": first.command()}] * 30
    return {"said": text, "where": where, "text": text, "file": "src/pool.c" if where else None,
            "line": 7 if where else None,
            "targets": TARGETS if where else ["operations_fuzz"], "new": new, "known": known,
            "reproducible": "fails 2 times of 3", "minimized": "3 operations of 9", "found": DATE,
            "command": first.command(), "first": first, "inputs": inputs}
  targets = [{"target": target, "seconds": 60.5, "execs": 1234567 * (index + 1), "execs_per_second": 20409,
              "corpus": 700, "coverage": 800 + 40 * index, "operations": 23456789, "operations_per_second": 456789, "findings": [],
              "samples": [[5 * i, 50000 * i * (index + 1), 100 * i ** 0.5, 500 + 90 * i ** 0.3 + 40 * index, 0,
                           900000 * i * (7 - index)]
                          for i in range(1, 13)]} for index, target in enumerate(TARGETS)]
  targets[3]["broken"] = "libfuzzer ended with killed by signal 9 (SIGKILL):\n" + "#1 NEW cov: 12 " * 20
  campaign = {
    "origin": {"commit": "0123456789abcdef0123456789abcdef01234567", "changed": True, "date": DATE,
               "subject": "Constraints: what a cut leaves is no larger than what was there",
               "tools": {"clang-19": "clang version 19.1.7", "gcc": "gcc (Debian 12.2.0) 12.2.0"}, "processors": 2},
    "ended": "2026-01-02T03:14:05+00:00", "engine": "libfuzzer", "sanitizer": "address", "jobs": 2, "fan_out": "4",
    "max_len": 512, "asked_seconds": 420, "seconds": 423.5, "interrupted": False, "targets": targets,
    "groups": [group("1 blocks of memory were never freed", True, False, ""),
               group("AddressSanitizer: heap-buffer-overflow" + "_and_a_very_long_word" * 6, False, True,
                     "pool_get in src/pool.c")],
    "mended": [finding("mended", "constraints_fuzz", "m0 is not valid")],
    "unknown": [("gone_fuzz/crash-1", "there is no target gone_fuzz any more")], "exit_code": 1}
  history = [{"date": f"2026-01-{day:02}T01:17:00+00:00", "commit": f"{day:040}", "engine": "libfuzzer",
              "sanitizer": "address", "jobs": 2, "exit_code": day % 4 == 0, "findings": int(day % 4 == 0), "mended": 0,
              "targets": [{key: target[key] + (day * 5 if key == "coverage" else 0) for key in
                           ("target", "seconds", "execs", "operations", "corpus", "coverage")
                           if key != "target"} | {"target": target["target"]} for target in targets]}
             for day in range(1, 20)]
  return campaign, history


def good_pages(folder):
  """All there can be; nothing but a good end; a first campaign that was stopped before anything ran."""
  campaign, history = sample(folder)
  good = {**campaign, "groups": [], "mended": [], "unknown": [], "exit_code": 0,
          "targets": [{key: value for key, value in target.items() if key != "broken"}
                      for target in campaign["targets"]]}
  stopped = {**good, "targets": [], "interrupted": True, "exit_code": 3, "seconds": 0,
             "origin": {**campaign["origin"], "commit": "unknown", "subject": "", "changed": None}}
  return {"everything": page.render(campaign, history), "good": page.render(good, history),
          "stopped": page.render(stopped, history[-1:])}


def bad_pages(good):
  """What must be noticed, and in which words."""
  def with_body(text):
    return good.replace("<main>", "<main>" + text)
  without_policy = good.replace('http-equiv="Content-Security-Policy"', 'name="policy"')
  assert without_policy != good
  return {
    "wide": (with_body('<div style="width: 1700px">x</div>'), "wider than the window"),
    "faint": (with_body('<p style="color: #888; background: #777">faint</p>'), "contrast"),
    "small": (with_body('<p style="font-size: 5px">small</p>'), "pixels"),
    "loads": (without_policy.replace("<main>", '<main><img src="http://127.0.0.1:9/x.png">'), "loads"),
    "noisy": (without_policy.replace("<main>", "<main><script>console.error('x')</script>"), "console"),
  }


def browser(profile):
  options = webdriver.ChromeOptions()
  for option in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync",
                 "--disable-dev-shm-usage", "--user-data-dir=" + profile):
    options.add_argument(option)
  options.binary_location = "/usr/bin/chromium"
  options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
  return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def loaded(driver, address):
  """What was asked for beside the page itself. What is in the page (data:) is not loaded."""
  messages = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
  return [message["params"]["request"]["url"] for message in messages
          if message["method"] == "Network.requestWillBeSent"
          and not message["params"]["request"]["url"].startswith("data:")
          and message["params"]["request"]["url"] != address]


def faults(driver, path, width, scheme):
  address = "file://" + path
  driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                         {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
  feature = {"name": "prefers-color-scheme", "value": scheme}
  driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
  driver.get_log("performance")
  driver.get_log("browser")
  driver.get(address)
  found = driver.execute_script(LOOK, LEAST_CONTRAST, LEAST_SIZE)
  found += ["console: " + entry["message"] for entry in driver.get_log("browser")]
  found += ["loads " + url for url in loaded(driver, address)]
  background = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
  bright = sum(map(int, background[4:-1].split(","))) > 380
  if bright != (scheme == "light"):
    found.append(f"{scheme}, but the background is {background}")
  return found


def screenshot(driver, path):
  driver.get(driver.current_url)  # as a reader finds it: not all is open
  size = driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
  data = driver.execute_cdp_cmd("Page.captureScreenshot", {
    "captureBeyondViewport": True,
    "clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}})
  with open(path, "wb") as file:
    file.write(base64.b64decode(data["data"]))


def check(folder, keep):
  failures, checks = [], 0
  pages = good_pages(os.path.join(folder, "campaign"))
  wrong = bad_pages(pages["good"])
  driver = browser(os.path.join(folder, "profile"))
  try:
    for name, text in {**pages, **{name: text for name, (text, _) in wrong.items()}}.items():
      path = os.path.join(folder, name + ".html")
      with open(path, "w", encoding="utf-8") as file:
        file.write(text)
      for width in WIDTHS:
        for scheme in SCHEMES:
          found = faults(driver, path, width, scheme)
          checks += 1
          if name in pages:
            failures += [f"{name}, {width} pixels, {scheme}: {fault}" for fault in found]
            if keep:
              screenshot(driver, os.path.join(folder, f"{name}-{width}-{scheme}.png"))
          elif not any(wrong[name][1] in fault for fault in found):
            failures.append(f"{name}, {width} pixels, {scheme}: not noticed; only {found}")
  finally:
    driver.quit()
  if "<script>" in pages["everything"] or "http://" in pages["good"].replace("http://www.w3.org/", ""):
    failures.append("text of a finding, or an address, is in the page as it is")
  for failure in failures:
    print("FAIL: " + failure)
  print(f"{checks} looks at {len(pages)} good and {len(wrong)} bad pages, {len(failures)} failures")
  return 1 if failures else 0


def main():
  if len(sys.argv) > 1:
    os.makedirs(sys.argv[1], exist_ok=True)
    return check(os.path.abspath(sys.argv[1]), keep=True)
  with tempfile.TemporaryDirectory(prefix="page.") as folder:
    return check(folder, keep=False)


if __name__ == "__main__":
  sys.exit(main())
