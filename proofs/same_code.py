# SPDX-License-Identifier: BSD-3-Clause
"""Is the code that compilers compile the code that Frama-C proves, and is it the same in every unit?

After preprocessing, token for token: of each .c file the tokens from files of ours, as compilers see them with the
options that ship, against those that Frama-C parses. What a header gives must be the same in every file that includes
it, and a name must stand for one thing in all of them. Nothing is looked up by words that might make a difference
(a macro that one file sets, a guard of a libc header, a compiler's name): whatever the reason, a difference shows.
"""

import functools
import os
import re
import shlex

import frama_c

# What our files may take from the system, and the macros of these that are spelled in different ways.
SYSTEM_HEADERS = {"stdbool.h", "stddef.h", "stdint.h", "stdlib.h"}
SPELLINGS = ("NULL", "SIZE_MAX", "UINT8_MAX", "UINT16_MAX", "UINT32_MAX", "UINT64_MAX", "INT8_MAX", "INT16_MAX",
             "INT32_MAX", "INT64_MAX", "INT8_MIN", "INT16_MIN", "INT32_MIN", "INT64_MIN", "bool", "true", "false")
# How the library is compiled, and how its users may compile it. A compiler that is not there is left out, but for gcc.
SHIPPED = ["-std=c11", "-Iinclude"]
COMPILERS = (["gcc", "-O2"], ["gcc", "-O0"], ["gcc", "-O2", "-DNDEBUG", "-fPIC"], ["gcc", "-O2", "-fsanitize=address"],
             ["gcc", "-Os"], ["gcc", "-O3", "-march=native", "-ffast-math"],
             ["clang-19", "-O2"], ["clang-19", "-O1", "-fsanitize=address,undefined", "-DNDEBUG"], ["clang-14", "-O2"])
# Proved, never shipped: what these include besides.
NOT_SHIPPED = ["-Isrc"]
# Words that must not come about in our code, by a macro or otherwise: names that belong to compilers, strings,
# floating-point numbers, what tells compilers something that nothing proves.
FOREIGN = r'__|_[A-Z]|.*"|\d+\.|\.\d|\d+[eE]|(?:restrict|volatile|register|float|double|union|goto|asm)$'
KNOWN = {"_Bool", "_Static_assert"}
DIRECTIVES = {"include", "define", "undef", "ifdef", "ifndef", "if", "elif", "else", "endif", "error"}
TOKEN = re.compile(
  r'(?P<comment>/\*.*?\*/|//[^\n]*)'
  r'|^\#[ \t]*(?:line[ \t]+)?(?P<line>\d+)[ \t]+"(?P<file>(?:\\.|[^"\\\n])*)"[^\n]*$'
  r'|^\#(?P<directive>[^\n]*)$'
  r'|(?P<token>(?:u8|[uUL])?"(?:\\.|[^"\\\n])*"|(?:[uUL])?\'(?:\\.|[^\'\\\n])*\'|\.?\d(?:[eEpP][+-]|[\w.])*|[^\W\d]\w*'
  r'|<<=|>>=|\.\.\.|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[*/%+&^|-]=|\#\#|[^\s])', re.S | re.M)


def relative(path):
  """The path below the tree, or None for what is not in it."""
  path = os.path.relpath(os.path.normpath(os.path.join(frama_c.ROOT, path)), frama_c.ROOT)
  return None if path.startswith("..") or path.startswith("<") else path


def tokens_of(text):
  """Preprocessed text as tokens of ours, each with its file; and the preprocessor's lines that were left in it."""
  result, left, file = [], [], None
  for match in TOKEN.finditer(text):
    if match.group("line"):
      file = relative(match.group("file"))
    elif match.group("directive"):
      if not re.match(r"\s*(?:define|undef)\b", match.group("directive")) and file:
        left.append((file, match.group("directive").strip()))
    elif match.group("token") and file:
      result.append((file, match.group("token")))
  return result, left


def preprocess(command, file):
  return preprocessed(tuple(command), file)


@functools.cache
def preprocessed(command, file):
  status, output = frama_c.run([*command, "-E", file])
  if status != 0:
    raise frama_c.Unreadable(file, output)
  return tokens_of(output)


def options_of(file):
  return SHIPPED + ([] if file.startswith("src/") else NOT_SHIPPED)


@functools.cache
def frama_c_command(file):
  """The command by which Frama-C preprocesses a file, without the file."""
  _, output = frama_c.run(["frama-c", frama_c.CPP, "-print-cpp-commands", file])
  found = re.search(r"^ +(.* -E .*)$", output, re.M)
  if not found:
    raise frama_c.Unreadable(file, output)
  words = shlex.split(found.group(1))
  end = words.index("-o") - 1
  return [word for word in words[:end] if word not in ("-E", "-dD")]


