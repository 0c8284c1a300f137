# SPDX-License-Identifier: BSD-3-Clause
"""Fuzzing targets, under the names that rules_fuzzing gives them."""

load("@rules_shell//shell:sh_test.bzl", "sh_test")

# The targets of sources.txt; the build fails if build.sh does not make one of them.
FUZZ_TARGETS = [
    "constraints_fuzz",
    "damaged_storage_fuzz",
    "differential_fuzz",
    "long_lived_fuzz",
    "malloc_failures_fuzz",
    "many_nodes_fuzz",
    "operations_fuzz",
    "static_storage_fuzz",
]

def mem_alloc_fuzz_programs(targets):
    """The programs of all targets: //fuzz:NAME and //fuzz:NAME_replay. They share most of what is compiled.

    Bazel's own rules use the compiler of the whole build; fuzzers need clang. So build.sh builds them.

    Args:
      targets: all names in sources.txt.
    """
    for kind, engine, made, suffix, tags in [
        ("fuzzers", "libfuzzer", "", "_fuzzer", ["manual"]),
        ("replays", "replay", "_replay", "_replay", []),
    ]:
        native.genrule(
            name = kind,
            srcs = [":build_inputs"],
            outs = [target + suffix for target in targets],
            cmd = ("$(execpath build.sh) --engine %s $(RULEDIR)/%s.new && " % (engine, kind) +
                   "for target in %s; do mv $(RULEDIR)/%s.new/$${target}%s $(RULEDIR)/$${target}%s; done" %
                   (" ".join(targets), kind, made, suffix)),
            tags = tags,
            tools = ["build.sh"],
        )

def mem_alloc_fuzz_test(name):
    """What belongs to one target of mem_alloc_fuzz_programs.

      NAME          the regression test: the committed inputs, with no engine and no sanitizer
      NAME_run      a campaign (bazel run //fuzz:NAME_run -- --seconds=10; the options of ci/fuzz)
      NAME_corpus   its committed inputs
      NAME_dict     its dictionary
      NAME_oss_fuzz what OSS-Fuzz runs, as an archive: fuzzer, inputs, dictionary, limits
      NAME_fuzzer   the fuzzer: libFuzzer, AddressSanitizer, UndefinedBehaviorSanitizer
      NAME_replay   the plain program that runs files

    Args:
      name: the target's name in sources.txt.
    """
    native.filegroup(
        name = name + "_corpus",
        srcs = native.glob(["corpus/%s/*" % name]),
        visibility = ["//visibility:public"],
    )
    native.filegroup(
        name = name + "_dict",
        srcs = native.glob(["targets/%s.dict" % name], allow_empty = True) or ["targets/mem_alloc.dict"],
        visibility = ["//visibility:public"],
    )

    # A campaign keeps its corpus, and so it runs in the source tree, not in Bazel's copy of it.
    native.genrule(
        name = name + "_run",
        outs = [name + "_run.sh"],
        cmd = ("printf '#!/bin/sh\\nexec \"$${BUILD_WORKSPACE_DIRECTORY:?use bazel run}/ci/fuzz\" " +
               "--target %s \"$$@\"\\n' >$@" % name),
        executable = True,
        tags = ["manual"],
    )

    native.genrule(
        name = name + "_oss_fuzz",
        srcs = [
            name + "_fuzzer",
            ":%s_corpus" % name,
            ":%s_dict" % name,
            "targets/targets.options",
        ],
        outs = [name + "_oss_fuzz.tar"],
        cmd = ("work=$$(mktemp -d) && mkdir $$work/%s_seed_corpus && " % name +
               "cp -L $(execpath %s_fuzzer) $$work/%s && " % (name, name) +
               "cp -L $(execpaths :%s_corpus) $$work/%s_seed_corpus && " % (name, name) +
               "cp -L $(execpath :%s_dict) $$work/%s.dict && " % (name, name) +
               "cp -L $(execpath targets/targets.options) $$work/%s.options && " % name +
               "tar -cf $@ -C $$work . && rm -rf $$work"),
        tags = ["manual"],
    )

    # The program is the test: it fails for a finding, and if there was nothing to run.
    sh_test(
        name = name,
        size = "small",
        srcs = [name + "_replay"],
        args = ["fuzz/corpus/" + name],
        data = [":%s_corpus" % name],
        tags = ["fuzz-test"],
    )
