# SPDX-License-Identifier: BSD-3-Clause
"""The library, once for every fan-out of its tree."""

load("@rules_cc//cc:defs.bzl", "cc_library")

def mem_alloc_library(name, fan_out = None, **kwargs):
    """The static library, for one fan-out.

    Args:
      name: name of the target.
      fan_out: entries of a node; None: what mem_alloc_ext.h says. Handed on to
        everything that depends on the target, because both must agree.
      **kwargs: handed to cc_library.
    """
    cc_library(
        name = name,
        srcs = native.glob(["src/*.c", "src/*.h"]),
        hdrs = native.glob(["include/opae/*.h"]),
        copts = ["-std=c11"],
        defines = ["MEM_ALLOC_FAN_OUT=%d" % fan_out] if fan_out else [],
        includes = ["include"],
        linkstatic = True,
        deps = ["//proofs:annotations"],
        **kwargs
    )