def expansions(command):
  """What a preprocessor makes of each of SPELLINGS, after the headers that ours may include."""
  return expanded(tuple(command))


@functools.cache
def expanded(command):
  probe = "".join(f"#include <{name}>\n" for name in sorted(SYSTEM_HEADERS))
  probe += "".join(f"spelling_of_next {name}\n" for name in SPELLINGS)
  path = os.path.join(frama_c.scratch(), "spellings.c")
  with open(path, "w", encoding="utf-8") as text:
    text.write(probe)
  status, output = frama_c.run([*command, "-E", "-P", path])
  if status != 0:
    raise frama_c.Unreadable(path, output)
  words = [match.group("token") for match in TOKEN.finditer(output[output.index("spelling_of_next"):]) if match.group("token")]
  result = {}
  for name in SPELLINGS:
    end = words.index("spelling_of_next", 1) if "spelling_of_next" in words[1:] else len(words)
    result[name], words = words[1:end], words[end:]
  return result


def first_difference(ours, theirs, pairs):
  """Where two token lists differ, but for known spellings: the position in ours, or None."""
  i = j = 0
  while i < len(ours) or j < len(theirs):
    if i < len(ours) and j < len(theirs) and ours[i] == theirs[j]:
      i, j = i + 1, j + 1
      continue
    for left, right in pairs:
      if ([token for _, token in ours[i:i + len(left)]] == left
          and [token for _, token in theirs[j:j + len(right)]] == right):
        i, j = i + len(left), j + len(right)
        break
    else:
      return i, j
  return None


def shown(tokens, position):
  return " ".join(token for _, token in tokens[position:position + 8]) or "nothing"


def audit_command(file, command):
  """What differs between a compiler, called like that, and Frama-C."""
  proved = frama_c_command(file)
  # Frama-C keeps comments, where its annotations are; the lexer takes them out.
  theirs, left = preprocess(proved, file)
  ours, lines = preprocess(command, file)
  found = [f"{place}: #{line}: a line for the compiler alone" for place, line in left + lines]
  where = first_difference(ours, theirs, [])
  if where:
    spelled, here = expansions(proved), expansions(command)
    pairs = [(here[name], spelled[name]) for name in SPELLINGS if here[name] != spelled[name] and here[name]]
    where = first_difference(ours, theirs, pairs)
  if where:
    i, j = where
    place = (ours[i:] or theirs[j:])[0][0]
    found.append(f"{place}: {' '.join(command)} compiles other code than Frama-C parses for {file}: "
                 f"'{shown(ours, i)}' where Frama-C has '{shown(theirs, j)}'")
  return found


def audit_unit(file):
  """What differs between compilers and Frama-C; and the tokens that Frama-C parses."""
  found = []
  for compiler in COMPILERS:
    if compiler[0] == "gcc" or frama_c.which(compiler[0]):
      found += audit_command(file, [*compiler, *options_of(file)])
  return found, preprocess(frama_c_command(file), file)[0]


def directives(text):
  """The preprocessor's lines of a source file, with line numbers, as the standard's phases of translation see them."""
  text = re.sub(r"\\\n", lambda match: "\0", text)
  text = re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"',
                lambda match: match.group() if match.group()[0] == '"' else re.sub(r"[^\n\0]", " ", match.group()),
                text, flags=re.S)
  number = 1
  for line in text.split("\n"):
    if match := re.match(r"\s*(?:#|%:)\s*(.*)", line.replace("\0", " ")):
      yield number, match.group(1)
    number += 1 + line.count("\0")


def audit_source(path, text):
  """Ways to include, or to tell lines, that the comparison does not follow."""
  found = []
  for number, line in directives(text):
    word = re.match(r"\w*", line).group()
    if word not in DIRECTIVES:
      found.append(f"{path}:{number}: #{line}: not a directive that is used here")
    if word == "include":
      name = re.match(r'include\s*(?:"([^"]+\.h)"|<([^>]+)>)\s*$', line)
      if not name:
        found.append(f"{path}:{number}: #{line}: only headers (.h) are included, by name")
      elif name.group(2) and name.group(2) not in SYSTEM_HEADERS:
        found.append(f"{path}:{number}: #{line}: of the system's headers only {', '.join(sorted(SYSTEM_HEADERS))} are used")
    condition = re.sub(r"\bdefined\s*\(\s*\w+\s*\)", "", line)
    if word in ("if", "elif") and re.search(r"[^\W\d]\w*\s*\(|##", condition):
      found.append(f"{path}:{number}: #{line}: a condition with more than names and numbers")
    if re.search(r"\b__has_|\b__INCLUDE_LEVEL__|\b__COUNTER__", line):
      found.append(f"{path}:{number}: #{line}: depends on the compiler")
  for number, line in enumerate(text.split("\n"), 1):
    if "??" in line or "%:" in line or "<%" in line or "<:" in line:
      found.append(f"{path}:{number}: a digraph or trigraph")
  return found


