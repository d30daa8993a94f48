# SPDX-License-Identifier: Apache-2.0
"""What the literature says about recipes, as data, and what trainings say about it: for compare_recipes.py.

Of the papers, abstracts and summaries were read, not all of their text."""
import dataclasses
import math

from compare_html import items, paragraph, spread, table
from compare_statistics import Difference

# What a claim says of a recipe and another one.
TRACKS, ABOVE, FAILS = "tracks", "is above", "fails, unlike"


@dataclasses.dataclass(frozen=True)
class Claim:
    sentence: str
    source: str
    kind: str
    recipe: str  # or "after NAME": the model of f32 with all in that format, after training
    other: str
    share: float = None  # of TRACKS: so much of the other's loss is allowed; None: what another seed changes
    remark: str = ""  # what differs from the source here
    group: str = ""  # of trainings, by name; empty: the first


NVFP4 = "arXiv 2509.25149"
HALF_PLAIN = "here the last block is half of the model"

CLAIMS = (
    Claim("bfloat16 operands reach what binary32 does, with the same settings", "arXiv 1905.12322", TRACKS, "bf16", "f32"),
    Claim("weights kept in bfloat16 and rounded to nearest lose small updates, which degrades training", "arXiv 2010.06192",
          ABOVE, "bf16_stored", "bf16"),
    Claim("stochastic rounding of weights kept in bfloat16 remedies it", "arXiv 2010.06192",
          ABOVE, "bf16_stored", "bf16_stored_stochastic"),
    Claim("with it they match training in 32 bits", "arXiv 2010.06192", TRACKS, "bf16_stored_stochastic", "f32"),
    Claim("gradients in binary16 vanish unless the loss is scaled", "arXiv 1710.03740", ABOVE, "fp16_unscaled", "fp16",
          remark="said of some networks"),
    Claim("FP8 (E4M3 forward, E5M2 gradients) matches 16 bits", "arXiv 2209.05433", TRACKS, "fp8_current", "bf16"),
    Claim("FP8 matches 16 bits with factors from earlier steps, too", "TransformerEngine, DelayedScaling", TRACKS,
          "fp8_delayed", "bf16"),
    Claim("without factors of tensors, FP8 loses accuracy in some cases", "arXiv 2209.05433",
          FAILS, "fp8_unscaled", "fp8_current"),
    Claim("E4M3 everywhere, with scales of 1 x 128 and 128 x 128, stays within 0.25 % of the loss of bfloat16",
          "arXiv 2412.19437", TRACKS, "fp8_block", "bf16", 0.0025),
    Claim("MXFP8 E4M3 with scales rounded up matches bfloat16", "arXiv 2506.08027", TRACKS, "mxfp8", "bf16"),
    Claim("stochastic rounding keeps the noise of gradients in INT8 from adding up", "arXiv 1805.11046",
          ABOVE, "int8", "int8_stochastic", remark="there of convolutional networks, weight gradients in more bits"),
    Claim("MX formats train in fewer than 8 bits with little loss, all three kinds of operands", "arXiv 2310.10537",
          TRACKS, "mxfp6_e2m3", "f32", remark="which 6-bit format: not read"),
    Claim("MX formats train in fewer than 8 bits with little loss, all three kinds of operands", "arXiv 2310.10537",
          TRACKS, "mxfp6_e3m2", "f32", remark="the other one"),
    Claim("MXFP4 in place of bfloat16 degrades training", "arXiv 2502.20586", ABOVE, "mxfp4", "bf16"),
    Claim("stochastic rounding and rotation of gradients in MXFP4 recover most of it", "arXiv 2502.20586",
          ABOVE, "mxfp4", "mxfp4_rotated", remark="there the forward product has more bits, here it is MXFP4 too"),
    Claim("stochastic rounding alone has a high variance, which rotation bounds", "arXiv 2502.20586",
          ABOVE, "mxfp4_stochastic", "mxfp4_rotated"),
    Claim("NVFP4 with its measures ends within 1.5 % of the loss of FP8", NVFP4, TRACKS, "nvfp4", "fp8_current", 0.015,
          HALF_PLAIN),
    Claim("NVFP4 needs stochastic rounding of gradients", NVFP4, ABOVE, "nvfp4_nearest", "nvfp4"),
    Claim("NVFP4 needs rotation for weight gradients", NVFP4, ABOVE, "nvfp4_unrotated", "nvfp4"),
    Claim("NVFP4 needs some layers in more bits, the last ones above all", NVFP4, ABOVE, "nvfp4_all_blocks", "nvfp4",
          remark=HALF_PLAIN),
    Claim("NVFP4 in all linear layers, without its measures, diverges", NVFP4, FAILS, "nvfp4_bare", "nvfp4",
          remark="there after many more tokens"),
    Claim("16 numbers under an E4M3 scale lose less than 32 under a power of two", "arXiv 2505.19115; " + NVFP4,
          ABOVE, "mxfp4", "nvfp4_bare"),
    Claim("scales rounded down, as OCP MX suggests, can make training diverge where rounding up does not",
          "arXiv 2506.08027", FAILS, "mxfp4_ocp", "mxfp4", remark="said of MXFP8", group="stress"),
    Claim("FP8 without factors fails where gradients are small", "arXiv 2209.05433", FAILS, "fp8_unscaled", "fp8_current",
          group="stress"),
    Claim("a trained model bears FP8 better than INT8", "arXiv 2209.05433", ABOVE, "after int8", "after e4m3fn",
          remark="here one factor for each tensor, both"),
)

