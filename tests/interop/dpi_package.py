# SPDX-License-Identifier: Apache-2.0
"""The SystemVerilog package over lowp/interop/lowp_dpi.h, made from that header.

usage: dpi_package.py [--write]

Compares include/lowp/interop/lowp_pkg.sv with what the header gives, or writes it.
test: GLD-20 one declaration of the DPI-C functions"""
import difflib
import pathlib
import re
import sys

INTEROP = pathlib.Path(__file__).resolve().parent.parent.parent / "include/lowp/interop"
PACKAGE = INTEROP / "lowp_pkg.sv"
VALUES = {"uint64_t": "longint unsigned", "uint32_t": "int unsigned", "int": "int", "const char*": "string"}
# Of lowp.h: statuses, registries and flags as numbers, what is asked without arguments, the state of instructions.
ENUMS_OF_ABI = ["lowp_status", "lowp_registry", "lowp_flag"]
FUNCTIONS_OF_ABI = ["lowp_last_message", "lowp_version", "lowp_abi"]
STATE = "lowp_instruction_state"

HEAD = """\
// SPDX-License-Identifier: Apache-2.0
// Generated from lowp_dpi.h by tests/interop/dpi_package.py; do not edit.
//
// lowp for test benches and UVM predictors: the golden model through DPI-C. Compile this file with the bench
// and link liblowp.so. lowp_dpi.h beside this file says what vectors, handles and refusals are.
/* verilator lint_off UNUSEDPARAM */
package lowp_pkg;
"""
TAIL = """\
  // Ends the simulation if a call was refused, with the reason of the last one.
  function automatic void lowp_check();
    string message;
    message = lowp_last_message();
    if (message != "") $fatal(1, "lowp: %s", message);
  endfunction

endpackage
/* verilator lint_on UNUSEDPARAM */
"""


def enumerators(header, name):
    """Names, values and remarks of an enumeration, which has one on each line."""
    body = re.search(rf"enum {name} \{{(.*?)\}};", header, re.S).group(1)
    value = 0
    for line in body.splitlines():
        found = re.match(r"\s*(\w+)(?:\s*=\s*(\d+))?,?\s*(?:///< (.*))?$", line)
        if found:
            value = int(found[2] or value)
            yield found[1], value, found[3] or ""
            value += 1


def constants(rows):
    rows = list(rows)
    width = max(len(name) for name, _, _ in rows)
    for name, value, remark in rows:
        yield f"  localparam int {name:{width}} = {value};{'  // ' + remark if remark else ''}"


def remarks(text):
    """A doc comment as lines of SystemVerilog; names of functions as the package has them."""
    return [("  // " + line.strip()[3:].strip()).rstrip().replace("lowp_dpi_", "lowp_") for line in text.splitlines()]


def argument(text, defines):
    """A parameter of C as one of SystemVerilog."""
    array = re.fullmatch(r"(const )?uint32_t (\w+)\[(\w+)\]", text)
    if array:
        bits = STATE if array[3] == "LOWP_DPI_STATE_WORDS" else f"bit [{32 * int(defines[array[3]]) - 1}:0]"
        return f"{'input' if array[1] else 'output'} {bits} {array[2]}"
    kind, star, name = re.fullmatch(r"(const char|\w+)(\*?) (\w+)", text).groups()
    if kind + star in VALUES:
        return f"input {VALUES[kind + star]} {name}"
    return f"output {VALUES[kind]} {name}"


def functions(header):
    """Remarks, result, name and parameters of every function."""
    declaration = re.compile(r"((?:^///[^<].*\n)*)^LOWP_API (const char\*|\w+) (\w+)\(([^)]*)\);", re.M)
    for found in declaration.finditer(header):
        given = " ".join(found[4].split())
        yield found[1], found[2], found[3], [] if given == "void" else given.split(", ")


def imported(result, name, arguments):
    """A declaration, wrapped at 110 columns."""
    pure = "pure " if arguments and not any(a.startswith("output") for a in arguments) else ""
    ours = name.replace("lowp_dpi_", "lowp_")
    renamed = f"{name} = " if ours != name else ""
    lines = [f'  import "DPI-C" {pure}{renamed}function {VALUES[result]} {ours}(']
    for i, a in enumerate(arguments):
        piece = a + ("," if i + 1 < len(arguments) else "")
        if len(lines) == 1 or len(lines[-1]) + len(piece) > 108:
            lines.append("      " + piece)
        else:
            lines[-1] += " " + piece
    lines[-1] += ");"
    return lines


def state_type(header):
    """The structure in bits: the first member of C is in the lowest."""
    body = re.search(rf"typedef struct {STATE} \{{(.*?)\}} {STATE};", header, re.S).group(1)
    members = []
    for kind, names in re.findall(r"^\s*uint(\d+)_t ([^;]+);", body, re.M):
        for name in names.split(", "):
            plain, _, count = name.strip("]").partition("[")
            members.append((int(kind) * int(count or 1), plain))
    lines = [f"    bit [{bits - 1}:0] {name};" for bits, name in reversed(members)]
    return ["  typedef struct packed {", *lines, f"  }} {STATE};"]


def package():
    abi = (INTEROP / "lowp.h").read_text(encoding="ascii")
    dpi = (INTEROP / "lowp_dpi.h").read_text(encoding="ascii")
    defines = dict(re.findall(r"^#define (LOWP_DPI_\w+) (\d+)", dpi, re.M))
    lines = []
    for header, names in ((abi, ENUMS_OF_ABI), (dpi, re.findall(r"^enum (\w+) \{", dpi, re.M))):
        for name in names:
            before = re.search(rf"((?:^///.*\n)*)^enum {name} ", header, re.M)[1]
            lines += [*remarks(before), *constants(enumerators(header, name)), ""]
    lines += ["  // What a conversion instruction reads besides its sources.", *state_type(abi), ""]
    for _, result, name, arguments in functions(abi):
        if name in FUNCTIONS_OF_ABI:
            lines += imported(result, name, arguments)
    lines.append("")
    for before, result, name, arguments in functions(dpi):
        if before:
            lines += ["", *remarks(before)] if lines[-1] else remarks(before)
        lines += imported(result, name, [argument(a, defines) for a in arguments])
    return HEAD + "\n" + "\n".join(lines) + "\n\n" + TAIL


def main():
    made = package()
    if sys.argv[1:] == ["--write"]:
        PACKAGE.write_text(made, encoding="ascii")
        return 0
    header = re.sub(r"//.*", "", (INTEROP / "lowp_dpi.h").read_text(encoding="ascii"))
    declared = re.findall(r"\b(lowp_dpi_\w+)\(", header)
    complaints = [f"not in the package: {name}" for name in declared if f" {name} = function" not in made]
    if len(declared) < 10:
        complaints.append(f"only {len(declared)} declarations were recognised: the check is blind")
    there = PACKAGE.read_text(encoding="ascii")
    if there != made:
        complaints += ["lowp_pkg.sv is not what lowp_dpi.h gives; run tests/interop/dpi_package.py --write",
                       *difflib.unified_diff(there.splitlines(), made.splitlines(), "lowp_pkg.sv", "lowp_dpi.h",
                                             lineterm="", n=0)]
    print(*complaints, sep="\n")
    print(f"{len(declared)} passed, {1 if complaints else 0} failed")
    return 1 if complaints else 0


sys.exit(main())
