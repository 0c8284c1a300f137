/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Prints a run as a C program that makes the same calls with the public
 * interface. The program needs nothing but the library: it brings its own
 * malloc, so that calls of it can fail and be counted.
 */

#include "fuzz/replayer/reproducer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/model/damage.h"
#include "tests/model/validity.h"

static const char includes[] =
  "#include <inttypes.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <stdlib.h>\n"
  "#include <string.h>\n#include <unistd.h>\n\n#include \"opae/mem_alloc.h\"\n#include \"opae/mem_alloc_ext.h\"\n\n"
  "#define UNWRITTEN UINT64_C(0xa5a5a5a5a5a5a5a5)\n\n";

static const char own_malloc[] =
  "/* The program's own malloc: hands out pieces of an array, never twice. */\n"
  "static _Alignas(16) unsigned char arena[(size_t)1 << 26];\n"
  "static size_t arena_used;\n"
  "static int watched;        /* a call of the allocator is under way */\n"
  "static unsigned fail_from; /* its calls of malloc fail from this one on, 0: none */\n"
  "static unsigned mallocs;   /* how many there were */\n"
  "static unsigned refused;   /* how many failed */\n"
  "static int live;           /* blocks the allocator has not freed */\n"
  "\n"
  "void *malloc(size_t size)\n"
  "{\n"
  "  if (watched) {\n"
  "    mallocs += 1;\n"
  "    if ((fail_from != 0 && mallocs >= fail_from) || size > MALLOC_LIMIT) {\n"
  "      refused += 1;\n"
  "      return NULL;\n"
  "    }\n"
  "    live += 1;\n"
  "  }\n"
  "  const size_t needed = 16 + (size + 15) / 16 * 16; /* the size is kept in front, for realloc */\n"
  "  if (size > sizeof arena || sizeof arena - arena_used < needed) {\n"
  "    return NULL;\n"
  "  }\n"
  "  unsigned char *const block = arena + arena_used + 16;\n"
  "  memcpy(block - 16, &size, sizeof size);\n"
  "  arena_used += needed;\n"
  "  return memset(block, 0xa5, size);\n"
  "}\n"
  "\n"
  "void free(void *block)\n"
  "{\n"
  "  live -= watched && block != NULL;\n"
  "}\n"
  "\n"
  "void *calloc(size_t count, size_t size)\n"
  "{\n"
  "  void *const block = malloc(count * size);\n"
  "  return block == NULL ? NULL : memset(block, 0, count * size);\n"
  "}\n"
  "\n"
  "void *realloc(void *old, size_t size)\n"
  "{\n"
  "  void *const block = malloc(size);\n"
  "  if (block != NULL && old != NULL) {\n"
  "    size_t old_size = 0;\n"
  "    memcpy(&old_size, (unsigned char *)old - 16, sizeof old_size);\n"
  "    memcpy(block, old, old_size < size ? old_size : size);\n"
  "  }\n"
  "  return block;\n"
  "}\n"
  "\n";

