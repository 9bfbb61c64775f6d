"""A Hawkes process simulated by a plain Python loop, for every line that comes in: answers "ns rate digest".

Ogata's thinning as it is commonly written, with the law of the case hawkes-one-type of tests/bench/flow-cases.ts: one
type, exponential kernel, events up to a given number. `rate` is events per second of simulated time, by which it can
be seen to simulate the same process. Called as: python3 hawkes_loop.py EVENTS
"""
import math
import random
import sys
import time

MU, ALPHA, BETA = 1.0, 0.5, 1.0


def simulate(mu: float, alpha: float, beta: float, events: int) -> list[float]:
    times: list[float] = []
    t = 0.0
    excitation = 0.0
    while len(times) < events:
        bound = mu + excitation
        wait = random.expovariate(bound)
        t += wait
        excitation *= math.exp(-beta * wait)
        if random.random() * bound <= mu + excitation:
            times.append(t)
            excitation += alpha
    return times


size = int(sys.argv[1])
for _line in sys.stdin:
    random.seed(1)
    start_ns = time.process_time_ns()
    found = simulate(MU, ALPHA, BETA, size)
    ns = (time.process_time_ns() - start_ns) / size
    print(ns, size / found[-1], f"{found[-1]:.6f}", flush=True)
