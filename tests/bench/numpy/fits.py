"""Fits by scipy for every line that comes in: answers "ns maximum digest" for `hawkes-fit` or `intensity-fit`.

The same events and counts as tests/bench/fit-cases.ts. The Hawkes likelihood is numpy where it can be vectorised, the
recursion a loop over floats, which is faster than one over numpy scalars; L-BFGS-B on the logarithms of the parameters
from the same start. curve_fit is given the rates, as it is commonly used.
"""
import math
import sys
import time

import numpy as np
from scipy.optimize import curve_fit, minimize

EVENTS = 10_000


class Lehmer:
    def __init__(self) -> None:
        self.state = 1

    def uniform(self) -> float:
        self.state = self.state * 48271 % 2147483647
        return self.state / 2147483647


def excited_events() -> np.ndarray:
    random = Lehmer()
    times, t, excitation = [], 0.0, 0.0
    while len(times) < EVENTS:
        bound = 1 + excitation
        wait = -math.log(random.uniform()) / bound
        t += wait
        excitation *= math.exp(-wait)
        if random.uniform() * bound >= 1 + excitation:
            continue
        times.append(t)
        excitation += 0.5
    return np.array(times)


def hawkes_fit():
    times = excited_events()
    gaps = np.diff(times)
    horizon = times[-1]

    def negative(x: np.ndarray) -> float:
        mu, alpha, beta = np.exp(x)
        decays = np.exp(-beta * gaps).tolist()
        r, sums = 0.0, [0.0]
        for decay in decays:
            r = decay * (r + 1)
            sums.append(r)
        mass = (EVENTS - (r + 1)) / beta
        return -(np.log(mu + alpha * np.array(sums)).sum() - mu * horizon - alpha * mass)

    rate = EVENTS / horizon
    start = np.log([0.5 * rate, 0.5 * 0.3 * rate, 0.3 * rate])

    def fit():
        found = minimize(negative, start, method="L-BFGS-B", options={"ftol": 1e-13, "gtol": 1e-6})
        return 1, -found.fun, f"{-found.fun:.6g}"

    return fit


def intensity_fit():
    random = Lehmer()
    distances = 0.1 * np.arange(20)
    counts = np.array([round(280 * math.exp(-1.5 * d) * (0.9 + 0.2 * random.uniform())) for d in distances])

    def fit():
        for _ in range(20):
            (a, _k), _ = curve_fit(lambda d, a, k: a * np.exp(-k * d), distances, counts / 2, p0=(100, 1))
        return 20, 0.0, f"{a:.6g}"

    return fit


run = hawkes_fit() if sys.argv[1] == "hawkes-fit" else intensity_fit()
for _line in sys.stdin:
    start_ns = time.process_time_ns()
    units, value, digest = run()
    print((time.process_time_ns() - start_ns) / units, value, digest, flush=True)
