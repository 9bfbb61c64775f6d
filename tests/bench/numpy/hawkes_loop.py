"""A Hawkes process simulated by a plain Python loop, for every line that comes in: answers "ns rate digest".

Ogata's thinning as it is commonly written, with the laws of the cases of the same names in tests/bench/flow-cases.ts.
`rate` is events per second of simulated time, by which it can be seen to simulate the same process. Called as:
python3 hawkes_loop.py hawkes-process|hawkes-one-type EVENTS
"""
import math
import random
import sys
import time

SIX_TYPES = [
    [0.3, 0.05, 0.1, 0.6, 0.2, 0.05],
    [0.05, 0.3, 0.6, 0.1, 0.05, 0.2],
    [0.01, 0, 0.3, 0.02, 0, 0.01],
    [0, 0.01, 0.02, 0.3, 0.01, 0],
    [0.25, 0.05, 0.05, 0.3, 0.2, 0.05],
    [0.05, 0.25, 0.3, 0.05, 0.05, 0.2],
]


def simulate_one(mu: float, alpha: float, beta: float, events: int) -> float:
    times = []
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
    return t


def simulate_many(mu: list, branching: list, beta: float, events: int) -> float:
    # Column j: what an event of type j adds to each intensity.
    jumps = [[beta * row[j] for row in branching] for j in range(len(mu))]
    times = []
    types = []
    t = 0.0
    excitation = [0.0] * len(mu)
    base = sum(mu)
    while len(times) < events:
        bound = base + sum(excitation)
        wait = random.expovariate(bound)
        t += wait
        decay = math.exp(-beta * wait)
        excitation = [x * decay for x in excitation]
        u = random.random() * bound
        for i, x in enumerate(excitation):
            u -= mu[i] + x
            if u < 0:
                times.append(t)
                types.append(i)
                excitation = [x + jump for x, jump in zip(excitation, jumps[i])]
                break
    return t


size = int(sys.argv[2])
for _line in sys.stdin:
    random.seed(1)
    start_ns = time.process_time_ns()
    if sys.argv[1] == "hawkes-one-type":
        end = simulate_one(1.0, 0.5, 1.0, size)
    else:
        end = simulate_many([3.34, 3.34, 0.46, 0.46, 3.2, 3.2], SIX_TYPES, 10.0, size)
    ns = (time.process_time_ns() - start_ns) / size
    print(ns, size / end, f"{end:.6f}", flush=True)
