# SPDX-License-Identifier: Apache-2.0
"""Installs lowp to a temporary prefix and builds examples/consumer against it in each supported way:
pkg-config, Meson with pkg-config, CMake, and Meson with lowp as a subproject.

usage: packaging_test.py SOURCE-ROOT CXX [COMPILER-WORD...]"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(sys.argv[1])
COMPILER = [word for word in sys.argv[2:] if not word.endswith("ccache")]
CONSUMER = ROOT / "examples" / "consumer"


def run(*command, env=None, fails=False):
    """Standard output of a command; an exception with all it said unless it ends as expected."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True,
                          env={**os.environ, "CXX": " ".join(COMPILER), **(env or {})})
    if (done.returncode != 0) != fails:
        raise RuntimeError(f"{' '.join(words)}\nexit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + (done.stderr if fails else "")


def expect(condition, message):
    if not condition:
        raise RuntimeError(message)


def installs(work):
    """Everything of include/lowp and the two package files, and nothing else, is installed."""
    run("meson", "setup", work / "lowp", ROOT, f"--prefix={work / 'prefix'}")
    run("meson", "install", "--no-rebuild", "-C", work / "lowp")
    prefix = work / "prefix"
    found = {p.relative_to(prefix).as_posix() for p in prefix.rglob("*") if p.is_file()}
    wanted = {p.relative_to(ROOT).as_posix() for p in (ROOT / "include/lowp").rglob("*") if p.is_file()}
    wanted |= {"share/pkgconfig/lowp.pc", "share/cmake/lowp/lowpConfig.cmake",
               "share/cmake/lowp/lowpConfigVersion.cmake"}
    expect(found == wanted, f"missing: {sorted(wanted - found)}; too many: {sorted(found - wanted)}")


def pkgconfig_env(work):
    return {"PKG_CONFIG_PATH": str(work / "prefix/share/pkgconfig")}


def consumer_runs(program):
    said = run(program)
    expect(said.startswith("lowp "), f"the consumer said {said!r}")


def by_pkgconfig(work):
    flags = run("pkg-config", "--cflags", "--libs", "lowp >= 0.1", env=pkgconfig_env(work)).split()
    run("pkg-config", "--exists", "lowp >= 0.2", env=pkgconfig_env(work), fails=True)
    run(*COMPILER, "-std=c++20", CONSUMER / "main.cpp", *flags, "-o", work / "plain")
    consumer_runs(work / "plain")


def by_meson(work):
    run("meson", "setup", work / "by_meson", CONSUMER, "--wrap-mode=nofallback", env=pkgconfig_env(work))
    run("ninja", "-C", work / "by_meson")
    consumer_runs(work / "by_meson" / "consumer")


def by_cmake(work):
    compiler = [f"-DCMAKE_CXX_COMPILER={COMPILER[0]}", f"-DCMAKE_CXX_FLAGS={' '.join(COMPILER[1:])}"]
    where = f"-DCMAKE_PREFIX_PATH={work / 'prefix'}"
    run("cmake", "-G", "Ninja", "-S", CONSUMER, "-B", work / "by_cmake", where, *compiler)
    run("cmake", "--build", work / "by_cmake")
    consumer_runs(work / "by_cmake" / "consumer")
    # Another minor version may differ, so it is refused.
    for other in ("0.0", "0.2"):
        project = work / f"wants_{other}"
        shutil.copytree(CONSUMER, project)
        lists = project / "CMakeLists.txt"
        lists.write_text(lists.read_text().replace("find_package(lowp 0.1", f"find_package(lowp {other}"))
        said = run("cmake", "-G", "Ninja", "-S", project, "-B", project / "build", where, *compiler, fails=True)
        expect(f'compatible with requested version "{other}"' in " ".join(said.split()), said)


def by_subproject(work):
    """As a subproject lowp gives its headers and builds nothing of its own."""
    parent = work / "parent"
    shutil.copytree(CONSUMER, parent)
    (parent / "subprojects").mkdir()
    (parent / "subprojects" / "lowp").symlink_to(ROOT)
    run("meson", "setup", work / "by_subproject", parent, "--wrap-mode=forcefallback")
    run("ninja", "-C", work / "by_subproject")
    consumer_runs(work / "by_subproject" / "consumer")
    built = run("ninja", "-C", work / "by_subproject", "-t", "targets", "all")
    expect("test_" not in built and "doctest" not in built, "the subproject builds its own tests")


def simd_by_subproject(work):
    """A parent that asks for lowp_simd gets the library as a target; Highway may be missing."""
    parent = work / "simd_parent"
    (parent / "subprojects").mkdir(parents=True)
    (parent / "subprojects" / "lowp").symlink_to(ROOT)
    (parent / "meson.build").write_text(
        "project('parent', 'cpp', default_options: ['cpp_std=c++20'])\n"
        "simd = dependency('lowp_simd', fallback: 'lowp', required: false)\n"
        "message('lowp_simd', simd.found(), dependency('libhwy', required: false).found())\n"
        "if simd.found()\n  executable('app', 'app.cpp', dependencies: simd)\nendif\n")
    (parent / "app.cpp").write_text("int main() {}\n")
    said = run("meson", "setup", work / "simd_build", parent)
    expect("lowp_simd true true" in said or "lowp_simd false false" in said, said)
    targets = run("ninja", "-C", work / "simd_build", "-t", "targets", "all")
    expect(("liblowp_simd.a" in targets) == ("lowp_simd true" in said), targets)


def main():
    failed = 0
    steps = [installs, by_pkgconfig, by_meson, by_cmake, by_subproject, simd_by_subproject]
    with tempfile.TemporaryDirectory() as folder:
        for step in steps:
            try:
                step(pathlib.Path(folder))
            except (RuntimeError, OSError) as problem:
                failed += 1
                print(f"{step.__name__}: {problem}")
    print(f"{len(steps) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
