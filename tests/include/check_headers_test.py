# SPDX-License-Identifier: Apache-2.0
"""Shows that check_headers.py sees each kind of broken header: every case adds one fault to a small
good tree and names the header and the words of the complaint that must appear."""
import contextlib
import io
import pathlib
import shutil
import sys
import tempfile

import check_headers

GOOD = """// SPDX-License-Identifier: Apache-2.0
/// \\file
/// A good header.
#ifndef LOWP_{guard}_HPP
#define LOWP_{guard}_HPP

#include <cstdint>

namespace lowp {{
constexpr std::uint32_t {name}() noexcept {{ return 1; }}
}}  // namespace lowp

#endif
"""

TREE = {
    "low.hpp": GOOD.format(guard="LOW", name="low"),
    "high.hpp": GOOD.format(guard="HIGH", name="high").replace("#include <cstdint>", '#include "low.hpp"\n#include <cstdint>'),
    "block/top.hpp": GOOD.format(guard="BLOCK_TOP", name="top").replace("#include <cstdint>", "#include <lowp/high.hpp>\n#include <cstdint>"),
}

BODY = "constexpr std::uint32_t low() noexcept { return 1; }"
CSTDINT = "#include <cstdint>"

# (what is broken, file, text, replacement, words of the complaint)
FAULTS = [
    ("macro leak", "low.hpp", CSTDINT, CSTDINT + "\n#define LEAK 1", "macro LEAK leaks"),
    ("own macro that is not public", "low.hpp", CSTDINT, CSTDINT + "\n#define LOWP_HELPER 1", "macro LOWP_HELPER leaks"),
    ("redefined macro", "low.hpp", CSTDINT, CSTDINT + "\n#undef INT8_MAX\n#define INT8_MAX 1", "INT8_MAX is redefined"),
    ("undefined macro", "low.hpp", CSTDINT, CSTDINT + "\n#undef INT8_MAX", "INT8_MAX is undefined"),
    ("using namespace", "low.hpp", BODY, "using namespace std;\n" + BODY, "using namespace"),
    ("error to be dropped", "low.hpp", BODY, "enum class low_error : std::uint8_t { none };\n" + BODY,
     "low_error is not [[nodiscard]]"),
    ("not ASCII", "low.hpp", "A good", "A g\u00f6\u00f6d", "line 3 is not ASCII"),
    ("no licence", "low.hpp", "// SPDX-License-Identifier: Apache-2.0\n", "", "licence"),
    ("no description", "low.hpp", "/// A good header.\n", "", "lines 2 and 3"),
    ("wrong guard", "block/top.hpp", "LOWP_BLOCK_TOP_HPP", "LOWP_TOP_HPP", "the include guard is not LOWP_BLOCK_TOP_HPP"),
    ("no guard", "low.hpp", "#define LOWP_LOW_HPP", "", "redefinition"),
    ("upward include", "low.hpp", CSTDINT, '#include "block/top.hpp"\n' + CSTDINT, "must not include lowp/block/top.hpp"),
    ("cycle", "low.hpp", CSTDINT, '#include "high.hpp"\n' + CSTDINT, "includes itself"),
    ("unknown folder", "new/file.hpp", None, GOOD.format(guard="NEW_FILE", name="file"), "has no layer"),
    ("missing file", "low.hpp", CSTDINT, '#include "nowhere.hpp"\n' + CSTDINT, "does not exist"),
    ("heavy standard header", "low.hpp", CSTDINT, CSTDINT + "\n#include <cmath>", "must not include <cmath>"),
    ("foreign library", "low.hpp", CSTDINT, CSTDINT + "\n#include <boost/version.hpp>", "must not include <boost/version.hpp>"),
    ("forgotten include", "high.hpp", '#include "low.hpp"\n#include <cstdint>', "", "alone with"),
    ("warning", "low.hpp", "return 1", "long long x = 1; return x", "alone with"),
    ("unused parameter", "low.hpp", "low()", "low(int unused)", "alone with"),
    ("newer standard", "low.hpp", CSTDINT, CSTDINT + "\n#if __cplusplus > 202002L\n#error\n#endif",
     "together with g++ -std=c++23: "),
    ("hosted library", "low.hpp", CSTDINT, CSTDINT + "\n#if __STDC_HOSTED__\n#error\n#endif",
     "together with g++ -std=c++20: "),
    ("not inline", "low.hpp", "constexpr std::uint32_t low() noexcept", "std::uint32_t low() noexcept", "two units with"),
]

if shutil.which("clang++-16"):
    FAULTS.append(("clang", "low.hpp", CSTDINT, CSTDINT + "\n#ifdef __clang__\n#error\n#endif",
                   "together with clang++-16 -std=c++20: "))


def complaints_of(tree):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in tree.items():
            path = pathlib.Path(folder) / "lowp" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        with contextlib.redirect_stdout(io.StringIO()):
            return [f"{name}: {text}" for name, text in check_headers.check(folder)[0]]


def main():
    passed = failed = 0
    good = complaints_of(TREE)
    if good:
        print("the good tree has complaints:", *good, sep="\n  ")
        failed += 1
    else:
        passed += 1
    for what, name, old, new, words in FAULTS:
        text = TREE.get(name, "")
        assert old is None or old in text, what
        tree = {**TREE, name: new if old is None else text.replace(old, new)}
        complaints = complaints_of(tree)
        if any(words in c for c in complaints):
            passed += 1
        else:
            print(f"{what}: no complaint with '{words}'; got:", *complaints, sep="\n  ")
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
