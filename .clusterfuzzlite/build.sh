#!/bin/bash -eu
# SPDX-License-Identifier: BSD-3-Clause
#
# Builds all fuzzing targets for a fuzzing service, ClusterFuzzLite or OSS-Fuzz, into $OUT: the programs, their
# seed corpora, dictionaries and limits. The service sets CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE, OUT and
# SRC. It is the only such script: OSS-Fuzz keeps a build.sh of its own, and ours there only calls this one, so
# that what is built can change here without a change there.
root=$SRC/mem_alloc # where the Dockerfiles of both put this project

"$root/fuzz/build.sh" --engine system "$OUT"

for target in $("$root/fuzz/build.sh" --list); do
  dictionary=$root/fuzz/targets/$target.dict
  [ -f "$dictionary" ] || dictionary=$root/fuzz/targets/mem_alloc.dict
  cp "$dictionary" "$OUT/$target.dict"
  cp "$root/fuzz/targets/targets.options" "$OUT/$target.options"
  rm -f "$OUT/${target}_seed_corpus.zip"
  zip -q -j -r "$OUT/${target}_seed_corpus.zip" "$root/fuzz/corpus/$target"
done
