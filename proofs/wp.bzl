# SPDX-License-Identifier: BSD-3-Clause
"""Proofs as Bazel tests."""

load("@rules_shell//shell:sh_test.bzl", "sh_test")

def wp_proof(file, shards = 1, long = False):
    """A test that proves every function of one file that claimed.txt claims.

    Args:
      file: a .c file of src, as claimed.txt names it.
      shards: how many parts can run at the same time.
      long: whether ci/test leaves it to ci/verify.
    """
    sh_test(
        name = "prove_" + file.split("/")[-1].split(".")[0],
        timeout = "eternal",
        srcs = ["prove.py"],
        args = [
            "--claimed",
            file,
        ],
        data = [
            # Not the other .c files: a change of one does not prove another one again.
            ":prover_headers",
            file[len("proofs/"):] if file.startswith("proofs/") else "//:" + file,
        ],
        shard_count = shards,
        tags = ["proof"] + (["long_proof"] if long else []),
    )
