# SPDX-License-Identifier: BSD-3-Clause
"""Figures, JUnit XML and SARIF of a campaign, from one description of it (see command.description)."""

import hashlib
import xml.etree.ElementTree as xml

from campaign.common import text_of, write_json, write_whole

VERDICTS = {0: "PASS", 1: "FAIL", 3: "BROKEN"}
SHOWN_TEXT = 20_000  # characters of a story, a program or a report
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def shortened(text):
  """Text that a report can carry: a long one without its middle."""
  if len(text) <= SHOWN_TEXT:
    return text
  return text[:SHOWN_TEXT // 2] + "\n[...]\n" + text[-SHOWN_TEXT // 2:]


def clean(text):
  """Without what neither XML nor a page can hold."""
  return "".join(c if c in "\t\n" or (c >= " " and c != "\x7f" and not "\ud800" <= c <= "\udfff" and c < "\ufffe")
                 else "?" for c in text.replace("\r\n", "\n"))


def state_of(group):
  if not group["known"]:
    return "new"
  return "still there, found again" if group["new"] else "still there"


def texts_of(group):
  """What is told of a kind of finding: story, program, and what the program that found it printed."""
  first = group["first"]
  return {name: clean(shortened(text_of(first.file(file)))) for name, file in
          (("story", "story.txt"), ("program", "program.c"), ("report", "report.log"), ("engine", "engine.log"))}


def figures(campaign):
  """The JSON of --json: what a program reads."""
  return {**{key: value for key, value in campaign.items() if key not in ("groups", "mended", "history")},
          "findings": [{key: value for key, value in group.items() if key != "first"} for group in campaign["groups"]],
          "mended": [{"target": f.target, "input": f.input(), "said": f.about.get("text", "")}
                     for f in campaign["mended"]]}


def summary(campaign):
  """The line that is kept for later campaigns."""
  return {"date": campaign["origin"]["date"], "commit": campaign["origin"]["commit"], "engine": campaign["engine"],
          "sanitizer": campaign["sanitizer"], "jobs": campaign["jobs"], "exit_code": campaign["exit_code"],
          "findings": len(campaign["groups"]), "mended": len(campaign["mended"]),
          "targets": [{key: result[key] for key in ("target", "seconds", "execs", "operations", "corpus", "coverage")}
                      for result in campaign["targets"]]}


def junit(campaign):
  """A case for each target, which fails if nothing can be said of it; one for each finding, and each that is mended."""
  suite = xml.Element("testsuite", name="ci/fuzz " + campaign["engine"], timestamp=campaign["origin"]["date"][:19])
  properties = xml.SubElement(suite, "properties")
  for name, value in (("commit", campaign["origin"]["commit"]), ("engine", campaign["engine"]),
                      ("sanitizer", campaign["sanitizer"]), *campaign["origin"]["tools"].items()):
    xml.SubElement(properties, "property", name=name, value=str(value))
  failures = errors = 0
  for result in campaign["targets"]:
    case = xml.SubElement(suite, "testcase", classname="fuzz", name=result["target"], time=str(result["seconds"]))
    xml.SubElement(case, "system-out").text = (
      f"{result['execs']} runs, {result['operations'] if result['operations'] is not None else 'unknown'} operations, "
      f"coverage {result['coverage']}, corpus {result['corpus']}")
    if "broken" in result:
      errors += 1
      xml.SubElement(case, "error", message="nothing can be said of it").text = clean(result["broken"])
  for group in campaign["groups"]:
    failures += 1
    case = xml.SubElement(suite, "testcase", classname="fuzz.findings", time="0",
                          name=clean(group["said"] + (f", {group['where']}" if group["where"] else "")))
    failure = xml.SubElement(case, "failure", type="finding", message=clean(group["text"]))
    texts = texts_of(group)
    failure.text = "\n".join(["To look at it: " + group["command"], "", texts["story"] or texts["report"]])
  for finding, why in campaign["unknown"]:
    errors += 1
    case = xml.SubElement(suite, "testcase", classname="fuzz.stored", name=finding, time="0")
    xml.SubElement(case, "error", message="not run again").text = clean(why)
  for finding in campaign["mended"]:
    xml.SubElement(suite, "testcase", classname="fuzz.mended", name=f"{finding.target}/{finding.name}", time="0")
  suite.set("tests", str(len(suite.findall("testcase"))))
  suite.set("failures", str(failures))
  suite.set("errors", str(errors))
  suite.set("time", str(round(campaign["seconds"], 1)))
  root = xml.Element("testsuites")
  root.append(suite)
  xml.indent(root)
  return xml.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def rule_id(group):
  """The same in every campaign for the same kind."""
  return "finding-" + hashlib.sha1(f"{group['said']}\n{group['where']}".encode()).hexdigest()[:12]


def sarif(campaign):
  """A rule and a result for each kind. Where no line of the allocator is to blame, the target's file is named."""
  rules, results = [], []
  for group in campaign["groups"]:
    texts = texts_of(group)
    told = f"{group['text']}\n\nTargets: {', '.join(group['targets'])}; {group['reproducible']}.\n" \
           f"To look at it: {group['command']}\n\n{texts['story'] or texts['report']}"
    rules.append({"id": rule_id(group), "name": "FuzzingFinding", "shortDescription": {"text": clean(group["said"])},
                  "fullDescription": {"text": clean(group["text"])}, "defaultConfiguration": {"level": "error"},
                  "help": {"text": "The section on reading a finding in fuzz/README.md says how to go on."}})
    results.append({
      "ruleId": rule_id(group), "ruleIndex": len(rules) - 1, "level": "error", "message": {"text": clean(told)},
      "baselineState": "unchanged" if group["known"] else "new",
      "partialFingerprints": {"kind/v1": rule_id(group)},
      "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": group["file"] or f"fuzz/targets/{group['targets'][0]}.c", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": group["line"] or 1}}}]})
  problems = [{"level": "error", "message": {"text": clean(f"{result['target']}: {result['broken']}")}}
              for result in campaign["targets"] if "broken" in result]
  problems += [{"level": "error", "message": {"text": clean(f"{name}: {why}")}} for name, why in campaign["unknown"]]
  run = {
    "tool": {"driver": {"name": "ci/fuzz", "informationUri": "https://llvm.org/docs/LibFuzzer.html"
                        if campaign["engine"] == "libfuzzer" else "https://aflplus.plus",
                        "version": next(iter(campaign["origin"]["tools"].values()), ""), "rules": rules}},
    "invocations": [{"executionSuccessful": campaign["exit_code"] in (0, 1), "exitCode": campaign["exit_code"],
                     "endTimeUtc": campaign["ended"].replace("+00:00", "Z"), "toolExecutionNotifications": problems}],
    "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "the root of the repository"}}},
    "columnKind": "utf16CodeUnits", "results": results}
  return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def write(campaign, folder, path_of_figures):
  """All but the page."""
  write_json(f"{folder}/figures.json", figures(campaign))
  write_whole(f"{folder}/junit.xml", junit(campaign))
  write_json(f"{folder}/findings.sarif", sarif(campaign))
  if path_of_figures:
    write_json(path_of_figures, figures(campaign))
