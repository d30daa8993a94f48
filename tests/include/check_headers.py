# SPDX-License-Identifier: Apache-2.0
"""Checks the rules that every public header keeps.

usage: check_headers.py [--every-mode] [INCLUDE-FOLDER]     (default: the repository's include/)
Prints one line for each broken rule and closes with 'N passed, N failed'; a header counts once for
each rule. Uses g++ and, when it is installed, clang++-16.

Each header is compiled alone in the mode in which the standard library brings least: C++20 of g++, for
the core without a hosted library. What it includes of the standard library brings at least the same
files in the other modes; there all headers are compiled together. With --every-mode each is compiled
alone in all of them.
"""
import concurrent.futures
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DEFAULT_INCLUDE = HERE.parent.parent / "include"

# Layer of each folder under include/lowp, of headers that belong elsewhere than their folder, and the layers
# that a layer may include.
LAYER_OF_HEADER = {"lowp/mpi.hpp": "collective"}
LAYER_OF_FOLDER = {
    "": "core", "detail": "core", "p3109": "core",
    "pack": "sequences", "random": "sequences", "integer": "sequences", "block": "sequences",
    "simd": "speed",
    "hardware": "hardware",
    "collective": "collective",
    "training": "training",
    "golden": "golden",
    "interop": "interop",
}
MAY_INCLUDE = {
    "core": {"core"},
    "sequences": {"core", "sequences"},
    "speed": {"core", "sequences", "speed"},
    "hardware": {"core", "sequences", "speed", "hardware"},
    "collective": {"core", "sequences", "speed", "collective"},
    "training": {"core", "sequences", "speed", "hardware", "collective", "training"},
    "golden": {"core", "sequences", "speed", "hardware", "golden"},
    "interop": {"core", "sequences", "interop"},
}
# The only standard headers of the core: small, freestanding, usable in device code.
CORE_STANDARD = {"bit", "climits", "compare", "concepts", "cstddef", "cstdint", "initializer_list",
                 "limits", "type_traits"}
# Foreign libraries (beginning of the include path) that a layer may use.
FOREIGN = {"speed": ("hwy/", "sys/auxv.h"), "hardware": ("hwy/",), "collective": ("hwy/", "mpi.h"), "training": ("Eigen/", "hwy/"),
           "interop": ("Eigen/", "boost/", "mpi.h", "fmt/")}
# Macros besides include guards that a reader may meet. Add to this on purpose only.
PUBLIC_MACROS = {"LOWP_FN", "LOWP_COROUTINE", "LOWP_INLINE", "LOWP_INLINE_FN", "LOWP_UNIT", "LOWP_VECTORS", "LOWP_INTEGERS", "LOWP_VERSION_MAJOR",
                 "LOWP_VERSION_MINOR", "LOWP_VERSION_PATCH"}

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]
# Compiler, the name that it has for the next standard.
COMPILERS = [("g++", "c++23"), ("clang++-16", "c++2b")]

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(<([^>]+)>|"([^"]+)")', re.M)
COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)


@functools.cache
def foreign_flags():
    """Include folders of foreign libraries that are not on the default path; MPI without its C++ bindings."""
    folders = ["/usr/include/eigen3"] if os.path.isdir("/usr/include/eigen3") else []
    if shutil.which("mpicxx"):
        folders += subprocess.run(["mpicxx", "--showme:incdirs"], capture_output=True, text=True).stdout.split()
    return ["-DOMPI_SKIP_MPICXX", "-DMPICH_SKIP_MPICXX", *(word for f in folders for word in ("-isystem", f))]


class Header:
    """One public header: its text and what it includes directly."""

    def __init__(self, root, path):
        self.path = path
        self.name = path.relative_to(root).as_posix()  # lowp/detail/bits.hpp
        inside = path.relative_to(root / "lowp")
        self.folder = inside.parts[0] if len(inside.parts) > 1 else ""
        self.layer = LAYER_OF_HEADER.get(self.name, LAYER_OF_FOLDER.get(self.folder))
        # Highway reads these once for each instruction set, so they are no headers of their own.
        self.is_kernel = path.name.endswith("-inl.hpp")
        # One unit of a program includes these; that of lowp_simd is built with the same warnings.
        self.is_unit = path.name.startswith("implementation")
        self.raw = path.read_bytes()
        self.text = self.raw.decode("utf-8", "replace")
        self.own, self.other, self.lost = [], [], []
        for _, angle, quoted in INCLUDE.findall(self.text):
            if quoted:
                target = (path.parent / quoted).resolve()
            elif angle.startswith("lowp/"):
                target = root / angle
            else:
                self.other.append(angle)
                continue
            (self.own if target.is_file() else self.lost).append(target)


