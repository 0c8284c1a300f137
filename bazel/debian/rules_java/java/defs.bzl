# SPDX-License-Identifier: BSD-3-Clause
"""The Java rules that are built into Bazel 4: its own toolchain packages load them, we build no Java."""

java_binary = native.java_binary
java_import = native.java_import
java_library = native.java_library
java_plugin = native.java_plugin
java_runtime = native.java_runtime
java_toolchain = native.java_toolchain
