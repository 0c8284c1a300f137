/* SPDX-License-Identifier: BSD-3-Clause */

/*
 * Prints a run as a C program that makes the same calls. It needs nothing but
 * the library, and checks what the harness checks: the text of checks.h and
 * of the reference of validity is part of it.
 */

#include "fuzz/replayer/reproducer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/model/damage.h"
#include "tests/model/validity.h"

/* Made by build.sh from the files of these names. */
extern const char validity_header[];
extern const char validity_text[];
extern const char checks_text[];

static const char includes[] =
  "#include <inttypes.h>\n#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n"
  "#include <stdlib.h>\n#include <string.h>\n#include <unistd.h>\n\n#include \"opae/mem_alloc.h\"\n"
  "#include \"opae/mem_alloc_ext.h\"\n\n";

static const char foundation[] =
  "#if !defined ASAN && defined __has_feature\n"
  "#if __has_feature(address_sanitizer)\n"
  "#define ASAN\n"
  "#endif\n"
  "#endif\n"
  "#if defined __SANITIZE_ADDRESS__ || defined ASAN /* its malloc, under the name that it keeps for this */\n"
  "#define REAL(name) __interceptor_##name\n"
  "#else\n"
  "#define REAL(name) __libc_##name\n"
  "#endif\n"
  "void *REAL(malloc)(size_t size);\n"
  "void REAL(free)(void *block);\n"
  "\n"
  "#define OF(name) mem_alloc_##name\n"
  "#define OF_NODE_SIZE sizeof(struct mem_alloc_node)\n"
  "#define OF_NODES_FOR(runs) MEM_ALLOC_NODES_FOR(runs)\n"
  "#define OF_LEVELS_MAX MEM_ALLOC_LEVELS\n"
  "#define OF_VALIDITY(name) validity_##name\n"
  "#define FAIL(...) (printf(\"line %d: %s: \", line, call_text), printf(__VA_ARGS__), printf(\"\\n\"), exit(1))\n"
  "\n"
  "static int line;                         /* of the call below that is made, or was last */\n"
  "static const char *call_text = \"start\"; /* and its text */\n"
  "\n"
  "struct model_run {\n"
  "  uint64_t first;\n"
  "  uint64_t last;\n"
  "  uint32_t state;\n"
  "};\n"
  "\n";

