# SPDX-License-Identifier: BSD-3-Clause
"""Tests built once for every fan-out of the tree."""

load("@rules_cc//cc:defs.bzl", "cc_test")

FAN_OUTS = [4, 16, 32, 48]

def fan_out_tests(name, srcs, deps = [], size = "small"):
    """A cmocka test for each fan-out: <name>_fan_out_<N>, and a suite <name> of them.

    Linked statically, and with malloc replaced by the test's own: see
    wrap_malloc.h.

    Args:
      name: name of the suite.
      srcs: source files.
      deps: libraries that do not depend on the fan-out.
      size: as for cc_test.
    """
    for fan_out in FAN_OUTS:
        cc_test(
            name = "%s_fan_out_%d" % (name, fan_out),
            size = size,
            srcs = srcs,
            copts = ["-std=c11"],
            linkstatic = True,
            deps = deps + [
                "//tests/unit:support_fan_out_%d" % fan_out,
            ],
        )
    native.test_suite(
        name = name,
        tests = [":%s_fan_out_%d" % (name, fan_out) for fan_out in FAN_OUTS],
    )
