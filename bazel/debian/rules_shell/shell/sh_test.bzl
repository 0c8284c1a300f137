# SPDX-License-Identifier: BSD-3-Clause
"""The shell test rule that is built into Bazel 4, under the name of rules_shell."""

sh_test = native.sh_test