static const char checks[] =
  "static const char *const names[] = {\n"
  "  \"OK\", \"INVALID\", \"OVERLAP\", \"NO_SPACE\", \"NOT_FOUND\", \"CONFLICT\", \"NO_MEMORY\"\n"
  "};\n"
  "static struct mem_alloc m[ALLOCATORS];\n"
  "static const char *last_call;\n"
  "static int status;\n"
  "static uint64_t address;\n"
  "\n"
  "static void fail(int line, const char *what, const char *is, const char *expected)\n"
  "{\n"
  "  printf(\"line %d: %s: %s %s, expected %s\\n\", line, last_call, what, is, expected);\n"
  "  exit(1);\n"
  "}\n"
  "\n"
  "static void fail_number(int line, const char *what, uint64_t is, uint64_t expected)\n"
  "{\n"
  "  char left[20];\n"
  "  char right[20];\n"
  "  snprintf(left, sizeof left, \"0x%\" PRIx64, is);\n"
  "  snprintf(right, sizeof right, \"0x%\" PRIx64, expected);\n"
  "  fail(line, what, left, right);\n"
  "}\n"
  "\n"
  "static void begin(const char *call, unsigned failing)\n"
  "{\n"
  "  last_call = call;\n"
  "  address = UNWRITTEN;\n"
  "  mallocs = 0;\n"
  "  refused = 0;\n"
  "  fail_from = failing;\n"
  "  watched = 1;\n"
  "}\n"
  "\n"
  "/* A call, with malloc failing from its k-th call on (0: never). */\n"
  "#define TRY(k, call) (begin(#call, k), status = (call), watched = 0)\n"
  "#define RUN(call) (begin(#call, 1), (call), watched = 0)\n"
  "\n"
  "static void expect_at(int line, int expected_status, uint64_t expected_address)\n"
  "{\n"
  "  if (status != expected_status) {\n"
  "    fail(line, \"status\", (unsigned)status < 7 ? names[status] : \"unknown\", names[expected_status]);\n"
  "  }\n"
  "  if (address != expected_address) {\n"
  "    fail_number(line, \"address\", address, expected_address);\n"
  "  }\n"
  "}\n"
  "\n"
  "#define EXPECT(status_, address_) expect_at(__LINE__, status_, address_)\n"
  "\n"
  "static void expect_no_malloc(int line)\n"
  "{\n"
  "  if (mallocs != 0) {\n"
  "    fail_number(line, \"calls of malloc\", mallocs, 0);\n"
  "  }\n"
  "}\n"
  "\n"
  "struct run {\n"
  "  uint64_t first;\n"
  "  uint64_t last;\n"
  "  uint32_t state;\n"
  "};\n"
  "\n"
  "static uint64_t add(uint64_t sum, uint64_t span)\n"
  "{\n"
  "  return span >= UINT64_MAX - sum ? UINT64_MAX : sum + span + 1;\n"
  "}\n"
  "\n"
  "/* The run after this address must be runs[0], if there is one. */\n"
  "static void expect_run(int line, struct mem_alloc *allocator, uint64_t after, const struct run *runs, size_t count)\n"
  "{\n"
  "  struct mem_link link = { .last = after };\n"
  "  const int found = mem_alloc_next_run(allocator, &link);\n"
  "  if (found != (count > 0 ? MEM_ALLOC_OK : MEM_ALLOC_NOT_FOUND)) {\n"
  "    fail(line, \"next_run\", (unsigned)found < 7 ? names[found] : \"unknown\", count > 0 ? \"OK\" : \"NOT_FOUND\");\n"
  "  }\n"
  "  if (count > 0 && (link.address != runs->first || link.last != runs->last || link.state != runs->state\n"
  "                    || link.size != runs->last - runs->first + 1)) {\n"
  "    printf(\"state %\" PRIu32 \", expected state %\" PRIu32 \"; \", link.state, runs->state);\n"
  "    fail_number(line, \"run from\", link.address, runs->first);\n"
  "  }\n"
  "}\n"
  "\n"
  "static void expect_sums(int line, struct mem_alloc *allocator, const struct run *runs, size_t count)\n"
  "{\n"
  "  struct mem_alloc_statistics is;\n"
  "  uint64_t sums[5] = { 0 };\n"
  "  for (size_t i = 0; i < count; i++) {\n"
  "    const uint64_t span = runs[i].last - runs[i].first;\n"
  "    const int allocated = runs[i].state == MEM_ALLOC_ALLOCATED;\n"
  "    sums[allocated] += 1;\n"
  "    sums[2 + allocated] = add(sums[2 + allocated], span);\n"
  "    sums[4] = !allocated && add(0, span) > sums[4] ? add(0, span) : sums[4];\n"
  "  }\n"
  "  mem_alloc_get_statistics(allocator, &is);\n"
  "  const uint64_t found[5] = {\n"
  "    is.free_runs, is.allocated_runs, is.free_addresses, is.allocated_addresses, is.largest_free\n"
  "  };\n"
  "  for (size_t i = 0; i < 5; i++) {\n"
  "    if (found[i] != sums[i]) {\n"
  "      fail_number(line, \"statistics\", found[i], sums[i]);\n"
  "    }\n"
  "  }\n"
  "}\n"
  "\n"
  "/* Is the allocator sound, and does it hold these runs? */\n"
  "static void expect_runs(int line, struct mem_alloc *allocator, const struct run *runs, size_t count)\n"
  "{\n"
  "  struct mem_link link;\n"
  "  const int none = mem_alloc_first_run(allocator, &link) != MEM_ALLOC_OK;\n"
  "  if (!mem_alloc_is_valid(allocator)) {\n"
  "    fail(line, \"mem_alloc_is_valid\", \"false\", \"true\");\n"
  "  }\n"
  "  if (none != (count == 0)) {\n"
  "    fail(line, \"first_run\", none ? \"none\" : \"a run\", none ? \"a run\" : \"none\");\n"
  "  }\n"
  "  if (count > 0 && link.address != runs[0].first) {\n"
  "    fail_number(line, \"first run from\", link.address, runs[0].first);\n"
  "  }\n"
  "  for (size_t i = 0; i < count; i++) {\n"
  "    if (runs[i].first > 0) {\n"
  "      expect_run(line, allocator, runs[i].first - 1, runs + i, count - i);\n"
  "    }\n"
  "    expect_run(line, allocator, runs[i].first, runs + i + 1, count - i - 1);\n"
  "    expect_run(line, allocator, runs[i].last, runs + i + 1, count - i - 1);\n"
  "  }\n"
  "  expect_sums(line, allocator, runs, count);\n"
  "}\n"
  "\n"
  "static void end(void)\n"
  "{\n"
  "  for (size_t i = 0; i < ALLOCATORS; i++) {\n"
  "    RUN(mem_alloc_destroy(&m[i]));\n"
  "    expect_no_malloc(__LINE__);\n"
  "    expect_runs(__LINE__, &m[i], NULL, 0);\n"
  "  }\n"
  "  if (live != 0) {\n"
  "    fail_number(__LINE__, \"blocks never freed\", (uint64_t)live, 0);\n"
  "  }\n"
  "}\n"
  "\n";

