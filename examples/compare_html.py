# SPDX-License-Identifier: Apache-2.0
"""Pieces of a page that needs nothing else: for compare_recipes.py and the parts of its page."""
import html
import math
import statistics

# Pictures take their black from the page, so that they are readable in the dark too.
STYLE = """
:root{color-scheme:light dark;--ink:#1a1a1a;--paper:#fff;--soft:#555;--line:#ccc;--faint:#e4e4e4}
@media(prefers-color-scheme:dark){:root{--ink:#e6e6e6;--paper:#16181c;--soft:#aaa;--line:#555;--faint:#333}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:72rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.3rem;margin-top:2.4rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin-top:1.6rem}p,li{max-width:48rem}nav a{margin-right:1rem;white-space:nowrap}a{color:inherit}
figure{margin:1rem 0}figure svg{display:block;width:100%;min-width:44rem;height:auto;color:var(--ink)}
svg text{fill:currentColor}figcaption{font-size:.9rem;color:var(--soft);max-width:60rem;margin:.3rem 0}
table{border-collapse:collapse;font-size:.88rem;min-width:40rem}
th,td{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--faint)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td:not(.n){min-width:6rem}td.w{min-width:12rem}
.scroll{overflow-x:auto}summary{cursor:pointer;margin:.8rem 0}
"""


def number(x, digits=4):
    if x is None or not math.isfinite(x):
        return "-"
    return f"{x:.{digits}f}"


def signed(x):
    """Four digits after the point, and no sign where all of them are 0."""
    text = f"{x:+.4f}"
    return text[1:] if not text.strip("+-0.") else text


def short(x):
    return "-" if x is None or not math.isfinite(x) else f"{x:.3g}"


def spread(values):
    """Mean, least and greatest as text."""
    if not values or not all(map(math.isfinite, values)):
        return "-"
    mean = statistics.fmean(values)
    return f"{signed(mean)} ({signed(min(values))} to {signed(max(values))})" if len(values) > 1 else signed(mean)


def table(caption, columns, rows):
    """columns: names; those of numbers with a leading '#', those of sentences with a leading '~'."""
    kinds = [{"#": ' class="n"', "~": ' class="w"'}.get(c[0], "") for c in columns]
    head = "".join(f'<th scope="col"{k}>{html.escape(c.lstrip("#~"))}</th>' for c, k in zip(columns, kinds))
    body = "".join("<tr>" + "".join(f"<td{k}>{html.escape(str(c))}</td>" for c, k in zip(row, kinds)) + "</tr>\n"
                   for row in rows)
    return (f'<figure><figcaption>{html.escape(caption)}</figcaption><div class="scroll"><table><thead><tr>{head}</tr></thead>\n'
            f"<tbody>{body}</tbody></table></div></figure>\n")


def figure(svg, label, caption):
    if not svg:
        return ""
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{html.escape(label, quote=True)}"', 1)
    return f'<figure><div class="scroll">{svg}</div><figcaption>{html.escape(caption)}</figcaption></figure>\n'


def paragraph(*sentences):
    return f"<p>{html.escape(' '.join(s for s in sentences if s))}</p>\n"


def items(sentences):
    return "<ul>" + "".join(f"<li>{html.escape(s)}</li>\n" for s in sentences) + "</ul>\n" if sentences else ""


def details(summary, text):
    """What is shown on demand."""
    return f"<details><summary>{html.escape(summary)}</summary>\n{text}</details>\n" if text else ""