RULES = (
    "A difference is that of final losses with the same seed, recipe less other. Its interval is mean and Student's t at "
    "95 % over seeds; the noise is how far two seeds of f32 lie apart (root of the mean of squares).",
    "Tracks: agrees where the whole interval is below the noise (or below the share that the claim names); disagrees "
    "where all of it is above.",
    "Is above: agrees where the whole interval is above zero, disagrees where all of it is below.",
    "Fails, unlike: agrees where the loss of the recipe departs with every seed and that of the other with none; disagrees "
    "where it departs with none.",
    "Otherwise these runs cannot tell, and neither can fewer than two seeds. Nothing is said about the order of several "
    "recipes.",
)
AGREES, DISAGREES, NOISE, FEW = "agrees", "disagrees", "within noise, cannot tell", "too few seeds"


def verdict(claim, difference, margin, runs, departed, other_departed):
    """By the rules above. margin: of TRACKS, None where the noise is not known; departed: in how many of the `runs` of
    the recipe, and in how many of the other, the loss departs from f32."""
    n = len(difference.values)
    if n < 2:
        return FEW
    if claim.kind == FAILS:
        if departed == runs and not other_departed:
            return AGREES
        return DISAGREES if not departed else NOISE
    if claim.kind == TRACKS:
        if margin is None:
            return FEW
        agrees, disagrees = difference.high <= margin, difference.low > margin
    else:
        agrees, disagrees = difference.low > 0, difference.high < 0
    return AGREES if agrees else DISAGREES if disagrees else NOISE


def losses_after(comparison, name):
    """By seed: the loss of the model of f32 with weights, activations and cache in a format."""
    return {run.seed: e["loss"] if e["loss"] is not None else math.inf
            for run in comparison.runs.values() for e in run.evaluations
            if e["weights"] == e["activations"] == e["cache"] == name}


def difference_of(comparison, claim):
    after = [n[6:] for n in (claim.recipe, claim.other) if n.startswith("after ")]
    if not after:
        return comparison.difference(claim.recipe, claim.other)
    a, b = (losses_after(comparison, n) for n in after)
    return Difference(a[s] - b[s] for s in sorted(a) if math.isfinite(b.get(s, math.inf)))


def margin_of(comparison, claim):
    if claim.share is None:
        return comparison.seed_noise()
    losses = [x for x in next(r for r in comparison.rows if r["recipe"] == claim.other)["final"] if math.isfinite(x)]
    return claim.share * sum(losses) / len(losses) if losses else None


def judged(groups):
    """(claim, comparison, difference, margin, verdict) of all claims whose recipes are there. groups: comparisons by
    name, of which the first has the claims without a group."""
    out = []
    for claim in CLAIMS:
        c = groups.get(claim.group) if claim.group else next(iter(groups.values()))
        d = difference_of(c, claim) if c else Difference([])
        if d.values:
            margin = margin_of(c, claim) if claim.kind == TRACKS else None
            departed = [len(c.departed(r)) for r in (claim.recipe, claim.other)]
            out.append((claim, c, d, margin, verdict(claim, d, margin, len(c.of(claim.recipe)), *departed)))
    return out


def row_of(claim, c, d, word):
    noise = c.seed_noise()
    remarks = "; ".join(filter(None, (claim.remark, f"trainings of '{claim.group}'" if claim.group else "")))
    return (claim.sentence + (f" ({remarks})" if remarks else ""), claim.source,
            f"{claim.recipe} {claim.kind} {claim.other}" + (f" ({claim.share:.2%})" if claim.share else ""), len(d.values),
            spread(d.values), f"\u00b1{d.half:.4f}" if math.isfinite(d.half) else "-",
            f"{d.mean / noise:.2f}" if noise and d.is_finite else "-", word)


def claims(groups):
    """The part of the page."""
    all_of = judged(groups)
    if not all_of:
        return ""
    words = [word for *_, word in all_of]
    return (paragraph("Claims about large models, put to this small one. Verdicts: "
                      + "; ".join(f"{w}, {words.count(w)}" for w in (AGREES, DISAGREES, NOISE, FEW) if w in words) + ".")
            + items(RULES)
            + table("What the literature says, and the paired difference of final losses here: mean, least to greatest over seeds, half "
                    "the width of its interval, and mean by noise",
                    ("~what is said", "source", "put here as", "#seeds", "#difference", "#interval", "#by noise", "verdict"),
                    [row_of(claim, c, d, word) for claim, c, d, _, word in all_of]))
