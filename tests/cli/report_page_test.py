# SPDX-License-Identifier: Apache-2.0
"""The page of `lowp verify --html`, drawn by a headless Chromium: its text is there, and every map of outcomes
shows the colours of its legend and no others. usage: report_page_test.py LOWP PLUGIN
test: GLD-7 maps"""
import collections
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

BROWSERS = ["chromium", "chromium-browser", "google-chrome"]


def pixels(png):
    """Rows of (r, g, b) of a PNG of 8-bit RGB or RGBA without interlacing."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data, header = 8, b"", None
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        body = png[at + 8:at + 8 + size]
        at += 12 + size
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            data += body
    width, height, depth, colour, _, _, interlaced = header
    assert depth == 8 and colour in (2, 6) and not interlaced, header
    step = 3 if colour == 2 else 4
    raw = zlib.decompress(data)
    above = bytearray(width * step)
    for y in range(height):
        kind, *line = raw[y * (width * step + 1):(y + 1) * (width * step + 1)]
        line = bytearray(line)
        for i in range(len(line)):
            a = line[i - step] if i >= step else 0
            b = above[i]
            c = above[i - step] if i >= step else 0
            if kind == 1:
                line[i] = (line[i] + a) & 255
            elif kind == 2:
                line[i] = (line[i] + b) & 255
            elif kind == 3:
                line[i] = (line[i] + (a + b) // 2) & 255
            elif kind == 4:
                near = min((abs(b - c), 0, a), (abs(a - c), 1, b), (abs(a + b - 2 * c), 2, c))
                line[i] = (line[i] + near[2]) & 255
        yield [tuple(line[x:x + 3]) for x in range(0, len(line), step)]
        above = line


def browse(browser, folder, *args):
    r = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                        f"--user-data-dir={folder}/profile", *args], capture_output=True, timeout=120, check=False)
    assert r.returncode == 0, r.stderr.decode(errors="replace")[-2000:]
    return r.stdout.decode("utf-8")


def main():
    tool, plugin = sys.argv[1:]
    browser = next((b for b in map(shutil.which, BROWSERS) if b), None)
    if browser is None:
        print("no chromium here: the page is not drawn")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        page = pathlib.Path(folder, "page.html")
        r = subprocess.run([tool, "verify", "--plugin", plugin, "--budget", "1", "--html", str(page)],
                           capture_output=True, text=True, timeout=300, check=False)
        assert r.returncode == 1, r.stdout + r.stderr
        text = page.read_text(encoding="ascii")
        maps = re.findall(r'<svg class="map".*?</svg>.*?</svg>', text, re.S)
        assert len(maps) == text.count("cases, the first:") > 3, len(maps)
        dom = browse(browser, folder, "--dump-dom", page.as_uri())
        for words in ("unexplained mismatches", "cause: ", "exponent field of the input", "as expected"):
            assert words in dom, words
        # Each map alone, so that its colours are those of its legend.
        for number, svg in enumerate(maps):
            one, picture = pathlib.Path(folder, f"{number}.html"), pathlib.Path(folder, f"{number}.png")
            one.write_text(f"<!DOCTYPE html><body style='margin:0;background:#fff'>{svg}</body>", encoding="ascii")
            browse(browser, folder, "--window-size=800,800", f"--screenshot={picture}", one.as_uri())
            seen = collections.Counter(p for row in pixels(picture.read_bytes()) for p in row)
            legend = re.findall(r'width="14" height="14" fill="#(\w{6})"', svg)
            # In some cell the worst outcome; the legend counts the others, too.
            drawn = set(re.findall(r'stroke="#(\w{6})"', svg))
            assert drawn and drawn <= set(legend), (drawn, legend)
            for colour in drawn:
                rgb = tuple(bytes.fromhex(colour))
                # A square of the legend has 12 x 12 pixels inside its frame; the map must have more.
                assert seen[rgb] > 146, (number, colour, seen[rgb])
        print(f"{len(maps)} maps drawn")
    return 0


sys.exit(main())
