#pragma once
#include <ctime>

/** CPU of this process so far, user and system, in seconds. */
inline double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }
