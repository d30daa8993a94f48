# SPDX-License-Identifier: Apache-2.0
"""Checks that the steps of spec/README.md's recipes were all done: every row of the registry has its
constant and its type alias, and every table of vendor rules, policies and conversion instructions is in
the list of all.

usage: check_registry.py [INCLUDE-FOLDER]     (default: the repository's include/)
Prints one line for each step that is missing and closes with 'N passed, N failed'.
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROW = re.compile(r'^    \{"(\w+)", "(\w+)",$', re.M)
TABLE = re.compile(r"inline constexpr (?:conversion_rule|named_projection) (\w+)\[\]")
INSTRUCTIONS = re.compile(r"inline constexpr const auto& (\w+_instructions) =")


def main():
    include = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent.parent / "include")
    lowp = include / "lowp"
    formats = (lowp / "formats.hpp").read_text()
    types = (lowp / "types.hpp").read_text()
    gathered = (lowp / "hardware" / "all_rules.hpp").read_text()
    instructions = (lowp / "hardware" / "all_instructions.hpp").read_text()
    problems = []
    steps = 0
    rows = ROW.findall(formats)
    if len(rows) < 50:
        problems.append(f"formats.hpp: only {len(rows)} rows were recognised")
    for name, type_name in rows:
        steps += 2
        if f'inline constexpr format {name} = detail::registered("{name}");' not in formats:
            problems.append(f"formats.hpp: no constant formats::{name} "
                            "(recipe 'Add a format' in spec/README.md)")
        if f"using {type_name} = number<formats::{name}>;" not in types:
            problems.append(f"types.hpp: no alias 'using {type_name} = number<formats::{name}>;' "
                            "(recipe 'Add a format' in spec/README.md)")
    for header in sorted((lowp / "hardware").glob("*.hpp")):
        for table in TABLE.findall(header.read_text()):
            if header.name == "all_rules.hpp":
                continue
            steps += 1
            if not re.search(rf"\b{table}\b", gathered):
                problems.append(f"all_rules.hpp: {table} of {header.name} is not gathered "
                                "(recipe 'Add a vendor rule' in spec/README.md)")
        for table in INSTRUCTIONS.findall(header.read_text()):
            steps += 1
            if not re.search(rf"\brules::{table}\b", instructions):
                problems.append(f"all_instructions.hpp: {table} of {header.name} is not gathered "
                                "(recipe 'Add a conversion instruction' in spec/README.md)")
    for problem in problems:
        print(problem)
    print(f"{max(steps - len(problems), 0)} passed, {len(problems)} failed")
    return 1 if problems or steps == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
