"""M/M/1 with SimPy: one server, Poisson arrivals, exponential service, load 0.8.

The work of the benchmark's group mm1. Prints the CPU seconds of the run.
Usage: /usr/bin/python3 mm1.py CUSTOMERS
"""

import random
import sys
import time

try:
    import simpy
except ImportError:
    sys.exit(127)

INTERARRIVAL_MS = 1.25
SERVICE_MS = 1.0


def source(environment, server, customers, total_ms):
    for _ in range(customers):
        yield environment.timeout(random.expovariate(1 / INTERARRIVAL_MS))
        environment.process(customer(environment, server, total_ms))


def customer(environment, server, total_ms):
    arrived_ms = environment.now
    with server.request() as request:
        yield request
        yield environment.timeout(random.expovariate(1 / SERVICE_MS))
    total_ms[0] += environment.now - arrived_ms
    total_ms[1] += 1


def main():
    customers = int(sys.argv[1])
    random.seed(1)
    environment = simpy.Environment()
    server = simpy.Resource(environment, capacity=1)
    total_ms = [0.0, 0]
    environment.process(source(environment, server, customers, total_ms))
    start_s = time.process_time()
    environment.run()
    cpu_s = time.process_time() - start_s
    mean_ms = total_ms[0] / customers
    if total_ms[1] != customers:
        sys.exit(f"{total_ms[1]} customers were served, expected {customers}")
    # 1 / (1 - 0.8) service times.
    if customers >= 1_000_000 and not 4.8 <= mean_ms <= 5.2:
        sys.exit(f"mean time in system {mean_ms} ms, expected 4.8 to 5.2")
    print(cpu_s)


main()
