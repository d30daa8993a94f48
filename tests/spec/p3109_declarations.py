# SPDX-License-Identifier: Apache-2.0
"""Checks the conformance table of spec/p3109.md and the declaration files in spec/p3109/.

usage: p3109_declarations.py [SOURCE-ROOT]
test: IEP-15 every operation of the report has a row without an empty cell, a function in lowp::p3109 and a test
that names it; the declaration files are well formed and use names of version 4.0 only.
Closes with 'N passed, N failed'.
"""
import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    yaml = None

# Typed from the report, version 4.0, by section.
UNARY = """Convert Abs Negate Sqrt Recip RSqrt Exp Exp2 ExpMinusOne Log Log2 LogOnePlus Softplus Sin Cos Tan ArcSin ArcCos
    ArcTan Sinh Cosh Tanh ArcSinh ArcCosh ArcTanh SinPi CosPi TanPi ArcSinPi ArcCosPi ArcTanPi""".split()
BINARY = """CopySign Add Subtract Multiply Divide Hypot ArcTan2 ArcTan2Pi Minimum Maximum MinimumNumber MaximumNumber
    MinimumMagnitude MaximumMagnitude MinimumMagnitudeNumber MaximumMagnitudeNumber MinimumFinite MaximumFinite""".split()
TERNARY = "FMA FAA Clamp".split()
NUMBERS = UNARY + BINARY + TERNARY
OTHERS = """CompareLess CompareLessEqual CompareEqual CompareGreaterEqual CompareGreater TotalOrder IsZero IsOne IsNaN
    IsInfinite IsFinite IsSignMinus IsNormal IsSubnormal Class NextGreaterThan NextLessThan BitwidthOf PrecisionOf
    SignednessOf DomainOf ExponentBitwidthOf TrailingSignificandBitwidthOf ExponentBiasOf MaxFiniteOf MinFiniteOf
    MinPositiveOf MaxSubnormalOf MinNormalOf RoundOf SatOf Decode Encode Project BlockDecode BlockProject
    ConvertFromBlock ConvertToBlock ConvertToBlockMaxAbsFinite BlockReduceAdd BlockReduceMultiply
    BlockDotProduct""".split()
OPERATIONS = NUMBERS + OTHERS + ["Block" + n for n in NUMBERS] + ["Scaled" + n for n in NUMBERS]
ROUNDINGS = {"NearestTiesToEven", "NearestTiesToAway", "TowardPositive", "TowardNegative", "TowardZero", "ToOdd",
             "StochasticA", "StochasticB", "StochasticC"}
SATURATIONS = {"SatFinite", "SatPropagate", "SatNone"}
FORMAT = re.compile(r"Binary(?:\d+|\$\(K\))p(?:\d+|\$\(P\))[su][ef]|binary(?:16|32|64)|BFloat16")
DECLARATIONS = ["Configurations", "Profiles", "Constraints", "Kappas"]
FILES = DECLARATIONS + ["StandardOperations"]

done = {"passed": 0, "failed": 0}


def check(good, what):
    done["passed" if good else "failed"] += 1
    if not good:
        print(what)


def functions(root):
    """Names of the functions in namespace lowp::p3109."""
    text = "\n".join(p.read_text(encoding="ascii") for p in sorted((root / "include/lowp/p3109").glob("*.hpp")))
    # The macros that define the functions are no functions.
    text = "\n".join(line for line in text.splitlines() if not line.endswith("\\"))
    names = set(re.findall(r"^(?:LOWP_FN )?[\w:]+ (\w+)\(", text, re.M))
    for name in re.findall(r"^LOWP_P3109_(?:UNARY|BINARY|TERNARY)\((\w+), \w+\)", text, re.M):
        names |= {name, "Block" + name, "Scaled" + name}
    return names


def check_table(root):
    text = (root / "spec/p3109.md").read_text(encoding="utf-8").split("## Conformance table")[-1]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| ")]
    header, rows = rows[0], rows[1:]
    names = [row[0] for row in rows]
    check(header == ["operation", "R4", "here", "lowp", "tests"], f"columns of the table: {header}")
    for name in OPERATIONS:
        check(names.count(name) == 1, f"{name} has {names.count(name)} rows in the conformance table")
    known = functions(root)
    tests = {t: (root / f"tests/p3109_{t}_test.cpp").read_text(encoding="ascii")
             for t in ("operations", "blocks", "report")}
    for row in rows:
        name = row[0]
        check(name in OPERATIONS, f"{name} is in the table, but not in the report")
        check(len(row) == len(header) and all(row), f"{name} has an empty cell")
        check(row[2].startswith(f"`{name}("), f"{name} has another name here: {row[2]}")
        check(name in known, f"{name} is not defined under include/lowp/p3109/")
        # Block and Scaled forms are made from the name of the operation there.
        base = re.sub("^(?:Block|Scaled)(?=.)", "", name) if name not in OTHERS else name
        cited = [t for t in row[4].split(", ") if t in tests]
        check(cited and all(re.search(rf"\b{base}\b", tests[t]) for t in cited),
              f"{name} is in none of the tests that its row names")


