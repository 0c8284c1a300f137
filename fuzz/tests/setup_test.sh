#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
#
# setup_test.sh: ci/setup with a package manager that only writes down what it is asked for. It must take what a
# set needs and no more, remove nothing, wait for others, and install nothing with --dry-run.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
setup=$(dirname "$(dirname "$here")")/ci/setup
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
printf 'ID=debian\nVERSION_ID="12"\n' >"$work/debian"
printf 'ID=ubuntu\nVERSION_ID="24.04"\n' >"$work/other"

# dpkg-query knows the packages in $work/installed; apt-get writes down its arguments, and installs.
cat >"$work/bin/dpkg-query" <<'PROGRAM'
#!/bin/bash
work=$(dirname "$(dirname "$0")")
package=${*: -1}
grep -qxF -- "$package" "$work/installed" || exit 1
case $* in
  *Version*)
    version=$(grep -oE "^$(printf %s "$package" | sed 's/[+]/[+]/g')=[^ ]+" "$work/versions")
    printf %s "${version#*=}"
    ;;
  *) printf installed ;;
esac
PROGRAM
cat >"$work/bin/apt-get" <<'PROGRAM'
#!/bin/bash
work=$(dirname "$(dirname "$0")")
echo "$*" >>"$work/asked"
[ ! -e "$work/refuse" ] || exit 100
for word in "$@"; do
  case $word in
    -* | install | update | DPkg*) ;;
    *) echo "$word" >>"$work/installed" ;;
  esac
done
PROGRAM
printf '#!/bin/sh\nexec "$@"\n' >"$work/bin/sudo"
chmod +x "$work/bin"/*
sed -n 's/^\([a-z0-9+-]*=[^ ]*\) .*/\1-1/p' "$setup" >"$work/versions"
[ -s "$work/versions" ] || { echo "FAIL: no versions in ci/setup" >&2; exit 1; }

fail() {
  echo "FAIL: $1" >&2
  cat "$work/out" "$work/asked" >&2
  exit 1
}

# run CODE ARGUMENTS...: on a machine with nothing but what "installed" has.
run() {
  local code=0
  : >"$work/asked"
  PATH="$work/bin:$PATH" OS_RELEASE="${system:-$work/debian}" "$setup" "${@:2}" >"$work/out" 2>&1 || code=$?
  [ "$code" = "$1" ] || fail "ci/setup ${*:2}: exit code $code, not $1"
}

bare() {
  : >"$work/installed"
}

bare
run 0 fuzz
grep -q 'install .*clang-19' "$work/asked" || fail "fuzz: no clang"
! grep -Eq 'bazel|frama-c|qemu|arm-linux|chromium|benchmark' "$work/asked" || fail "fuzz: more than it needs"
! grep install "$work/asked" | grep -v -- --no-remove || fail "packages may be removed"
! grep -v 'DPkg::Lock::Timeout=[1-9]' "$work/asked" || fail "does not wait for others"
run 0 fuzz
[ ! -s "$work/asked" ] || fail "installs what is there"

bare
run 0 --dry-run cross
[ ! -s "$work/asked" ] || fail "--dry-run asks the package manager"
grep -q 'would install.* qemu-user' "$work/out" || fail "--dry-run does not say what"
! grep -q clang "$work/out" || fail "cross: more than it needs"

bare
run 0
for package in bazel-bootstrap frama-c-base afl++ qemu-user libbenchmark-dev chromium; do
  grep -q "install .* $package" "$work/asked" || fail "without a set: no $package"
done
cp "$work/installed" "$work/all"
bare
run 0 build cross fuzz
! grep -q frama-c "$work/asked" || fail "three sets: more than they need"

# Everything is in a set, and the set of all tests has everything.
bare
run 0 test
[ "$(sort -u "$work/installed")" = "$(sort -u "$work/all")" ] || fail "ci/test does not have everything"

bare
touch "$work/refuse"
run 1 fuzz
grep -q 'could not install' "$work/out" || fail "does not say that nothing was installed"
rm "$work/refuse"
run 0 fuzz
sed -i 's/^afl++=.*/afl++=5.0-1/' "$work/versions"
run 1 fuzz
grep -q 'afl++ is 5.0-1' "$work/out" || fail "a wrong version is not noticed"
run 0 cross
run 2 no_such_set
run 2 --no-such-option
system=$work/other run 1 fuzz
[ ! -s "$work/asked" ] || fail "installs on another system"
echo "ci/setup: PASS"
