/// Makes a link to a back whose gateway (gateway.hpp) is at hand: a handle that came from the registry, in a message,
/// or from CAF's middleman.
///
///     auto gateway = system.middleman().remote_actor("back.example", 4242); // or however handles come to you
///     auto link = connect(system, *gateway);
///     join(front, link);
///
/// The link trusts its cluster, and promises no more than CAF: it neither connects nor connects again, and resumes
/// nothing. For links that do, see nodes/connect.hpp.
#pragma once

#include "../../messages/time.hpp"
#include "cluster_link.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace tandem {

struct cluster_options {
  /// How long connect() waits for the gateway's answer. More than zero.
  duration timeout = std::chrono::seconds(5);
  /// What operation_context::peer() says at the back; empty: HOST/PROCESS.
  std::string node_name = {};
};

/// Makes a link to the back behind `gateway`, which may be in this actor system too. Blocks the calling thread, which
/// must not be an actor's, for at most `options.timeout`. Throws std::runtime_error that names the gateway and the
/// cause if that is gone, refuses, or does not answer in time; std::invalid_argument if `gateway` is null, or naming an
/// option that makes no sense.
///
/// The link lasts until one side drops it or CAF says that the other node is gone (S-CLUSTER-3): its operations then
/// end with transmission failure at both sides, new ones are refused, and monitors of `link->handle(system)` get a down
/// message. Operations that are willing to wait (operate_request::wait_for_link) wait until their front is joined to
/// another link. Dropping the last pointer to the link ends it, and so does fore_lost. Drop it before `system` goes.
std::shared_ptr<cluster_link> connect(caf::actor_system& system, const caf::actor& gateway,
                                      cluster_options options = {});

} // namespace tandem