# ---- rules on the text: each is a function of (header, headers by path) that yields complaints ----

def ascii_only(h, _):
    for number, line in enumerate(h.raw.splitlines(), 1):
        if any(byte > 126 or (byte < 32 and byte != 9) for byte in line):
            yield f"line {number} is not ASCII"


def opening(h, _):
    lines = h.text.splitlines() + ["", "", ""]
    if lines[0] != "// SPDX-License-Identifier: Apache-2.0":
        yield "the first line is not the SPDX licence line"
    if lines[1] != "/// \\file" or not re.match(r"/// \S", lines[2]):
        yield "lines 2 and 3 are not '/// \\file' and a sentence about it"


def guard(h, _):
    if h.is_kernel:
        return
    inside = h.name[len("lowp/"):]
    wanted = "LOWP_" + re.sub(r"[^A-Za-z0-9]", "_", inside).upper()
    found = re.search(r"^#ifndef (\w+)\n#define (\w+)$", h.text, re.M)
    if not found or found.groups() != (wanted, wanted):
        yield f"the include guard is not {wanted}"
    if "#pragma once" in h.text:
        yield "#pragma once beside the guard"


def no_using_namespace(h, _):
    if re.search(r"\busing\s+namespace\b", COMMENT_OR_STRING.sub(" ", h.text)):
        yield "has 'using namespace'"


def errors_are_kept(h, _):
    for name in re.findall(r"^enum class (\w+_error)\b", h.text, re.M):
        yield f"{name} is not [[nodiscard]]"


def layers(h, headers):
    if h.layer is None:
        yield f"folder '{h.folder}' has no layer: add it to LAYER_OF_FOLDER in {__file__}"
        return
    for target in h.lost:
        yield f"includes {target.name}, which does not exist"
    for target in h.own:
        other = headers.get(target)
        if other and other.layer not in MAY_INCLUDE[h.layer]:
            yield f"layer {h.layer} must not include {other.name} (layer {other.layer})"


def libraries(h, _):
    for name in h.other:
        standard = re.fullmatch(r"[a-z_0-9]+", name)
        if standard and (h.layer != "core" or name in CORE_STANDARD):
            continue
        if not standard and name.startswith(FOREIGN.get(h.layer, ("\0",))):
            continue
        yield f"layer {h.layer} must not include <{name}>"


def no_cycle(h, headers):
    if h.path in closure(h, headers, with_self=False):
        yield "includes itself through other headers"


TEXT_RULES = [ascii_only, opening, guard, no_using_namespace, errors_are_kept, layers, libraries, no_cycle]


def closure(h, headers, with_self=True):
    """Paths of all own headers that h pulls in."""
    seen, todo = set(), [h.path] if with_self else list(h.own)
    while todo:
        path = todo.pop()
        if path not in seen and path in headers:
            seen.add(path)
            todo += headers[path].own
    return seen


# ---- rules that need a compiler ----

def compile_text(compiler, arguments, text, root):
    """Runs the compiler on text; returns (its standard output, the first errors or '')."""
    done = subprocess.run([*compiler, "-I", str(root), *foreign_flags(), *arguments, "-x", "c++", "-"],
                          input=text, capture_output=True, text=True)
    errors = [line for line in done.stderr.splitlines() if "error" in line] or done.stderr.splitlines()[:3]
    return done.stdout, "" if done.returncode == 0 else "; ".join(errors[:3]) or "failed"


def available(h, headers, root):
    """False if h needs a foreign library that is not installed here."""
    names = {n for p in closure(h, headers) for n in headers[p].other if "/" in n or n.endswith(".h")}
    text = "".join(f"#if !__has_include(<{n}>)\n#error\n#endif\n" for n in names)
    return not text or not compile_text(["g++"], ["-E"], text, root)[1]


def clean(headers, compiler, flags, root):
    """Headers compile in this order without a warning."""
    # Twice, so that a guard that does not work shows.
    text = "".join(f"#include <{h.name}>\n" * 2 for h in headers)
    return compile_text([compiler], [*flags, *WARNINGS, "-fsyntax-only"], text, root)[1]


def compiled(headers, compilers, every_mode):
    """What is to be compiled: (name for complaints, headers, compiler, flags)."""
    for compiler, newer in compilers:
        for flags in (["-std=c++20"], ["-std=" + newer], ["-std=c++20", "-ffreestanding"]):
            free = "-ffreestanding" in flags
            chosen = [h for h in headers if h.layer == "core" or not free]
            words = f"with {compiler} {' '.join(flags)}: "
            if chosen:
                yield "all headers", "together " + words, chosen, compiler, flags
            for h in chosen:
                least = compiler == compilers[0][0] and flags[0] == "-std=c++20" and free == (h.layer == "core")
                if least or every_mode:
                    yield h.name, "alone " + words, [h], compiler, flags


