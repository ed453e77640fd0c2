/// A front here, and a back in another process.
#pragma once

#include "../../../actors/nodes/link_options.hpp"
#include "../baselines/server_process.hpp"
#include "echo.hpp"
#include "ours.hpp"

namespace tandem::bench::ours {

struct node {
  explicit node(const route& to, const link_options& options = {});

  server_process server;
  bench_config config;
  caf::actor_system system{config};
  front_end front{system};
};

} // namespace tandem::bench::ours
