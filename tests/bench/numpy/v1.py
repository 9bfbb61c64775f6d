"""The table V1 by numpy, vectorised over runs, for every line that comes in: answers "ns means".

Avellaneda & Stoikov (2008), section 3.3: the same recipe and as many runs as src/core/proof/v1.ts; processor time of a
step of a run, and the six mean profits, by which it can be seen to compute the same.
"""
import sys
import time

import numpy as np

SIGMA, HORIZON, STEPS, A, K = 2.0, 1.0, 200, 140.0, 1.5
RUNS = 11_000
ROWS = [(gamma, skewed) for gamma in (0.1, 0.01, 1.0) for skewed in (True, False)]


def profit(rng: np.random.Generator, gamma: float, skewed: bool) -> np.ndarray:
    dt = HORIZON / STEPS
    move = SIGMA * np.sqrt(dt)
    left = HORIZON - np.arange(STEPS) * dt
    halves = 0.5 * (gamma * SIGMA**2 * left + 2 / gamma * np.log1p(gamma / K))
    mid = np.full(RUNS, 100.0)
    cash = np.zeros(RUNS)
    inventory = np.zeros(RUNS)
    steady = halves.mean()
    steady_p = min(1.0, A * np.exp(-K * steady) * dt)
    for step in range(STEPS):
        if skewed:
            skew = inventory * (gamma * SIGMA**2 * left[step])
            ask = halves[step] - skew
            bid = halves[step] + skew
            sold = rng.random(RUNS) < A * dt * np.exp(-K * ask)
            bought = rng.random(RUNS) < A * dt * np.exp(-K * bid)
        else:
            ask = bid = steady
            sold = rng.random(RUNS) < steady_p
            bought = rng.random(RUNS) < steady_p
        cash += sold * (mid + ask) - bought * (mid - bid)
        inventory += bought
        inventory -= sold
        mid += np.where(rng.random(RUNS) < 0.5, -move, move)
    return cash + inventory * mid


def table() -> list[float]:
    rng = np.random.Generator(np.random.SFC64(1))
    return [float(profit(rng, gamma, skewed).mean()) for gamma, skewed in ROWS]


for line in sys.stdin:
    start = time.process_time()
    means = table()
    ns = 1e9 * (time.process_time() - start) / (RUNS * STEPS * len(ROWS))
    print(ns, "/".join(f"{mean:.3f}" for mean in means), flush=True)