def macros(text, root):
    out, error = compile_text(["g++"], ["-std=c++20", "-dM", "-E"], text, root)
    return error or dict(re.match(r"#define (\w+)(.*)", line).groups() for line in out.splitlines())


def macro_leaks(h, headers, root):
    """A header defines guards and PUBLIC_MACROS, and changes nothing else."""
    pulled = closure(h, headers)
    guards = {"LOWP_" + re.sub(r"\W", "_", headers[p].name[len("lowp/"):]).upper() for p in pulled}
    # Sorted: what the standard library defines must not depend on our order of includes.
    other = sorted({n for p in pulled for n in headers[p].other})
    # A header may use a part of the standard library only where it exists.
    before = macros("".join(f"#if __has_include(<{n}>)\n#include <{n}>\n#endif\n" for n in other), root)
    after = macros(f"#include <{h.name}>\n", root)
    if isinstance(before, str) or isinstance(after, str):
        return f"not preprocessed: {before if isinstance(before, str) else after}"
    new = {n for n in after if n not in before} - guards - PUBLIC_MACROS
    changed = {n for n in before if n in after and after[n] != before[n]}
    gone = set(before) - set(after)
    return "; ".join(f"macro {n} {what}" for what, names in
                     (("leaks", new), ("is redefined", changed), ("is undefined", gone)) for n in sorted(names))


def two_units(headers, compiler, root):
    """Two translation units with all headers link: nothing is defined twice."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for i, last in enumerate(["int other(); int main() { return other(); }", "int other(); int other() { return 0; }"]):
            files.append(os.path.join(folder, f"{i}.cpp"))
            with open(files[-1], "w", encoding="ascii") as f:
                f.write("".join(f"#include <{h.name}>\n" for h in headers) + last + "\n")
        program = os.path.join(folder, "program")
        # g++ emits coroutines that nobody calls, with calls into lowp_simd.
        done = subprocess.run([compiler, "-std=c++20", "-I", str(root), *foreign_flags(), *files, "-o", program,
                               "-no-pie", "-Wl,--unresolved-symbols=ignore-all"],
                              capture_output=True, text=True)
        if done.returncode == 0:
            done = subprocess.run([program], capture_output=True, text=True)
        return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["failed"])[-1]


def check(root, every_mode=False):
    """All complaints as (header, complaint), and the number of (header, rule) pairs that were looked at."""
    root = pathlib.Path(root).resolve()
    found = [Header(root, p.resolve()) for p in sorted((root / "lowp").rglob("*.hpp"))]
    headers = {h.path: h for h in found}
    complaints, looked_at = [], 0

    for h in found:
        for rule in TEXT_RULES:
            looked_at += 1
            complaints += [(h.name, c) for c in rule(h, headers)]

    compilers = [(c, s) for c, s in COMPILERS if shutil.which(c)]
    for c, _ in COMPILERS:
        if not shutil.which(c):
            print(f"note: no {c} here, its checks are left out")
    whole = []
    for h in found:
        if h.is_kernel or h.is_unit:
            continue
        if available(h, headers, root):
            whole.append(h)
        else:
            print(f"note: {h.name} needs a library that is not installed, not compiled")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        # The long ones first.
        jobs = [("all headers", f"two units with {compiler}: ", pool.submit(two_units, whole, compiler, root))
                for compiler, _ in compilers]
        for name, prefix, chosen, compiler, flags in sorted(compiled(whole, compilers, every_mode), key=lambda c: -len(c[2])):
            jobs.append((name, prefix, pool.submit(clean, chosen, compiler, flags, root)))
        jobs += [(h.name, "", pool.submit(macro_leaks, h, headers, root)) for h in whole]
        for name, prefix, job in jobs:
            looked_at += 1
            if job.result():
                complaints.append((name, prefix + job.result()))
    if not found:
        complaints.append((str(root), "no header found"))
    if not compilers:
        complaints.append(("compilers", "none found"))
    return complaints, looked_at


def main():
    folders = [word for word in sys.argv[1:] if word != "--every-mode"]
    complaints, looked_at = check(folders[0] if folders else DEFAULT_INCLUDE, "--every-mode" in sys.argv)
    for name, complaint in complaints:
        print(f"{name}: {complaint}")
    print(f"{max(looked_at - len(complaints), 0)} passed, {len(complaints)} failed")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