static const char calls[] =
  "/* --- The calls -------------------------------------------------------------------------------- */\n"
  "\n"
  "/* In place of the C library's, so that malloc can fail and be counted. A sanitizer calls it before it is ready. */\n"
  "__attribute__((no_sanitize_address)) void *malloc(size_t size)\n"
  "{\n"
  "  return memory.watched ? memory_malloc(size) : REAL(malloc)(size);\n"
  "}\n"
  "\n"
  "__attribute__((no_sanitize_address)) void free(void *block)\n"
  "{\n"
  "  if (memory.watched) {\n"
  "    memory_free(block);\n"
  "  } else {\n"
  "    REAL(free)(block);\n"
  "  }\n"
  "}\n"
  "\n"
  "static struct mem_alloc *m[ALLOCATORS];\n"
  "static struct watched w[ALLOCATORS];\n"
  "static struct mem_alloc_node *storage[ALLOCATORS]; /* static storage */\n"
  "static uint32_t nodes[ALLOCATORS];                 /* of it; 0: none */\n"
  "static uint64_t *to; /* where get puts the address */\n"
  "static int status;\n"
  "\n"
  "CHECKS void *block_of(size_t size)\n"
  "{\n"
  "  void *const block = REAL(malloc)(size);\n"
  "  return block != NULL ? block : (exit(2), NULL);\n"
  "}\n"
  "\n"
  "CHECKS void begin_allocator(unsigned k, uint32_t count, bool by_zeros)\n"
  "{\n"
  "  m[k] = (struct mem_alloc *)block_of(sizeof *m[k]);\n"
  "  nodes[k] = count;\n"
  "  storage[k] = count == 0 ? NULL : (struct mem_alloc_node *)block_of(count * sizeof *storage[k]);\n"
  "  w[k].m = m[k];\n"
  "  w[k].number = k;\n"
  "  expect_init(&w[k], storage[k], count, by_zeros);\n"
  "}\n"
  "\n"
  "CHECKS void begin_call(int at, const char *text, unsigned k, unsigned fail_from, size_t limit)\n"
  "{\n"
  "  line = at;\n"
  "  call_text = text;\n"
  "  *to = UNWRITTEN;\n"
  "  expect_begin(&w[k]);\n"
  "  memory_watch(fail_from, limit);\n"
  "}\n"
  "\n"
  "CHECKS void end_call(unsigned k, struct facts facts, int possible)\n"
  "{\n"
  "  memory_unwatch();\n"
  "  expect_malloc_calls(&w[k], &facts);\n"
  "  if (status == MEM_ALLOC_NO_MEMORY && possible != MEM_ALLOC_OK) {\n"
  "    FAIL(\"status NO_MEMORY, expected %d\", possible);\n"
  "  }\n"
  "  if (status == MEM_ALLOC_NO_MEMORY) {\n"
  "    expect_refusal(&w[k], &facts);\n"
  "  }\n"
  "  if (facts.need == NEED_RESERVE) {\n"
  "    expect_reserve(&w[k], facts.runs, status);\n"
  "  }\n"
  "  if (status == MEM_ALLOC_NO_MEMORY && *to != UNWRITTEN) {\n"
  "    FAIL(\"NO_MEMORY, but *address was written\");\n"
  "  }\n"
  "}\n"
  "\n"
  "CHECKS void expect_answer(int expected, uint64_t address)\n"
  "{\n"
  "  static const char *const names[] = {\n"
  "    \"OK\", \"INVALID\", \"OVERLAP\", \"NO_SPACE\", \"NOT_FOUND\", \"CONFLICT\", \"NO_MEMORY\"\n"
  "  };\n"
  "  if (status != expected) {\n"
  "    FAIL(\"status %s, expected %s\", (unsigned)status < 7 ? names[status] : \"unknown\", names[expected]);\n"
  "  }\n"
  "  if (*to != address) {\n"
  "    FAIL(\"address 0x%\" PRIx64 \", expected 0x%\" PRIx64, *to, address);\n"
  "  }\n"
  "}\n"
  "\n"
  "#define FACTS(need, runs, cuts) ((struct facts){ need, UINT64_C(runs), UINT64_C(cuts) })\n"
  "\n"
  "/* A call, with malloc failing from this one on (0: never); what failed for lack of memory is done again with it. */\n"
  "#define CALL(k, fail_from, limit, facts, possible, call) do { \\\n"
  "  begin_call(__LINE__, #call, k, fail_from, limit); \\\n"
  "  status = (call); \\\n"
  "  end_call(k, facts, possible); \\\n"
  "  if (status == MEM_ALLOC_NO_MEMORY && (fail_from) != 0 && w[k].storage_count == 0) { \\\n"
  "    begin_call(__LINE__, #call, k, 0, limit); \\\n"
  "    status = (call); \\\n"
  "    end_call(k, facts, possible); \\\n"
  "  } \\\n"
  "} while (0)\n"
  "\n"
  "/* Regions of one address, with one between them, as long as they can be added; how many, to *added. */\n"
  "CHECKS int add_many(struct mem_alloc *allocator, uint64_t first, uint64_t count, uint64_t *added)\n"
  "{\n"
  "  int done = MEM_ALLOC_OK;\n"
  "  for (*added = 0; *added < count && done == MEM_ALLOC_OK; *added += done == MEM_ALLOC_OK) {\n"
  "    done = mem_alloc_add_free(allocator, first + 2 * *added, 1);\n"
  "  }\n"
  "  return done;\n"
  "}\n"
  "\n"
  "CHECKS void restart(int at, const char *text, unsigned k, unsigned times, bool failed, bool init, bool by_zeros)\n"
  "{\n"
  "  line = at;\n"
  "  call_text = text;\n"
  "  expect_destroy(&w[k], times);\n"
  "  if (failed) {\n"
  "    expect_failed_init_static(&w[k]);\n"
  "  }\n"
  "  if (init) {\n"
  "    expect_init(&w[k], storage[k], by_zeros ? 0 : nodes[k], by_zeros);\n"
  "  }\n"
  "}\n"
  "\n"
  "CHECKS void null_arguments(int at, unsigned k)\n"
  "{\n"
  "  line = at;\n"
  "  call_text = \"NULL\";\n"
  "  memory_watch(1, 0);\n"
  "  expect_null_arguments(&w[k]);\n"
  "  memory_unwatch();\n"
  "}\n"
  "\n"
  "CHECKS void end(void)\n"
  "{\n"
  "  for (unsigned k = 0; k < ALLOCATORS; k++) {\n"
  "    expect_destroy(&w[k], 1);\n"
  "    expect_use_and_destroy(&w[k]);\n"
  "  }\n"
  "  if (memory.live != 0) {\n"
  "    FAIL(\"%\" PRIu32 \" blocks of memory were never freed\", memory.live);\n"
  "  }\n"
  "  printf(\"all answers are right\\n\");\n"
  "}\n"
  "\n";

