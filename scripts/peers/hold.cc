// The hold model with ns-3's schedulers: the work of the benchmark's group hold, exponential
// increments of mean 1. Prints the CPU seconds of the holds of the best scheduler.
// Usage: ns3-hold PENDING HOLDS [SCHEDULER...]
#include <ns3/core-module.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "cpu_seconds.h"

// The same table of increments as the benchmark's: equal slices of probability in a fixed shuffle.
constexpr int TABLE_BITS = 13;
constexpr uint32_t TABLE_SIZE = 1u << TABLE_BITS;

static uint32_t shuffle(uint32_t index, int bits) { return (index * 0x9e3779b1u) >> (32 - bits); }
static double quantile(double u) { return -std::log(1 - u); }

static std::vector<ns3::Time> increments;
static uint32_t next_increment = 0;
static int64_t holds_left = 0;
static int64_t holds_done = 0;

static void hold() {
  holds_done++;
  ns3::Simulator::Schedule(increments[next_increment++ & (TABLE_SIZE - 1)], &hold);
  if (--holds_left == 0) ns3::Simulator::Stop();
}

static double measure(const std::string& scheduler, int64_t pending, int64_t holds) {
  ns3::ObjectFactory factory;
  factory.SetTypeId("ns3::" + scheduler);
  ns3::Simulator::SetScheduler(factory);
  next_increment = 0;
  holds_done = 0;
  for (int64_t i = 0; i < pending; i++) {
    const double u = (shuffle(static_cast<uint32_t>(i), 30) + 0.5) / (1u << 30);
    ns3::Simulator::Schedule(ns3::Seconds(quantile(u)), &hold);
  }
  // As many holds as events go by untimed, to wear off the start.
  holds_left = pending;
  ns3::Simulator::Run();
  holds_left = holds;
  const double start_s = cpu_seconds();
  ns3::Simulator::Run();
  const double cpu_s = cpu_seconds() - start_s;
  if (holds_done != pending + holds) {
    std::fprintf(stderr, "%s: %ld holds, expected %ld\n", scheduler.c_str(),
                 static_cast<long>(holds_done), static_cast<long>(pending + holds));
    std::exit(1);
  }
  ns3::Simulator::Destroy();
  return cpu_s;
}

int main(int argc, char* argv[]) {
  if (argc < 3) return 2;
  const int64_t pending = std::atoll(argv[1]);
  const int64_t holds = std::atoll(argv[2]);
  std::vector<std::string> schedulers(argv + 3, argv + argc);
  if (schedulers.empty()) {
    schedulers = {"CalendarScheduler", "HeapScheduler", "MapScheduler", "PriorityQueueScheduler"};
  }
  for (uint32_t i = 0; i < TABLE_SIZE; i++) {
    increments.push_back(ns3::Seconds(quantile((shuffle(i, TABLE_BITS) + 0.5) / TABLE_SIZE)));
  }
  double best_s = INFINITY;
  for (const auto& scheduler : schedulers) {
    const double cpu_s = measure(scheduler, pending, holds);
    std::fprintf(stderr, "%s %.3f s\n", scheduler.c_str(), cpu_s);
    if (cpu_s < best_s) best_s = cpu_s;
  }
  std::printf("%.6f\n", best_s);
  return 0;
}
