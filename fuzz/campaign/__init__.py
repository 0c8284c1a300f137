# SPDX-License-Identifier: BSD-3-Clause
"""Fuzzing campaigns: what ci/fuzz does. README.md of fuzz says how to use it; here is how it is made.

common    where things are in the tree; files that are whole or not there
folder    the folder of a campaign: its lock, what must hold before anything starts, the figures of earlier ones
programs  how programs are built, and run for one input
engines   libFuzzer and AFL++: start, watch, end, and tell a good end from a bad one
kinds     what went wrong, from what a program printed: the same for two inputs that fail alike
findings  what was found: kept, run again, mended, grouped, minimised
origin    commit, date, versions of the tools
reports   figures, JUnit XML, SARIF
page      the page of a campaign
measure   speed on the committed corpus
command   options, the order of things, the verdict
"""
