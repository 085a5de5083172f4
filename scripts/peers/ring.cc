// A token of a megabyte round a ring of hosts on one switch with SimGrid: the work of the benchmark's
// group ring. Prints the CPU seconds of the run. Usage: simgrid-ring HOSTS ROUNDS
//
// SimGrid's default network takes 13.01 latencies plus size / (0.97 bandwidth) for a message; a round
// of 1000 hosts ends at 9.548 s.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <simgrid/s4u.hpp>
#include <string>
#include <vector>

#include "cpu_seconds.h"

namespace sg4 = simgrid::s4u;

constexpr double LINK_LATENCY_S = 50e-6;
constexpr double BANDWIDTH_BYTES_PER_S = 125e6;
constexpr double TOKEN_BYTES = 1e6;

static int token = 1;

static void station(int rank, int hosts, int rounds) {
  auto* own = sg4::Mailbox::by_name(std::to_string(rank));
  auto* next = sg4::Mailbox::by_name(std::to_string((rank + 1) % hosts));
  for (int round = 0; round < rounds; round++) {
    if (rank > 0) own->get<int>();
    next->put(&token, TOKEN_BYTES);
    if (rank == 0) own->get<int>();
  }
}

int main(int argc, char* argv[]) {
  sg4::Engine engine(&argc, argv);
  if (argc != 3) return 2;
  const int hosts = std::atoi(argv[1]);
  const int rounds = std::atoi(argv[2]);
  const double start_s = cpu_seconds();
  auto* zone = sg4::create_star_zone("zone");
  for (int rank = 0; rank < hosts; rank++) {
    auto* host = zone->create_host("host-" + std::to_string(rank), 1e9)->seal();
    auto* link = zone->create_split_duplex_link("link-" + std::to_string(rank), BANDWIDTH_BYTES_PER_S)
                     ->set_latency(LINK_LATENCY_S)
                     ->seal();
    zone->add_route(host->get_netpoint(), nullptr, nullptr, nullptr,
                    {{link, sg4::LinkInRoute::Direction::UP}}, true);
  }
  zone->seal();
  for (int rank = 0; rank < hosts; rank++) {
    auto* host = sg4::Host::by_name("host-" + std::to_string(rank));
    sg4::Actor::create("station", host, station, rank, hosts, rounds);
  }
  engine.run();
  const double cpu_s = cpu_seconds() - start_s;
  const double hop_s = 13.01 * 2 * LINK_LATENCY_S + TOKEN_BYTES / (0.97 * BANDWIDTH_BYTES_PER_S);
  const double expected_s = hosts * rounds * hop_s;
  const double now_s = sg4::Engine::get_clock();
  if (std::fabs(now_s / expected_s - 1) > 1e-3) {
    std::fprintf(stderr, "ends at %.9f s, expected %.9f s\n", now_s, expected_s);
    return 1;
  }
  std::printf("%.6f\n", cpu_s);
  return 0;
}