static const char damaging[] =
  "/* A copy of an allocator with storage of its own, to be damaged. */\n"
  "static struct mem_alloc damaged;\n"
  "\n"
  "static void copy(const struct mem_alloc *allocator)\n"
  "{\n"
  "  const size_t size = allocator->capacity * sizeof *allocator->nodes;\n"
  "  damaged = *allocator;\n"
  "  if (allocator->nodes != NULL) {\n"
  "    damaged.nodes = (struct mem_alloc_node *)block_of(size);\n"
  "    memcpy(damaged.nodes, allocator->nodes, size);\n"
  "  }\n"
  "}\n"
  "\n"
  "#define DAMAGE(field, value) ((field) = (__typeof__(field))(value))\n"
  "\n"
  "/* why: what is wrong with it. */\n"
  "static void expect_valid_copy(int at, bool expected, const char *why)\n"
  "{\n"
  "  line = at;\n"
  "  call_text = \"mem_alloc_is_valid(&damaged)\";\n"
  "  if (mem_alloc_is_valid(&damaged) != expected) {\n"
  "    FAIL(\"%s, but: %s\", expected ? \"false\" : \"true\", why);\n"
  "  }\n"
  "}\n"
  "\n";

static void print_head(const struct outcome *outcome)
{
  const struct record *const record = harness_record;
  printf("// Makes the calls of one input of the fuzz target %s, and checks what the target checks.\n",
         fuzz_profile.name);
  printf("// What the target said of it: %s\n", outcome->fine ? "all as expected" : outcome->text);
  printf("//\n// Compile it with the fan-out of the target; -fsanitize=address,undefined shows more:\n");
  printf("//   cc -DMEM_ALLOC_FAN_OUT=%" PRIu32 " -Iinclude THIS_FILE.c src/*.c\n", record->fan_out);
  printf("// Exit code 0: every answer was right; 1: one was not, it is printed. The calls are at the end, in main().\n\n");
  printf("%s#define TARGET_FAN_OUT %" PRIu32 "\n#define ALLOCATORS %" PRIu32 "\n#define RESERVE_LIMIT ((size_t)%zu)\n\n",
         includes, record->fan_out, record->allocators, harness_malloc_limit());
  printf("%s%s%s%s%s", foundation, validity_header, validity_text, checks_text, calls);
}

static const char *state_name(uint32_t state)
{
  return state == MEM_ALLOC_FREE ? "MEM_ALLOC_FREE" : "MEM_ALLOC_ALLOCATED";
}

/* Check everything of an allocator, which must hold these runs. */
static void print_runs(uint32_t allocator, const struct model *model)
{
  if (model->count == 0) {
    printf("  expect_all(&w[%" PRIu32 "], NULL, 0, \"after all calls\");\n", allocator);
    return;
  }
  printf("  {\n    static const struct model_run runs[] = {\n");
  for (size_t i = 0; i < model->count; i++) {
    const struct model_run *const one = &model->runs[i];
    printf("      { UINT64_C(0x%" PRIx64 "), UINT64_C(0x%" PRIx64 "), %s },\n", one->first, one->last,
           state_name(one->state));
  }
  printf("    };\n    expect_all(&w[%" PRIu32 "], runs, %zu, \"after all calls\");\n  }\n", allocator, model->count);
}

/* The C text of a call that has a status. */
static void call_to_c(const struct call *call, char *text, size_t size)
{
  const uint32_t m = call->target;
  const uint64_t first = call->first;
  const uint64_t second = call->second;
  switch (call->function) {
  case ADD_FREE:
    (void)snprintf(text, size, "mem_alloc_add_free(m[%" PRIu32 "], UINT64_C(0x%" PRIx64 "), UINT64_C(0x%" PRIx64 "))",
                   m, first, second);
    break;
  case GET:
    (void)snprintf(text, size, "mem_alloc_get(m[%" PRIu32 "], to, UINT64_C(0x%" PRIx64 "))", m, first);
    break;
  case GET_ALIGNED:
    (void)snprintf(text, size, "mem_alloc_get_aligned(m[%" PRIu32 "], to, UINT64_C(0x%" PRIx64 "), "
                   "UINT64_C(0x%" PRIx64 "))", m, first, second);
    break;
  case PUT:
    (void)snprintf(text, size, "mem_alloc_put(m[%" PRIu32 "], UINT64_C(0x%" PRIx64 "))", m, first);
    break;
  case APPLY_CONSTRAINT:
    (void)snprintf(text, size, "mem_alloc_apply_constraint(m[%" PRIu32 "], m[%" PRIu32 "])", m, call->other);
    break;
  case RESERVE:
    (void)snprintf(text, size, "mem_alloc_reserve(m[%" PRIu32 "], UINT64_C(0x%" PRIx64 "))", m, first);
    break;
  case ADD_MANY:
    (void)snprintf(text, size, "add_many(m[%" PRIu32 "], UINT64_C(0x%" PRIx64 "), %" PRIu64 ", to)", m, first, second);
    break;
  case RESTART:
  case NULL_ARGUMENTS:
  case DAMAGE:
    text[0] = '\0';
    break;
  }
}