NOT_NAMES = ("struct", "union", "enum", "const", "static", "typedef", "volatile", "unsigned", "signed", "int", "char")


class Item:
  """A declaration or definition outside of functions."""

  def __init__(self, tokens):
    self.file = tokens[0][0]
    self.words = [token for _, token in tokens]
    words, depth, self.body = self.words, 0, None
    heads = []  # words outside of parentheses, brackets and braces
    self.parameters = None
    for position, word in enumerate(words):
      if word in "([{":
        if word == "{" and depth == 0 and self.body is None:
          self.body = position
        if word == "(" and depth == 0 and self.parameters is None and self.body is None:
          self.parameters = position
        depth += 1
      elif word in ")]}":
        depth -= 1
      elif depth == 0:
        heads.append(word)
    self.is_function = self.parameters is not None and words[0] not in ("typedef", "_Static_assert")
    self.is_definition = bool(self.is_function and self.body is not None)

  def names(self):
    """What the item defines or declares: pairs of a kind and a name."""
    words = self.words
    result = []
    if words[0] == "_Static_assert":
      return result
    for position, word in enumerate(words[:-2]):
      if word in ("struct", "union", "enum") and words[position + 2] == "{":
        result.append(("tag", words[position + 1]))
      if word == "enum":
        start = position + (2 if words[position + 1] == "{" else 3)
        if words[start - 1] == "{":
          inside = words[start:words.index("}", start)]
          result += [("name", inside[0])] if inside else []
          result += [("name", inside[i + 1]) for i, token in enumerate(inside[:-1]) if token == ","]
    if self.is_function:
      result.append(("name", words[self.parameters - 1]))
      return result
    # Declarators: the last word before '=', '[', ',' or ';' outside of braces.
    depth, last = 0, None
    for word in words:
      if depth == 0 and word in ("=", "[", ",", ";") and last:
        result.append(("name", last))
        last = None if word != "," else last
      if word in "([{":
        depth += 1
      elif word in ")]}":
        depth -= 1
      elif depth == 0 and re.match(r"[^\W\d]\w*$", word) and word not in NOT_NAMES:
        last = word
      if depth == 0 and word == "=":
        last = None
    if words[0] in ("struct", "union", "enum") and (len(words) == 3 or words[-2] == "}"):
      result = [pair for pair in result if pair != ("name", words[1])]
    return result


def items_of(tokens):
  """Splits the tokens of a file, headers of ours included, into what stands outside of functions."""
  result, start, depth, parameters = [], 0, 0, False
  for position, (_, word) in enumerate(tokens):
    if word in "([{":
      parameters = parameters or (word == "(" and depth == 0)
      depth += 1
    elif word in ")]}":
      depth -= 1
    function = word == "}" and depth == 0 and parameters and tokens[start][1] != "typedef"
    if depth == 0 and (word == ";" or function and "=" not in heads(tokens[start:position])):
      if position > start:
        result.append(Item(tokens[start:position + 1]))
      start, parameters = position + 1, False
  if start < len(tokens):
    result.append(Item(tokens[start:]))
  return result


def heads(tokens):
  """The words outside of parentheses and braces."""
  depth, result = 0, []
  for _, word in tokens:
    depth -= word in ")]}"
    if depth == 0:
      result.append(word)
    depth += word in "([{"
  return result


def audit_inside(item):
  """What only a function's scope sees: declarations that nothing compares."""
  found = []
  words = item.words[item.body:]
  for position, word in enumerate(words[:-2]):
    if word in ("typedef", "extern") or word in ("struct", "union", "enum") and "{" in words[position + 1:position + 3]:
      found.append(f"{item.file}: {item.words[item.parameters - 1]}: '{word}' inside of a function")
  return found


def uninitialised_arrays(item):
  """Arrays in a function without an initialiser: WP does not ask whether what is read of them was written."""
  name = item.words[item.parameters - 1]
  text = " ".join(item.words[item.body:])
  declaration = r"(?<=[;{}] )(?:const )?(?:struct \w+|unsigned \w+|\w+_t|int|bool|_Bool|char|long|short|unsigned) \w+ (?:\[ [^\];=]* \] )+;"
  return [f"{item.file}: {name}: an array without an initialiser: {match.group()}"
          for match in re.finditer(declaration, text)]


def uninitialised_scalars(item):
  """Scalars without an initialiser whose address is taken: who gets it may leave them as they are."""
  text = " ".join(item.words[item.body:])
  declared = r"(?<=[;{}] )(?:unsigned|(?:unsigned )?(?:int|long|short|char)|\w+_t|bool|_Bool) (\w+) ;"
  return [f"{item.file}: {item.words[item.parameters - 1]}: {name} has no initialiser, and its address is taken"
          for name in re.findall(declared, text) if re.search(rf"(?<![\w)\]] )& {name}\b", text)]