static void print_head(const struct outcome *outcome)
{
  const struct record *const record = harness_record;
  printf("// Makes the calls of one input of the fuzz target %s, and checks every answer.\n", fuzz_profile.name);
  printf("// What the target said of it: %s\n", outcome->fine ? "all as expected" : outcome->text);
  printf("//\n// Compile it with the fan-out of the target:\n");
  printf("//   cc -DMEM_ALLOC_FAN_OUT=%" PRIu32 " -Iinclude THIS_FILE.c src/*.c\n", record->fan_out);
  printf("// Exit code 0: every answer was right; 1: one was not, it is printed.\n\n%s", includes);
  printf("#define TARGET_FAN_OUT %" PRIu32 "\n#define ALLOCATORS %" PRIu32 "\n#define MALLOC_LIMIT ((size_t)%zu)\n\n",
         record->fan_out, record->allocators, harness_malloc_limit());
  printf("%s%s", own_malloc, checks);
}

static const char *state_name(uint32_t state)
{
  return state == MEM_ALLOC_FREE ? "MEM_ALLOC_FREE" : "MEM_ALLOC_ALLOCATED";
}

static void print_runs(const char *indent, uint32_t allocator, const struct model *model)
{
  if (model->count == 0) {
    printf("%sexpect_runs(__LINE__, &m[%" PRIu32 "], NULL, 0);\n", indent, allocator);
    return;
  }
  printf("%s{\n%s  static const struct run runs[] = {\n", indent, indent);
  for (size_t i = 0; i < model->count; i++) {
    const struct model_run *const one = &model->runs[i];
    printf("%s    { UINT64_C(0x%" PRIx64 "), UINT64_C(0x%" PRIx64 "), %s },\n", indent, one->first, one->last,
           state_name(one->state));
  }
  printf("%s  };\n%s  expect_runs(__LINE__, &m[%" PRIu32 "], runs, %zu);\n%s}\n", indent, indent, allocator,
         model->count, indent);
}

/* The C text of a call that has a status. */
static void call_to_c(const struct call *call, char *text, size_t size)
{
  const uint64_t first = call->first;
  const uint64_t second = call->second;
  switch (call->function) {
  case ADD_FREE:
    (void)snprintf(text, size, "mem_alloc_add_free(&m[%" PRIu32 "], UINT64_C(0x%" PRIx64 "), UINT64_C(0x%" PRIx64 "))",
                   call->target, first, second);
    break;
  case GET:
    (void)snprintf(text, size, "mem_alloc_get(&m[%" PRIu32 "], &address, UINT64_C(0x%" PRIx64 "))", call->target,
                   first);
    break;
  case GET_ALIGNED:
    (void)snprintf(text, size, "mem_alloc_get_aligned(&m[%" PRIu32 "], &address, UINT64_C(0x%" PRIx64 "), "
                   "UINT64_C(0x%" PRIx64 "))", call->target, first, second);
    break;
  case PUT:
    (void)snprintf(text, size, "mem_alloc_put(&m[%" PRIu32 "], UINT64_C(0x%" PRIx64 "))", call->target, first);
    break;
  case APPLY_CONSTRAINT:
    (void)snprintf(text, size, "mem_alloc_apply_constraint(&m[%" PRIu32 "], &m[%" PRIu32 "])", call->target,
                   call->other);
    break;
  case RESERVE:
    (void)snprintf(text, size, "mem_alloc_reserve(&m[%" PRIu32 "], UINT64_C(0x%" PRIx64 "))", call->target, first);
    break;
  case RESTART:
  case NULL_ARGUMENTS:
  case DAMAGE:
    text[0] = '\0';
    break;
  }
}

