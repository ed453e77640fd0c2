#include "connect.hpp"
#include "../../messages/cluster_messages.hpp"
#include "../../messages/node_name.hpp"
#include "../../messages/type_ids.hpp"
#include "../compat/system.hpp"
#include "linked_back.hpp"

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/exit_reason.hpp>

#include <atomic>
#include <future>
#include <stdexcept>
#include <utility>

namespace tandem {

namespace {

/// The first that is said of an attempt: the gateway's answer, or why there will be none. Any thread.
class first_word {
public:
  struct result {
    link_opened answer;
    std::string refused; ///< empty: it was not
  };

  void say(result x) {
    if (!said_.exchange(true))
      promise_.set_value(std::move(x));
  }

  std::future<result> future() {
    return promise_.get_future();
  }

private:
  std::atomic<bool> said_ = false;
  std::promise<result> promise_;
};

/// S-CLUSTER-1: asks the gateway.
first_word::result ask(caf::actor_system& system, const caf::actor& gateway, open_link question, duration timeout) {
  auto word = std::make_shared<first_word>();
  auto said = word->future();
  // CAF does not answer a request for a node that goes away meanwhile.
  gateway->attach_functor([weak = std::weak_ptr{word}](const caf::error& reason) {
    if (auto strong = weak.lock())
      strong->say({{}, "it is gone: " + caf::to_string(reason)});
  });
  auto asking = system.spawn([word, gateway, question = std::move(question)](caf::event_based_actor* self) {
    compat::request(self, gateway, question)
      .then(
        [word](const link_opened& x) {
          word->say({x, x.link ? "" : "it gave no actor for the link"});
        },
        [word](const caf::error& e) {
          word->say({{}, caf::to_string(e)});
        });
  });
  const bool in_time = said.wait_for(timeout) == std::future_status::ready;
  caf::anon_send_exit(asking, caf::exit_reason::kill);
  if (!in_time)
    return {{}, "no answer within " + std::to_string(timeout / std::chrono::milliseconds(1)) + " ms"};
  return said.get();
}

} // namespace

std::shared_ptr<cluster_link> connect(caf::actor_system& system, const caf::actor& gateway, cluster_options options) {
  if (!gateway)
    throw std::invalid_argument{"connect: gateway must not be null"};
  check_positive_duration("cluster_options: timeout", options.timeout);
  if (options.node_name.empty())
    options.node_name = default_node_name();
  auto link = linked_back::make(system);
  const auto opened = ask(system, gateway, {cluster_version, options.node_name, link->side().open()}, options.timeout);
  if (!opened.refused.empty())
    throw std::runtime_error{"cannot make a link by the gateway "
                             + caf::to_string(caf::actor_cast<caf::strong_actor_ptr>(gateway)) + ": " + opened.refused};
  link->side().begin(opened.answer.link, opened.answer.node);
  return link;
}

} // namespace tandem
