# SPDX-License-Identifier: BSD-3-Clause
"""Fuzzing targets, under the names that rules_fuzzing gives them."""

load("@rules_shell//shell:sh_test.bzl", "sh_test")

def mem_alloc_fuzz_test(name):
    """Everything that belongs to one target of sources.txt.

    Bazel's own rules use the compiler of the whole build; fuzzers need clang. So build.sh builds them.

      NAME          the fuzzer: libFuzzer, AddressSanitizer, UndefinedBehaviorSanitizer (bazel run //fuzz:NAME)
      NAME_run      a campaign (bazel run //fuzz:NAME_run -- --seconds=10; the options of ci/fuzz)
      NAME_corpus   its committed inputs
      NAME_dict     its dictionary
      NAME_replay   the plain program that runs files, with no engine and no sanitizer
      NAME_replay_test  the committed inputs through it

    Args:
      name: the target's name in sources.txt.
    """
    native.filegroup(
        name = name + "_corpus",
        srcs = native.glob(["corpus/%s/*" % name], exclude = ["**/.*"]),
        visibility = ["//visibility:public"],
    )
    native.filegroup(
        name = name + "_dict",
        srcs = native.glob([name + ".dict"], allow_empty = True) or ["mem_alloc.dict"],
        visibility = ["//visibility:public"],
    )
    native.genrule(
        name = name,
        srcs = [":build_inputs"],
        outs = ["bin/" + name],
        cmd = "$(execpath build.sh) --engine libfuzzer --target %s $$(dirname $@)" % name,
        executable = True,
        tags = ["manual"],
        tools = ["build.sh"],
    )
    native.genrule(
        name = name + "_replay",
        srcs = [":build_inputs"],
        outs = ["bin/%s_replay" % name],
        cmd = "$(execpath build.sh) --engine replay --target %s $$(dirname $@)" % name,
        executable = True,
        tools = ["build.sh"],
    )

    # A campaign keeps its corpus, and so it runs in the source tree, not in Bazel's copy of it.
    native.genrule(
        name = name + "_run",
        outs = ["bin/%s_run" % name],
        cmd = ("printf '#!/bin/sh\\nexec \"$${BUILD_WORKSPACE_DIRECTORY:?use bazel run}/ci/fuzz\" " +
               "--target %s \"$$@\"\\n' >$@" % name),
        executable = True,
        tags = ["manual"],
    )
    # The program is the test: it fails for a finding, and if there was nothing to run.
    sh_test(
        name = name + "_replay_test",
        size = "small",
        srcs = [":%s_replay" % name],
        args = ["fuzz/corpus/" + name],
        data = [":%s_corpus" % name],
    )
