#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# Does prove.py notice? Seeds one defect at a time into a copy of the tree, in a function that is proved, and
# fails unless the function is then reported as not proved. As it is it must be proved, or this shows nothing.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# copy: a fresh copy of the tree in $work/tree.
copy() {
  rm -rf "$work/tree"
  mkdir "$work/tree"
  cp -rL "$root/include" "$root/src" "$root/proofs" "$work/tree/"
  chmod -R u+w "$work/tree"
}

# expect VERDICT TITLE SED: node_first of a copy that SED has edited must get the verdict.
expect() {
  copy
  # Only node_first: from its comment to its end.
  sed -i "/^\/\* The lowest slot from/,/^}/ { $3
}" "$work/tree/src/node.h"
  if [ -n "$3" ] && cmp -s "$root/src/node.h" "$work/tree/src/node.h"; then
    echo "FAIL: $2: the seed changes nothing"
    failures=$((failures + 1))
    return
  fi
  "$work/tree/proofs/prove.py" src/node.c node_first --timeout 2 >"$work/log" || true
  # A copy that Frama-C cannot even read shows nothing.
  if grep -q "^\[1/1\]  *src/node.c  *node_first .* s  $1\$" "$work/log" && ! grep -q "Frama-C failed" "$work/log"; then
    echo "ok: $2: $1"
  else
    echo "FAIL: $2: expected '$1':"
    cat "$work/log"
    failures=$((failures + 1))
  fi
}

expect "proved" "as it is" ""
expect "not proved" "wrong comparison" 's/b->tag\[r\] < least) {/b->tag[r] <= least) {/'
expect "not proved" "read beyond the array" 's/while (r < count/while (r <= count/'
expect "not proved" "a bound that is never tested" \
  's/b->count <= MEM_ALLOC_FAN_OUT;/b->count <= MEM_ALLOC_FAN_OUT + 1;/'
expect "not proved" "loop without a variant" '/loop variant/d'
expect "not proved" "loop without assigns" '/loop assigns/d'
expect "not proved" "contract without termination" '/terminates/d'
expect "not proved" "contradictory precondition" \
  's/requires from: from <= b->count;/requires from: from < 0;/'
expect "not proved" "branch that is never taken" 's/^  return r;/  if (count > MEM_ALLOC_FAN_OUT) { r = 0u; } return r;/'
expect "not proved" "admitted property" 's/^  return r;/  \/*@ admit r == 0; *\/ return r;/'
expect "not proved" "call of a function that is not claimed" \
  's/^\/\* The lowest/\/*@ terminates \\true; exits \\false; assigns \\nothing; *\/ uint32_t strange(uint32_t n);\n&/
   s/^  return r;/  return strange(0u) != 0u ? r : r;/'
expect "not proved" "call of a function without a contract" \
  's/^  return r;/  extern int unknown(void); return unknown() != 0 ? r : r;/'

# What memory holds outlasts a local object for a prover; that the object exists must be asked for.
copy
cat >"$work/tree/proofs/dead.c" <<'END'
#include "opae/mem_alloc_ext.h"
static struct mem_alloc space;
/*@ terminates \true; exits \false; assigns space, tree, storage_got, storage_owner;
    ensures ready: mem_alloc_ok_in(&space, tree); */
int dead_nodes(void)
{
  struct mem_alloc_node nodes[100];
  //@ ghost tree.held = (struct mem_alloc_node *)0;
  return mem_alloc_init_static(&space, nodes, 100);
}
/*@ terminates \true; exits \false; assigns tree, storage_got, storage_owner; */
int dead_object(void)
{
  struct mem_alloc *p;
  //@ ghost tree.held = (struct mem_alloc_node *)0;
  {
    struct mem_alloc m;
    mem_alloc_init(&m);
    p = &m;
  }
  return mem_alloc_put(p, 1);
}
END
"$work/tree/proofs/prove.py" proofs/dead.c dead_nodes dead_object --timeout 2 >"$work/log" || true
if grep -q "not proved: dead_nodes_ensures_ready" "$work/log" &&
   grep -q "not proved: dead_object_call_mem_alloc_put_requires_ready" "$work/log"; then
  echo "ok: an allocator or a storage that exists no more: not proved"
else
  echo "FAIL: an allocator or a storage that exists no more: not noticed:"
  cat "$work/log"
  failures=$((failures + 1))
fi

# A trusted contract cannot be proved: what contradicts itself there shows in the smoke tests after its calls.
copy
sed -i 's/^    ensures got: storage_got/    ensures never: 0 == 1;\n&/' "$work/tree/src/storage.h"
"$work/tree/proofs/prove.py" src/pool.c pool_move_storage --timeout 2 >"$work/log" || true
if grep -q "Smoke-test typed_storage_new_wp_smoke_dead_call" "$work/log"; then
  echo "ok: contradictory trusted contract: not proved"
else
  echo "FAIL: contradictory trusted contract: no smoke test noticed:"
  cat "$work/log"
  failures=$((failures + 1))
fi

echo "verify_test: $failures failures"
[ "$failures" -eq 0 ]