def strings(node):
    """All scalars of a parsed file, keys included."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield str(key)
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
    else:
        yield str(node)


def leaves(node):
    return strings(list(node.values()) if isinstance(node, dict) else node)


def check_shape(name, text):
    """What can be said without a YAML parser: indentation, brackets, quotes, one mark per line."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r'"[^"]*"', '""', line).split(" #")[0].rstrip()
        if not bare or bare.lstrip().startswith("#"):
            continue
        indent = len(bare) - len(bare.lstrip())
        good = (indent % 2 == 0 and bare.count('"') % 2 == 0 and bare.count("[") == bare.count("]") and
                bare.count("{") == bare.count("}") and "\t" not in line and
                re.fullmatch(r'(?:- )?(?:[\w"]+:(?: .+)?|[\w"]+)', bare.lstrip()) is not None)
        check(good, f"{name}.yaml line {number} is not well formed: {line}")


def check_meanings(files):
    for name, data in files.items():
        check(list(data)[0] == "Metadata" and data["Metadata"]["version"] == "4.0",
              f"{name}.yaml does not start with Metadata of version 4.0")
        words = set(strings(data))
        for old in ("OvfInf", "IsNan", "Rsqrt", "ToZero", "SatOvf", "ExponentBitsOf", "TrailingBitsOf"):
            check(old not in words, f"{name}.yaml has {old}, which version 4.0 does not know")
    catalogue = [n for key, group in files["StandardOperations"].items() if key != "Metadata" for n in leaves(group)
                 if n in OPERATIONS or n[0].isupper()]
    check(sorted(catalogue) == sorted(OPERATIONS),
          f"StandardOperations.yaml differs from the report in {set(catalogue) ^ set(OPERATIONS)}")
    configurations = {k: v for k, v in files["Configurations"].items() if k != "Metadata"}
    for name, c in configurations.items():
        modes = {m if isinstance(m, str) else list(m)[0] for m in c["RoundingModes"]}
        check(modes <= ROUNDINGS, f"{name}: unknown rounding modes {modes - ROUNDINGS}")
        check(set(c["SaturationModes"]) <= SATURATIONS, f"{name}: unknown saturation modes")
        check(set(c["IEEE754Formats"]) <= {"binary16", "BFloat16", "binary32", "binary64"}, f"{name}: unknown formats")
        check(c["KappaApproximate"] == [], f"{name}: approximations without a row in Kappas.yaml")
        check({"core", "accelerated", "supported"} == set(c["BlockSizes"]), f"{name}: block sizes")
    for profile in files["Profiles"]["Profiles"]:
        check(profile["configuration"] in configurations, f"profile of no configuration: {profile['configuration']}")
        for f in profile["formats"]:
            check(FORMAT.search(f) is not None, f"no format: {f}")
    check(files["Kappas"].get("Empty") is True, "Kappas.yaml declares approximations that lowp does not have")
    check(set(files["Constraints"]) - {"Metadata"} == set(configurations), "Constraints.yaml: other configurations")
    for configuration in configurations:
        for row in files["Constraints"][configuration]:
            (signature, rules), = row.items()
            found = re.fullmatch(r"(\w+)<[\w, ]*>\([\w, ]*\) -> [\w(), ]+", signature)
            check(found is not None and found[1] in OPERATIONS + ["Other"], f"no operation: {signature}")
            for condition in rules["Requires"]:
                names = set(re.findall(r"[A-Za-z]\w+(?=\()", condition))
                check(condition[0] + condition[-1] == "()" and names <= set(OPERATIONS), f"condition: {condition}")
                listed = re.search(r"\[(.*)\]", condition)
                for f in listed[1].split(", ") if listed else []:
                    check(FORMAT.fullmatch(f) is not None, f"no format: {f}")
            projections = rules.get("Projections", {"RoundingMode": [], "SaturationMode": []})
            check(set(projections["RoundingMode"]) <= ROUNDINGS and set(projections["SaturationMode"]) <= SATURATIONS,
                  f"{signature}: unknown modes")


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    check(len(OPERATIONS) == len(set(OPERATIONS)) == 52 * 3 + 42, f"{len(OPERATIONS)} operations")
    check_table(root)
    texts = {name: (root / f"spec/p3109/{name}.yaml").read_text(encoding="ascii") for name in FILES}
    for name, text in texts.items():
        check_shape(name, text)
    if yaml is None:
        print("note: no python3-yaml here, the declaration files are checked line by line only")
    else:
        check_meanings({name: yaml.safe_load(text) for name, text in texts.items()})
    print(f"{done['passed']} passed, {done['failed']} failed")
    return 1 if done["failed"] else 0


sys.exit(main())
