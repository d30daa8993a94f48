# SPDX-License-Identifier: Apache-2.0
"""Builds the library of GPU instructions for `lowp verify --gpu`: every conversion of PTX in
spec/conversion_instructions.json that the architecture and nvcc have, and the matrix instructions of
instructions.inc.

usage: build.py NVCC CAPABILITY OUTPUT [--compile-only]      CAPABILITY: 90, 100, ..."""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE.parents[1] / "spec/conversion_instructions.json"

def release(nvcc):
    said = subprocess.run([nvcc, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in re.search(r"release (\d+)\.(\d+)", said).groups())


def is_here(target, capability, ptx):
    """Has this architecture the instruction, and this PTX? Suffixes: a, that architecture only; f, its family."""
    needed = re.match(r"PTX (\d+)\.(\d+), ", target)
    if needed:
        if ptx < tuple(int(part) for part in needed.groups()):
            return False
        target = target[needed.end():]
    if target == "all":
        return True
    for word in target.split(", "):
        number, suffix = re.fullmatch(r"sm_(\d+)([af]?)", word).groups()
        if suffix == "a" and int(number) == capability:
            return True
        if suffix == "f" and int(number) // 10 == capability // 10 and int(number) <= capability:
            return True
        if suffix == "" and int(number) <= capability:
            return True
    return False


def conversion(index, row):
    """A struct whose run executes the row on six words."""
    source, result, count = row["source_register"]["bits"], row["result_register"]["bits"], row["sources"]
    lines, names = [], []
    for s in range(count):
        if source == 32:
            names.append(f"%{s + 1}")
            continue
        parts = [f"s{s}_{i}" for i in range(32 // source)]
        lines.append(f".reg .b{source} " + ", ".join(parts) + ";")
        lines.append(f"mov.b32 {{{', '.join(parts)}}}, %{s + 1};")
        names.append(parts[0])
    operands = "{" + ", ".join(names) + "}" if count == 4 else ", ".join(names)
    if "random" in row:
        operands += ", %5"
    if "scale" in row:
        lines += [".reg .b16 scale, unused;", "mov.b32 {scale, unused}, %6;"]
        operands += ", scale"
    if result == 32:
        lines.append(f"{row['name']} %0, {operands};")
    else:
        parts = [f"d{i}" for i in range(32 // result)]
        lines.append(f".reg .b{result} " + ", ".join(parts) + ";")
        if result == 16:
            lines.append("mov.b16 d1, 0;")
        lines += [f"{row['name']} d0, {operands};", f"mov.b32 %0, {{{', '.join(parts)}}};"]
    text = "".join(f'        "{line}\\n"\n' for line in ["{", *lines, "}"])
    mask = "" if result == 32 else f" & 0x{(1 << result) - 1:x}"
    return (f"struct cvt_{index} {{  // {row['name']}\n"
            "  static __device__ std::uint32_t run(const std::uint32_t* in) {\n    std::uint32_t out;\n    asm volatile(\n"
            f'{text}        : "=r"(out)\n        : "r"(in[0]), "r"(in[1]), "r"(in[2]), "r"(in[3]), "r"(in[4]), "r"(in[5]));\n'
            f"    return out{mask};\n  }}\n}};\n")


def matrix_rows(capability):
    """(kind, shape, k, overflow, d, a, b) of instructions.inc, through the preprocessor."""
    source = "".join(f"#define {kind}(CC, SHAPE, K, Q, D, A, B) ROW {kind} CC SHAPE K D A B Q END\n"
                     for kind in ("LOWP_MMA", "LOWP_WGMMA", "LOWP_TCGEN05"))
    source += f'#include "{HERE}/instructions.inc"\n'
    said = subprocess.run(["c++", "-E", "-P", "-x", "c++", "-"], input=source, capture_output=True, text=True,
                          check=True).stdout
    for text in re.findall(r"ROW (.*?) END", said, re.S):
        kind, least, shape, k, d, a, b, *overflow = text.split()
        only = kind != "LOWP_MMA"
        if int(least) == capability if only else int(least) <= capability:
            yield kind, shape, int(k), "".join(overflow), d, a, b


def bits(kind):
    return {"tf32": 32, "bf16": 16}.get(kind) or (8 if kind[0] == "e" else int(kind[1:]))


def tcgen05_descriptor(a, b):
    """Instruction descriptor: d in f32, a of 128 rows and b of 16, both with k adjacent."""
    number = {"f16": 0, "bf16": 1, "tf32": 2, "e4m3": 0, "e5m2": 1}
    return 1 << 4 | number[a] << 7 | number[b] << 10 | (16 >> 3) << 17 | (128 >> 4) << 24


def matrix(index, row):
    """A struct for one matrix instruction, its name and its kind."""
    kind, shape, k, overflow, d, a, b = row
    if kind == "LOWP_MMA":
        b_words, d_words = 8 * k * bits(a) // 1024, 4 * bits(d) // 32
        name = f"mma.{shape}{overflow}.{d}.{a}.{b}.{d}"
        text = f"mma.sync.aligned.{shape}.row.col{overflow}.{d}.{a}.{b}.{d}"
        sizes = f"  static constexpr int b_words = {b_words}, d_words = {d_words};\n" \
                f"  static constexpr int words_in = 32 * {3 * b_words + d_words}, words_out = 32 * {d_words};\n"
        body = "  static __device__ void run(const std::uint32_t* a, const std::uint32_t* b, std::uint32_t* d) {\n" \
               f'    LOWP_ASM_{2 * b_words}{b_words}{d_words}("{text}");\n  }}\n'
    elif kind == "LOWP_WGMMA":
        d_words = 4 * bits(d) // 32
        name = f"wgmma.m64nN{shape}{overflow}.{d}.{a}.{b}"
        text = f"wgmma.mma_async.sync.aligned.m64n8{shape}{overflow}.{d}.{a}.{b}"
        if d == "s32":
            text = f"wgmma.mma_async.sync.aligned.m64n8{shape}.{d}.{a}.{b}{overflow}"
        last = "" if d == "s32" else ", 1, 1, 0, 0" if bits(a) == 16 else ", 1, 1"
        macro = {"s32": "4", "f32": "F4", "f16": "2"}[d]
        sizes = f"  static constexpr int d_words = {d_words};\n" \
                f"  static constexpr int words_in = 576 + 128 * {d_words}, words_out = 128 * {d_words};\n"
        body = "  static __device__ void run(std::uint64_t a, std::uint64_t b, std::uint32_t* d) {\n" \
               f'    LOWP_WGMMA_{macro}("{text}", "{last}");\n  }}\n'
    else:
        name = f"tcgen05.mma.mMnN{shape}.{d}.{a}.{b}"
        ptx_kind = "tf32" if a == "tf32" else "f16" if bits(a) == 16 else "f8f6f4"
        sizes = "  static constexpr int words_in = tcgen05_a + tcgen05_b + tcgen05_c, words_out = tcgen05_c;\n"
        body = "  static __device__ void run(std::uint32_t d, std::uint64_t a, std::uint64_t b) {\n" \
               f"    constexpr std::uint32_t descriptor = 0x{tcgen05_descriptor(a, b):x};\n" \
               f'    LOWP_TCGEN05_ASM("{ptx_kind}");\n  }}\n'
    return f"struct matrix_{index} {{  // {name}\n{sizes}{body}}};\n", name, kind[5:].lower()


def program(capability, ptx):
    """The .cu file."""
    rows = [row for row in json.loads(TABLE.read_text(encoding="ascii"))["instructions"]
            if row["name"].startswith("cvt.") and is_here(row["target"], capability, ptx)]
    structs = [conversion(i, row) for i, row in enumerate(rows)]
    entries = [f'    {{"{row["name"]}", gpu_kind::cvt, 6, 1, run_cvt<cvt_{i}>}},' for i, row in enumerate(rows)]
    for i, row in enumerate(matrix_rows(capability)):
        struct, name, kind = matrix(i, row)
        structs.append(struct)
        entries.append(f'    {{"{name}", gpu_kind::{kind}, matrix_{i}::words_in, matrix_{i}::words_out, '
                       f'run_{kind}<matrix_{i}>}},')
    return "\n".join([
        f"#define LOWP_CAPABILITY {capability}", f'#include "{HERE}/kernels.cuh"', "namespace lowp::tool::gpu {",
        "namespace {", *structs, "constexpr gpu_entry entries[] = {", *entries, "};", "}  // namespace",
        "}  // namespace lowp::tool::gpu", """
extern "C" lowp::tool::gpu_library lowp_gpu_library() {
  static cudaDeviceProp properties;
  int devices = 0;
  const cudaError_t status = cudaGetDeviceCount(&devices);
  if (status != cudaSuccess) return {nullptr, cudaGetErrorString(status), 0, nullptr, 0};
  if (devices == 0) return {nullptr, "there is no device", 0, nullptr, 0};
  lowp::tool::gpu::check(cudaGetDeviceProperties(&properties, 0));
  const auto& entries = lowp::tool::gpu::entries;
  return {properties.name, nullptr, 10 * properties.major + properties.minor, entries,
          sizeof(entries) / sizeof(entries[0])};
}
"""]), len(entries)


def build(nvcc, capability, output, compile_only):
    toolkit = release(nvcc)
    # PTX 9.0 came with CUDA 13.0, 8.7 with 12.8.
    ptx = (9, toolkit[1]) if toolkit[0] == 13 else (8, toolkit[1] - 1 if toolkit[1] > 0 else 0)
    text, count = program(capability, ptx)
    specific = "a" if capability >= 90 else ""
    arch = f"arch=compute_{capability}{specific},code=sm_{capability}{specific}"
    shared = ["-cubin"] if compile_only else ["-shared", "-Xcompiler", "-fPIC", "-cudart", "static"]
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder, "instructions.cu")
        source.write_text(text, encoding="ascii")
        done = subprocess.run([nvcc, "-std=c++20", "-O1", "-gencode", arch, *shared, "-o", output, source],
                              capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode != 0 or "warning" in said:
        print(said[:4000])
        raise SystemExit(f"build.py: nvcc must compile the instructions of sm_{capability} without errors and warnings")
    return count


def main():
    arguments = [a for a in sys.argv[1:] if a != "--compile-only"]
    if len(arguments) != 3:
        raise SystemExit(__doc__)
    nvcc, capability, output = arguments
    count = build(nvcc, int(capability), output, "--compile-only" in sys.argv)
    print(f"{count} instructions of sm_{capability}")


if __name__ == "__main__":
    main()
