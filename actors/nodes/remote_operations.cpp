#include "remote_operations.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/network.hpp"
#include "tls/tls.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scoped_actor.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>
#include <thread>
#include <utility>

namespace tandem {

nlohmann::json remote_operations(caf::actor_system& system, const std::string& host, uint16_t port,
                                 const get_operations& what, duration timeout, std::optional<bool> tls) {
  check_positive_duration("remote_operations: timeout", timeout);
  const auto where = host + ":" + std::to_string(port);
  const auto fail = [&where](const std::string& why) {
    throw std::runtime_error{"cannot ask " + where + " for its operations: " + why};
  };
  caf::scoped_actor self{system};
  caf::actor gate;
  std::string problem;
  bool again = true;
  const bool with_tls = decide_tls(system, tls);
  const auto begun = std::chrono::steady_clock::now();
  const auto until = begun + timeout;
  const auto failed = [&](const caf::error& e) {
    problem = caf::to_string(e);
    again = compat::is_worth_another_attempt(e, with_tls, std::chrono::steady_clock::now() - begun);
  };
  const auto left = [&until] { return until - std::chrono::steady_clock::now(); };
  while (std::exchange(again, false) && left() > duration::zero()) {
    if (!std::exchange(problem, {}).empty())
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    compat::request_connection_within(self, host, port, with_tls, left())
      .receive([&gate](const caf::node_id&, const caf::strong_actor_ptr& x,
                       const std::set<std::string>&) { gate = caf::actor_cast<caf::actor>(x); },
               failed);
  }
  if (!problem.empty())
    fail(problem);
  if (!gate)
    fail("nothing is published there");
  std::string answer;
  compat::request_within(self, gate, std::max<duration>(left(), duration{1}), what)
    .receive([&answer](const std::string& x) { answer = x; }, failed);
  if (!problem.empty())
    fail(problem);
  auto result = nlohmann::json::parse(answer, nullptr, false);
  if (!result.is_object())
    fail("its answer makes no sense");
  return result;
}

} // namespace tandem