static void print_init(uint32_t allocator, bool zeros)
{
  const uint32_t nodes = harness_record->nodes[allocator];
  const bool by_zeros = zeros && nodes == 0;
  printf("  memset(&m[%" PRIu32 "], %s, sizeof m[0]);\n", allocator, by_zeros ? "0" : "0xa5");
  if (nodes > 0) {
    printf("  memset(storage_%" PRIu32 ", 0xa5, sizeof storage_%" PRIu32 ");\n", allocator, allocator);
    printf("  TRY(1, mem_alloc_init_static(&m[%" PRIu32 "], storage_%" PRIu32 ", %" PRIu32 "));\n", allocator,
           allocator, nodes);
    printf("  EXPECT(MEM_ALLOC_OK, UNWRITTEN);\n  expect_no_malloc(__LINE__);\n");
  } else if (!by_zeros) {
    printf("  RUN(mem_alloc_init(&m[%" PRIu32 "]));\n  expect_no_malloc(__LINE__);\n", allocator);
  }
}

static void print_restart(const struct call *call)
{
  for (uint64_t i = 0; i <= (call->first & 1); i++) {
    printf("  RUN(mem_alloc_destroy(&m[%" PRIu32 "]));\n  expect_no_malloc(__LINE__);\n", call->target);
  }
  printf("  expect_runs(__LINE__, &m[%" PRIu32 "], NULL, 0);\n", call->target);
  print_init(call->target, (call->first & 2) != 0);
}

static void print_null_arguments(uint32_t m)
{
  static const char *const calls[] = {
    "add_free(NULL, 0, 1)", "get(NULL, &address, 1)", "get(&m[%u], NULL, 1)", "get_aligned(NULL, &address, 1, 1)",
    "get_aligned(&m[%u], NULL, 1, 1)", "put(NULL, 0)", "apply_constraint(NULL, &m[%u])",
    "apply_constraint(&m[%u], NULL)", "reserve(NULL, 1)", "init_static(&m[%u], NULL, 1)", "first_run(&m[%u], NULL)",
    "next_run(&m[%u], NULL)", "get_statistics(&m[%u], NULL)",
  };
  printf("  RUN(mem_alloc_init(NULL));\n  RUN(mem_alloc_destroy(NULL));\n");
  for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
    const char *const hole = strstr(calls[i], "%u");
    if (hole == NULL) {
      printf("  TRY(0, mem_alloc_%s);\n", calls[i]);
    } else {
      printf("  TRY(0, mem_alloc_%.*s%" PRIu32 "%s);\n", (int)(hole - calls[i]), calls[i], m, hole + 2);
    }
    printf("  EXPECT(MEM_ALLOC_INVALID, UNWRITTEN);\n");
  }
}

static const char damaging[] =
  "/* A copy of an allocator with storage of its own, to be damaged. */\n"
  "static struct mem_alloc damaged;\n"
  "\n"
  "static void copy(const struct mem_alloc *allocator)\n"
  "{\n"
  "  const size_t size = allocator->capacity * sizeof *allocator->nodes;\n"
  "  damaged = *allocator;\n"
  "  if (allocator->nodes != NULL) {\n"
  "    damaged.nodes = malloc(size);\n"
  "    memcpy(damaged.nodes, allocator->nodes, size);\n"
  "  }\n"
  "}\n"
  "\n"
  "#define DAMAGE(field, value) ((field) = (__typeof__(field))(value))\n"
  "\n"
  "/* OK stands for valid, INVALID for not; why: what is wrong with it. */\n"
  "static void expect_valid(int line, int expected, const char *why)\n"
  "{\n"
  "  begin(why, 1);\n"
  "  status = mem_alloc_is_valid(&damaged) ? MEM_ALLOC_OK : MEM_ALLOC_INVALID;\n"
  "  watched = 0;\n"
  "  expect_at(line, expected, UNWRITTEN);\n"
  "}\n"
  "\n";

static void print_damage(const struct call *call)
{
  char name[DAMAGE_NAME_MAX];
  damage_name((size_t)call->first, name);
  if (call->other == 0) {
    printf("  copy(&m[%" PRIu32 "]);\n", call->target);
  }
  printf("  DAMAGE(damaged.%s, UINT64_C(0x%" PRIx64 "));\n", name, call->second);
  printf("  expect_valid(__LINE__, %s, \"%s\");\n",
         call->address == VALIDITY_SOUND ? "MEM_ALLOC_OK" : "MEM_ALLOC_INVALID",
         validity_name((enum validity)call->address));
}

