#!/usr/bin/env python3
"""Compares `casebook agreement table` with two Python packages on random tables. Not run by `cargo test`.

    pip install krippendorff==0.9.0 statsmodels==0.15.0
    python3 tests/compare/agreement.py target/debug/casebook [--tables 1000] [--seed 1]

Alpha at four levels against `krippendorff`; kappa (plain; with linear and quadratic weights and their errors), Fleiss and
Brennan & Prediger (Randolph) against `statsmodels`. Where `Rscript` and the package `irr` are there, a hundred of the tables
go through it too. Prints how many values were compared and the largest difference; exit status 1 if one is above 1e-9, or
if one program has a value where the other has none.
"""
import argparse
import csv
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import warnings
from importlib.metadata import version

import krippendorff
import numpy as np
from statsmodels.stats import inter_rater

LIMIT = 1e-9


def random_table(chance):
    """Units × coders, None where there is no value; coders lean to a true value, some more than others."""
    units, coders = chance.randint(2, 60), chance.randint(2, 6)
    values = chance.choice([[0, 1], [1, 2, 3], [1, 2, 3, 4, 5], [0, 1, 2, 5, 10, 20], [0.5, 1.25, 3, 4.75]])
    missing = chance.choice([0, 0, 0.1, 0.4])
    careful = [chance.random() for _ in range(coders)]
    rows = []
    for _ in range(units):
        true = chance.choice(values)
        rows.append([
            None if chance.random() < missing else true if chance.random() < c else chance.choice(values) for c in careful
        ])
    return rows


def casebook(binary, path, level):
    run = subprocess.run(
        [binary, "--json", "agreement", "table", path, "--level", level], capture_output=True, text=True, check=True
    )
    return {row["statistic"]: row for row in json.loads(run.stdout)["statistics"]}


class Tally:
    def __init__(self):
        self.values, self.none, self.largest, self.wrong = {}, {}, {}, []

    def compare(self, what, ours, theirs, table):
        theirs = None if theirs is None or not math.isfinite(theirs) else float(theirs)
        if ours is None or theirs is None:
            if ours is not None or theirs is not None:
                self.wrong.append(f"table {table}: {what}: casebook {ours}, other {theirs}")
            self.none[what] = self.none.get(what, 0) + 1
            return
        self.values[what] = self.values.get(what, 0) + 1
        apart = abs(ours - theirs)
        self.largest[what] = max(self.largest.get(what, 0), apart)
        if apart > LIMIT:
            self.wrong.append(f"table {table}: {what}: casebook {ours}, other {theirs}")


def alpha_of(rows, level):
    data = np.array([[np.nan if v is None else v for v in row] for row in rows], float).T
    try:
        return krippendorff.alpha(reliability_data=data, level_of_measurement=level)
    except ValueError:  # one value in the whole table, or nothing to pair
        return None