def mixed_pointers(item):
  """Pointers to a signed and to the corresponding unsigned type: C lets them meet, WP keeps their memory apart."""
  head = " ".join(item.words[:item.body])
  types = set(re.findall(r"((?:unsigned )?(?:int|long|short|char)|unsigned|u?int\d+_t) (?:const )?\*", head))
  pairs = {("int", "unsigned"), ("int", "unsigned int"), ("long", "unsigned long"), ("short", "unsigned short"),
           *((f"int{bits}_t", f"uint{bits}_t") for bits in (8, 16, 32, 64))}
  return [f"{item.file}: {item.words[item.parameters - 1]}: pointers to {one} and to {other}"
          for one, other in sorted(pairs) if {one, other} <= types]


def of_the_library(names):
  """Which of the names compilers know as functions of C's library, and may take for these."""
  path = os.path.join(frama_c.scratch(), "names.c")
  with open(path, "w", encoding="utf-8") as text:
    # A function `main` would be taken for the start of the program, at which globals have their first values.
    text.write("name main\n" if "main" in names else "")
    text.write("".join(f"#if __has_builtin({name})\nname {name}\n#endif\n" for name in sorted(names)))
  status, output = frama_c.run(["gcc", "-E", "-P", path])
  return re.findall(r"^name (\w+)$", output, re.M) if status == 0 else [f"(gcc says {output[:200]})"]


class Names:
  """What each name stands for, over all units."""

  def __init__(self):
    self.definitions, self.heads, self.found, self.functions, self.bodies = {}, {}, [], {}, {}

  def add(self, unit, item):
    if item.words[0] == "_Static_assert":
      return
    if "extern" in item.words[:1]:
      self.found.append(f"{item.file}: 'extern': every function is declared by its header: {' '.join(item.words[:8])}")
    if item.is_function:
      name = item.words[item.parameters - 1]
      end = item.body if item.body is not None else len(item.words) - 1
      head = [word for word in item.words[:end] if word not in ("static", "inline")]
      first = self.heads.setdefault(name, (item.file, head))
      if first[1] != head:
        self.found.append(f"{item.file}: {name} is declared as '{' '.join(head)}', in {first[0]} as '{' '.join(first[1])}'")
      if not item.is_definition:
        if item.file.endswith(".c") and "static" not in item.words:
          self.found.append(f"{item.file}: {name} is declared here and not in a header")
        return
      self.functions[name] = item.file
      self.bodies[name] = " ".join(item.words[item.body:])
      if unit.startswith("src/") or item.file.startswith(("src/", "include/")):
        self.found += audit_inside(item) + uninitialised_arrays(item) + uninitialised_scalars(item) + mixed_pointers(item)
    for kind, name in item.names():
      if kind == "name" and item.file.endswith(".h") and "{" not in item.words and item.words[0] != "typedef":
        # Every file would have one of its own, and contracts in headers would speak of another one in each.
        self.found.append(f"{item.file}: {name} is a variable in a header")
    for key in item.names():
      first = self.definitions.setdefault(key, item)
      if first is not item and (first.file, first.words) != (item.file, item.words):
        self.found.append(f"{item.file}: {key[1]} is something else in {first.file}")


def audit(units):
  """Looks at every unit: what was found, the files of ours that are read, the C functions and where they stand,
  the names of everything else that is defined, and the functions' bodies."""
  found, headers, names, read = [], {}, Names(), set()
  for file in units:
    try:
      differences, tokens = audit_unit(file)
    except frama_c.Unreadable as error:
      found.append(str(error))
      continue
    found += differences
    parts = {}
    for place, token in tokens:
      parts.setdefault(place, []).append(token)
    included = {place for place in frama_c.dependencies(file, options_of(file)) if place}
    read |= included | {file}
    for place in sorted(included - {file}):
      part = parts.get(place, [])
      first, expected = headers.setdefault(place, (file, part))
      if part != expected:
        found.append(f"{place}: gives {file} other code than {first}")
    for place, token in tokens:
      if re.match(FOREIGN, token) and token not in KNOWN:
        names.found.append(f"{place}: '{token}' in what {file} is made of")
    for item in items_of(tokens):
      names.add(file, item)
  found += [f"{names.functions.get(name, 'gcc')}: {name} is the name of a function of C's library"
            for name in of_the_library(names.functions)]
  read |= set(frama_c.files("src/**", "include/**"))
  for path in sorted(read):
    if not path.endswith((".c", ".h")):
      found.append(f"{path}: neither .c nor .h")
    found += audit_source(path, frama_c.read(path))
  others = {name for kind, name in names.definitions if kind == "name"}
  return list(dict.fromkeys(found + names.found)), sorted(read), names.functions, others, names.bodies