static bool starts_with(const char *text, const char *start)
{
  return strncmp(text, start, strlen(start)) == 0;
}

/* With a failing malloc a call may say NO_MEMORY, must change nothing then, and must succeed without the failure. */
static void print_second_try(const struct call *call, const char *text, const struct expectation *before, bool last)
{
  printf("  if (status == MEM_ALLOC_NO_MEMORY && refused > 0) {\n");
  if (last) {
    print_runs("    ", call->target, &before->models[call->target]);
  }
  printf("    TRY(0, %s);\n  }\n", text);
}

static const char *const status_names[] = {
  "MEM_ALLOC_OK", "MEM_ALLOC_INVALID", "MEM_ALLOC_OVERLAP", "MEM_ALLOC_NO_SPACE", "MEM_ALLOC_NOT_FOUND",
  "MEM_ALLOC_CONFLICT", "MEM_ALLOC_NO_MEMORY"
};

static void print_call(const struct outcome *outcome, const struct call *call, struct expectation *expectation,
                       bool last)
{
  char text[160];
  struct expectation before = { .models = { { .runs = NULL } } };
  uint64_t address = UNWRITTEN;
  model_copy(&before.models[call->target], &expectation->models[call->target]);
  const int expected = expected_answer(expectation, call, &address);
  /* A NO_MEMORY that is wrong as such must not be tried again. */
  const bool once = call->function == PUT || (last && starts_with(outcome->kind, "NO_MEMORY, expected"));
  call_to_c(call, text, sizeof text);
  if (call->function == RESTART) {
    print_restart(call);
  } else if (call->function == NULL_ARGUMENTS) {
    print_null_arguments(call->target);
  } else if (call->function == DAMAGE) {
    print_damage(call);
  } else {
    printf("  TRY(%" PRIu32 ", %s);\n", call->fail_from, text);
    if (last && starts_with(outcome->kind, "malloc was called")) {
      printf("  expect_no_malloc(__LINE__);\n");
    }
    if (call->fail_from != 0 && !once && expected != MEM_ALLOC_NO_MEMORY) {
      print_second_try(call, text, &before, last);
    }
    /* What a reserve says depends on the fan-out, and the models know no storage. */
    if (call->function != RESERVE || last) {
      printf("  EXPECT(%s, UINT64_C(0x%" PRIx64 "));\n", status_names[expected], address);
    }
  }
  expectation_destroy(&before);
}

/* After the last call: what all allocators hold. */
static void print_end(const struct expectation *expectation)
{
  for (uint32_t i = 0; i < harness_record->allocators; i++) {
    print_runs("  ", i, &expectation->models[i]);
  }
  printf("  end();\n  printf(\"all answers are right\\n\");\n  return 0;\n}\n");
}

static bool has_damage(const struct record *record)
{
  bool found = false;
  for (uint32_t i = 0; i < record->call_count; i++) {
    found = found || record->calls[i].function == DAMAGE;
  }
  return found;
}

void reproducer_print(const struct outcome *outcome)
{
  const struct record *const record = harness_record;
  struct expectation expectation = { .models = { { .runs = NULL } } };
  print_head(outcome);
  if (has_damage(record)) {
    printf("%s", damaging);
  }
  for (uint32_t i = 0; i < record->allocators; i++) {
    if (record->nodes[i] > 0) {
      printf("static struct mem_alloc_node storage_%" PRIu32 "[%" PRIu32 "];\n\n", i, record->nodes[i]);
    }
  }
  printf("int main(void)\n{\n  alarm(20); /* if it hangs */\n");
  printf("  if (MEM_ALLOC_FAN_OUT != TARGET_FAN_OUT) {\n    printf(\"note: compiled with fan-out %%d, the finding is "
         "one of fan-out %%d\\n\", (int)MEM_ALLOC_FAN_OUT,\n           TARGET_FAN_OUT);\n  }\n");
  for (uint32_t i = 0; i < record->allocators; i++) {
    print_init(i, record->zero_filled);
  }
  for (uint32_t i = 0; i < record->call_count; i++) {
    print_call(outcome, &record->calls[i], &expectation, i + 1 == record->call_count);
  }
  print_end(&expectation);
  expectation_destroy(&expectation);
}
