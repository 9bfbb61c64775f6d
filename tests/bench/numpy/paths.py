"""Geometric Brownian motion and normals by numpy, for every line that comes in: answers "ns mean other digest".

The work of tests/bench/paths-child.ts: 100,000 paths of 252 steps, S0 = 100, mu = .05, sigma = .2. "maximum" and "paths"
are tuned: the quickest generator, chunks that stay in the cache, every result into memory that is there (out=).
"maximum-as-written" is what a user writes in five lines. The third number is a second mean: of the maxima, of the prices
half-way, of the squares.
"""
import sys
import time

import numpy as np

PATHS, STEPS, S0 = 100_000, 252, 100.0
DRIFT, SD = 0.03 / STEPS, 0.2 / np.sqrt(STEPS)
CHUNK, ROWS, NORMALS, BUFFER = 2_048, 128, 16_777_216, 4_096


def maximum() -> tuple[int, float, float]:
    rng = np.random.Generator(np.random.SFC64(1))
    z, y, m = np.empty(CHUNK), np.empty(CHUNK), np.empty(CHUNK)
    terminal = highest = 0.0
    for first in range(0, PATHS, CHUNK):
        n = min(CHUNK, PATHS - first)
        zn, yn, mn = z[:n], y[:n], m[:n]
        yn[:] = 0
        mn[:] = 0
        for _ in range(STEPS):
            rng.standard_normal(out=zn)
            np.multiply(zn, SD, out=zn)
            np.add(zn, DRIFT, out=zn)
            np.add(yn, zn, out=yn)
            np.maximum(mn, yn, out=mn)
        terminal += np.exp(yn).sum()
        highest += np.exp(mn).sum()
    return PATHS * STEPS, S0 * terminal / PATHS, S0 * highest / PATHS


def maximum_as_written() -> tuple[int, float, float]:
    rng = np.random.default_rng(1)
    steps = DRIFT + SD * rng.standard_normal((PATHS, STEPS))
    prices = S0 * np.exp(np.cumsum(steps, axis=1))
    highest = np.maximum(prices.max(axis=1), S0)
    return PATHS * STEPS, float(prices[:, -1].mean()), float(highest.mean())


def paths() -> tuple[int, float, float]:
    rng = np.random.Generator(np.random.SFC64(1))
    out = np.empty((ROWS, STEPS))
    terminal = halfway = 0.0
    for first in range(0, PATHS, ROWS):
        n = min(ROWS, PATHS - first)
        rows = out[:n]
        rng.standard_normal(out=rows)
        np.multiply(rows, SD, out=rows)
        np.add(rows, DRIFT, out=rows)
        np.cumsum(rows, axis=1, out=rows)
        np.exp(rows, out=rows)
        np.multiply(rows, S0, out=rows)
        terminal += rows[:, -1].sum()
        halfway += rows[:, STEPS // 2 - 1].sum()
    return PATHS * STEPS, terminal / PATHS, halfway / PATHS


def normals() -> tuple[int, float, float]:
    rng = np.random.Generator(np.random.SFC64(1))
    z = np.empty(BUFFER)
    total = squares = 0.0
    for _ in range(0, NORMALS, BUFFER):
        rng.standard_normal(out=z)
        some = z[::64]
        total += some.sum()
        squares += some @ some
    return NORMALS, 64 * total / NORMALS, 64 * squares / NORMALS


CASES = {"maximum": maximum, "maximum-as-written": maximum_as_written, "paths": paths, "normals": normals}
case = CASES[sys.argv[1]]
for line in sys.stdin:
    start = time.process_time()
    units, mean, other = case()
    ns = 1e9 * (time.process_time() - start) / units
    print(ns, mean, other, f"{mean:.9f}/{other:.9f}", flush=True)