def compare(binary, number, rows, folder, tally):
    path = os.path.join(folder, "table.csv")
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.writer(f)
        out.writerow(["unit"] + [f"coder {n + 1}" for n in range(len(rows[0]))])
        for n, row in enumerate(rows):
            out.writerow([n + 1] + ["" if v is None else v for v in row])
    got = {}
    for level in ("nominal", "ordinal", "interval", "ratio"):
        got = casebook(binary, path, level)
        tally.compare(f"alpha {level}", got["alpha"]["value"], alpha_of(rows, level), number)
    used = sorted({v for row in rows for v in row if v is not None})
    if any(v is None for row in rows for v in row):
        return
    index = {v: n for n, v in enumerate(used)}
    data = np.array([[index[v] for v in row] for row in rows])
    if len(used) > 1:
        counts, _ = inter_rater.aggregate_raters(data, n_cat=len(used))
        tally.compare("fleiss", got["fleiss"]["value"], inter_rater.fleiss_kappa(counts, "fleiss"), number)
        tally.compare("brennan-prediger", got["brennan-prediger"]["value"], inter_rater.fleiss_kappa(counts, "randolph"), number)
    if len(rows[0]) == 2 and len(used) > 1:
        square = np.zeros((len(used), len(used)))
        for a, b in data:
            square[a, b] += 1
        plain = inter_rater.cohens_kappa(square)
        tally.compare("kappa", got["kappa"]["value"], plain.kappa, number)
        tally.compare("kappa-max", got["kappa-max"]["value"], plain.kappa_max, number)
        for name, weights in (("kappa-linear", "linear"), ("kappa-quadratic", "quadratic")):
            # Weighted by the steps between categories, as casebook does, not by their numbers.
            other = inter_rater.cohens_kappa(square, wt=weights)
            tally.compare(name, got[name]["value"], other.kappa, number)
            if math.isnan(other.std_kappa) and got[name]["se"] < LIMIT:
                # Full agreement: statsmodels takes the root of a rounding error below 0.
                tally.none[f"{name} se"] = tally.none.get(f"{name} se", 0) + 1
            else:
                tally.compare(f"{name} se", got[name]["se"], other.std_kappa, number)


def with_irr(binary, tables, folder, tally):
    """The same through R's irr, in one process."""
    if not shutil.which("Rscript"):
        return "R is not here"
    script = """
        if (!requireNamespace("irr", quietly = TRUE)) quit(status = 9)
        for (path in commandArgs(TRUE)) {
            d <- as.matrix(read.csv(path)[, -1])
            a <- irr::kripp.alpha(t(d), "nominal")$value
            k <- if (ncol(d) == 2 && !anyNA(d)) irr::kappa2(d)$value else NA
            f <- if (!anyNA(d)) irr::kappam.fleiss(d)$value else NA
            cat(sprintf("%.17g %.17g %.17g\\n", a, k, f))
        }
        cat("irr", as.character(packageVersion("irr")), "\\n")
    """
    paths = []
    for n, rows in enumerate(tables):
        paths.append(os.path.join(folder, f"r{n}.csv"))
        with open(paths[-1], "w", newline="", encoding="utf-8") as f:
            out = csv.writer(f)
            out.writerow(["unit"] + [f"c{n}" for n in range(len(rows[0]))])
            out.writerows([n] + ["" if v is None else v for v in row] for n, row in enumerate(rows))
    run = subprocess.run(["Rscript", "-e", script] + paths, capture_output=True, text=True, check=False)
    if run.returncode == 9:
        return "R is here without the package irr"
    if run.returncode:
        return "irr failed: " + run.stderr.strip()[:200]
    *lines, tail = run.stdout.strip().split("\n")
    for number, (path, line) in enumerate(zip(paths, lines)):
        got = casebook(binary, path, "nominal")
        for what, theirs in zip(("alpha", "kappa", "fleiss"), map(float, line.replace("NA", "nan").split())):
            if math.isfinite(theirs):
                tally.compare(f"irr {what}", got[what]["value"], theirs, number)
    return tail


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("binary")
    parser.add_argument("--tables", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    chance, tally = random.Random(args.seed), Tally()
    with tempfile.TemporaryDirectory() as folder:
        tables = [random_table(chance) for _ in range(args.tables)]
        for number, rows in enumerate(tables):
            compare(args.binary, number, rows, folder, tally)
        irr = with_irr(args.binary, tables[:100], folder, tally)
    print(f"{args.tables} tables, seed {args.seed}; krippendorff {version('krippendorff')}, statsmodels {version('statsmodels')}; {irr}")
    for what, n in tally.values.items():
        print(f"{what:22} {n:5} values, largest difference {tally.largest[what]:.1e}; {tally.none.get(what, 0)} without a value in both")
    print(f"{sum(tally.values.values())} values compared, {len(tally.wrong)} wrong")
    for line in tally.wrong[:20]:
        print(line)
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
