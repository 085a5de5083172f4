// A message to and fro between two hosts with SimGrid: the work of the benchmark's group pingpong.
// Prints the CPU seconds of the run. Usage: simgrid-pingpong constant|links MESSAGES
//
// `constant`: every message takes the same time, whatever its size. `links`: latency plus size over
// bandwidth of the link, without SimGrid's corrections for TCP.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <simgrid/s4u.hpp>
#include <string>

#include "cpu_seconds.h"

namespace sg4 = simgrid::s4u;

constexpr double LATENCY_S = 0.001;
constexpr double BANDWIDTH_BYTES_PER_S = 125e6;
constexpr double MESSAGE_BYTES = 1000;

static int token = 1;

static void player(sg4::Mailbox* own, sg4::Mailbox* other, int messages, bool begins) {
  // Each message is received by one of the two; the one that begins receives the second, the fourth ...
  int to_send = begins ? (messages + 1) / 2 : messages / 2;
  int to_receive = messages - to_send;
  if (begins) {
    other->put(&token, MESSAGE_BYTES);
    to_send--;
  }
  while (to_receive > 0) {
    own->get<int>();
    to_receive--;
    if (to_send > 0) {
      other->put(&token, MESSAGE_BYTES);
      to_send--;
    }
  }
}

int main(int argc, char* argv[]) {
  sg4::Engine engine(&argc, argv);
  if (argc != 3) return 2;
  const bool has_links = std::string(argv[1]) == "links";
  const int messages = std::atoi(argv[2]);
  sg4::Engine::set_config("surf/precision:1e-9");
  sg4::Engine::set_config(has_links ? "network/model:CM02" : "network/model:Constant");
  if (has_links) {
    sg4::Engine::set_config("network/TCP-gamma:0");
    sg4::Engine::set_config("network/crosstraffic:0");
  }
  auto* zone = sg4::create_full_zone("zone");
  auto* a = zone->create_host("a", 1e9)->seal();
  auto* b = zone->create_host("b", 1e9)->seal();
  if (has_links) {
    auto* link = zone->create_split_duplex_link("link", BANDWIDTH_BYTES_PER_S)
                     ->set_latency(LATENCY_S)
                     ->seal();
    zone->add_route(a->get_netpoint(), b->get_netpoint(), nullptr, nullptr,
                    {{link, sg4::LinkInRoute::Direction::UP}}, true);
  }
  zone->seal();
  auto* mailbox_a = sg4::Mailbox::by_name("a");
  auto* mailbox_b = sg4::Mailbox::by_name("b");
  sg4::Actor::create("a", a, player, mailbox_a, mailbox_b, messages, true);
  sg4::Actor::create("b", b, player, mailbox_b, mailbox_a, messages, false);
  const double start_s = cpu_seconds();
  engine.run();
  const double cpu_s = cpu_seconds() - start_s;
  if (has_links) {
    const double expected_s = messages * (LATENCY_S + MESSAGE_BYTES / BANDWIDTH_BYTES_PER_S);
    const double now_s = sg4::Engine::get_clock();
    if (std::fabs(now_s / expected_s - 1) > 1e-3) {
      std::fprintf(stderr, "ends at %.9f s, expected %.9f s\n", now_s, expected_s);
      return 1;
    }
  }
  std::printf("%.6f\n", cpu_s);
  return 0;
}