static const char *truth(bool value)
{
  return value ? "true" : "false";
}

static void print_restart(const struct call *call)
{
  const uint64_t how = call->first;
  printf("  restart(__LINE__, \"restart\", %" PRIu32 ", %d /* times destroyed */, %s /* a failed init_static */, "
         "%s /* init */, %s /* by zeros */);\n", call->target, (how & RESTART_TWICE) != 0 ? 2 : 1,
         truth((how & RESTART_FAILED) != 0), truth((how & RESTART_AS_IT_IS) == 0), truth((how & RESTART_ZEROS) != 0));
}

static void print_damage(const struct call *call)
{
  char name[DAMAGE_NAME_MAX];
  damage_name((size_t)call->first, name);
  if (call->other == 0) {
    printf("  copy(m[%" PRIu32 "]);\n", call->target);
  }
  printf("  DAMAGE(damaged.%s, UINT64_C(0x%" PRIx64 "));\n", name, call->second);
  printf("  expect_valid_copy(__LINE__, %s, \"%s\");\n", truth(call->address == VALIDITY_SOUND),
         validity_name((enum validity)call->address));
}

static const char *const status_names[] = {
  "MEM_ALLOC_OK", "MEM_ALLOC_INVALID", "MEM_ALLOC_OVERLAP", "MEM_ALLOC_NO_SPACE", "MEM_ALLOC_NOT_FOUND",
  "MEM_ALLOC_CONFLICT", "MEM_ALLOC_NO_MEMORY"
};

static const char *need_name(enum function function)
{
  const char *name = "NEED_NODES";
  if (function == PUT) {
    name = "NEED_NOTHING";
  } else if (function == APPLY_CONSTRAINT) {
    name = "NEED_CUTS";
  } else if (function == RESERVE) {
    name = "NEED_RESERVE";
  }
  return name;
}

/* A call with a status: what it may need, what it must answer. */
static void print_answered(const struct call *call, struct expectation *expectation)
{
  char text[160];
  uint64_t address = 0;
  const struct needs needs =
    call_needs(call, &expectation->models[call->target], &expectation->models[call->other]);
  const int expected = expected_answer(expectation, call, &address);
  call_to_c(call, text, sizeof text);
  printf("  CALL(%" PRIu32 ", %" PRIu32 ", %s, FACTS(%s, %" PRIu64 ", %" PRIu64 "), %s, %s);\n", call->target,
         call->fail_from, call->function == RESERVE ? "RESERVE_LIMIT" : "SIZE_MAX", need_name(call->function),
         needs.runs, needs.cuts, status_names[needs.status], text);
  /* What a reserve says depends on the fan-out, and the models know no storage. */
  if (call->function != RESERVE) {
    printf("  expect_answer(%s, UINT64_C(0x%" PRIx64 "));\n", status_names[expected], address);
  }
}

static void print_call(const struct call *call, struct expectation *expectation)
{
  uint64_t address = 0;
  if (call->function == RESTART) {
    (void)expected_answer(expectation, call, &address);
    print_restart(call);
  } else if (call->function == NULL_ARGUMENTS) {
    printf("  null_arguments(__LINE__, %" PRIu32 ");\n", call->target);
  } else if (call->function == DAMAGE) {
    print_damage(call);
  } else {
    print_answered(call, expectation);
  }
}

/* After the last call: what all allocators hold. */
static void print_end(const struct expectation *expectation)
{
  for (uint32_t i = 0; i < harness_record->allocators; i++) {
    print_runs(i, &expectation->models[i]);
  }
  printf("  end();\n  return 0;\n}\n");
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
  printf("int main(void)\n{\n  alarm(20); /* if it hangs */\n  setvbuf(stdout, NULL, _IONBF, 0); /* if it crashes */\n"
         "  outputs_begin();\n  to = outputs.address;\n");
  printf("  if (MEM_ALLOC_FAN_OUT != TARGET_FAN_OUT) {\n    printf(\"note: compiled with fan-out %%d, the finding is "
         "one of fan-out %%d\\n\", (int)MEM_ALLOC_FAN_OUT,\n           TARGET_FAN_OUT);\n  }\n");
  for (uint32_t i = 0; i < record->allocators; i++) {
    printf("  begin_allocator(%" PRIu32 ", %" PRIu32 ", %s);\n", i, record->nodes[i],
           truth(record->zero_filled && record->nodes[i] == 0));
  }
  for (uint32_t i = 0; i < record->call_count; i++) {
    print_call(&record->calls[i], &expectation);
  }
  print_end(&expectation);
  expectation_destroy(&expectation);
}
