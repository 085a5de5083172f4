#!/usr/bin/env bash
# Installs the simulators that the benchmark runs beside this one, and builds their programs into
# scripts/peers/build. Debian 12 or later; as root, or where sudo works. Without this the benchmark
# leaves them out.
set -euo pipefail
cd "$(dirname "$0")"

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
"${as_root[@]}" apt-get update -q
"${as_root[@]}" apt-get install -y -q g++ python3-simpy3 libsimgrid-dev libboost-dev libns3-dev

mkdir -p build
for program in pingpong ring; do
  g++ -O2 -std=c++17 "$program.cc" -o "build/simgrid-$program" -lsimgrid
done
# Not through pkg-config: the file of ns-3 asks for development files of the GSL, which it need not.
g++ -O2 -std=c++17 hold.cc -o build/ns3-hold -lns3-core
ls -l build
