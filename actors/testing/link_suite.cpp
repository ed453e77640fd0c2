#include "link_suite.hpp"
#include "../../messages/json/ticket_json.hpp"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <thread>

namespace tandem {

namespace {

/// Keeps the tickets that a link delivers, and lets a thread wait for them.
template <class Ticket>
class arrivals {
public:
  void put(Ticket ticket) {
    {
      std::lock_guard guard{mutex_};
      tickets_.push_back(std::move(ticket));
    }
    arrived_.notify_all();
  }

  /// The first `count` tickets, or fewer if they did not come in time.
  std::vector<Ticket> await(size_t count, duration patience) {
    std::unique_lock lock{mutex_};
    arrived_.wait_for(lock, patience, [&] { return tickets_.size() >= count; });
    return tickets_;
  }

private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::vector<Ticket> tickets_;
};

class recording_front final : public fore_peer {
public:
  arrivals<back_to_front_ticket> tickets;
  std::optional<operation_id> throws_at;

  std::vector<refusal> accept(std::vector<back_to_front_ticket>&& arrived) override {
    return accept_each(std::move(arrived), [this](back_to_front_ticket&& ticket) {
      if (ticket.operation == throws_at)
        throw std::runtime_error{"this front throws"};
      tickets.put(std::move(ticket));
    });
  }
};

class recording_back final : public rear_peer {
public:
  arrivals<front_to_back_ticket> tickets;
  std::optional<operation_id> throws_at;

  std::vector<refusal> accept(std::vector<front_to_back_ticket>&& arrived) override {
    return accept_each(std::move(arrived), [this](front_to_back_ticket&& ticket) {
      if (ticket.operation == throws_at)
        throw std::runtime_error{"this back throws"};
      tickets.put(std::move(ticket));
    });
  }
};

operation_id id_of(uint64_t number) {
  return {0x6c696e6b7375697full, number};
}

front_to_back_ticket to_back(uint64_t operation, uint64_t number) {
  front_to_back_ticket result;
  result.operation = id_of(operation);
  result.sequence_number = {number};
  result.kind = number == 0 ? ticket_kind::commencement : ticket_kind::continuation;
  if (number == 0) {
    result.name = "method";
    result.subscription = subscription_kind::full;
  }
  result.payload = make_payload(std::to_string(operation) + "/" + std::to_string(number));
  return result;
}

back_to_front_ticket to_front(uint64_t operation, uint64_t number) {
  back_to_front_ticket result;
  result.operation = id_of(operation);
  result.sequence_number = {number};
  result.payload = make_payload(std::to_string(operation) + "/" + std::to_string(number));
  return result;
}

/// The first of the operations of every_ticket_to_front().
constexpr uint64_t first_to_front = 100;

/// One of each kind with each field, of an operation of its own: a link need not bring what comes after an abortive
/// one.
std::vector<front_to_back_ticket> every_ticket_to_back() {
  std::vector<front_to_back_ticket> result;
  for (auto kind : front_to_back_kinds) {
    const auto operation = 10 + result.size();
    if (!is_first(kind))
      result.push_back(to_back(operation, 0));
    auto ticket = to_back(operation, is_first(kind) ? 0 : 1);
    ticket.kind = kind;
    if (is_first(kind))
      ticket.trace_id = trace_id::make();
    if (is_abortive(kind)) {
      ticket.payload.reset();
      ticket.details = "because of " + to_string(kind);
    }
    ticket.timeout = std::chrono::milliseconds(1500);
    result.push_back(ticket);
  }
  result.push_back(to_back(2, 0));
  result.back().subscription = subscription_kind::none;
  result.back().payload = make_payload(int32_t{-7}, std::string{"two elements"}, true);
  result.push_back(to_back(2, 1));
  result.back().payload = make_payload(std::string(100'000, 'x'));
  result.push_back(to_back(3, 0)); // the back refuses it
  for (size_t i = 0; i < back_to_front_kinds.size(); ++i)
    result.push_back(to_back(first_to_front + i, 0));
  return result;
}

std::vector<back_to_front_ticket> every_ticket_to_front() {
  std::vector<back_to_front_ticket> result;
  for (auto kind : back_to_front_kinds) {
    auto ticket = to_front(first_to_front + result.size(), 0);
    ticket.kind = kind;
    if (is_abortive(kind)) {
      ticket.payload.reset();
      ticket.details = "because of " + to_string(kind);
    }
    result.push_back(ticket);
  }
  // Comes instead of all others of its operation (S-END-12).
  auto& refused = result.emplace_back(to_front(3, 0));
  refused.kind = ticket_kind::refusal;
  refused.payload.reset();
  refused.details = "because of " + to_string(refused.kind);
  return result;
}

/// The parts of the suite; each adds to `findings` what it does not like.
class suite {
public:
  suite(const std::function<link_under_test()>& make, const link_suite_options& options)
    : make_(make), options_(options) {
  }

  std::vector<std::string> run() {
    every_kind_and_field();
    empty_batches();
    order_with_several_threads();
    if (options_.joins_late) {
      held_until_joined();
      joined_again();
    }
    peers_that_throw();
    return std::move(findings_);
  }

private:
  struct joined {
    link_under_test link;
    std::shared_ptr<recording_front> front = std::make_shared<recording_front>();
    std::shared_ptr<recording_back> back = std::make_shared<recording_back>();
  };

  joined make_joined() {
    joined result{make_()};
    result.link.join_front(result.front);
    result.link.join_back(result.back);
    return result;
  }

  /// A ticket for people: of a large payload its beginning only.
  template <class Ticket>
  static std::string written(const Ticket& ticket) {
    constexpr size_t most = 300;
    auto result = ticket_to_json(ticket).dump();
    if (result.size() > most)
      result = result.substr(0, most) + "... (" + std::to_string(result.size()) + " bytes)";
    return result;
  }

  void find(const std::string& part, const std::string& what) {
    findings_.push_back(part + ": " + what);
  }

  /// The order between operations is nobody's promise.
  template <class Ticket>
  void compare(const std::string& part, std::vector<Ticket> sent, std::vector<Ticket> arrived) {
    for (auto* tickets : {&sent, &arrived})
      std::stable_sort(tickets->begin(), tickets->end(),
                       [](const Ticket& x, const Ticket& y) { return x.operation < y.operation; });
    if (arrived.size() != sent.size())
      find(part, std::to_string(sent.size()) + " tickets sent, " + std::to_string(arrived.size()) + " arrived");
    for (size_t i = 0; i < std::min(sent.size(), arrived.size()); ++i)
      if (!arrived[i].fault.empty()) // it is of the link's making
        find(part, "arrived with a fault: " + arrived[i].fault.text());
      else if (!equal(sent[i], arrived[i]))
        find(part, "sent " + written(sent[i]) + ", arrived as " + written(arrived[i]));
  }

  template <class Peer>
  void send_all(const std::string& part, Peer& to, std::vector<typename Peer::ticket> tickets) {
    for (auto& x : to.accept(std::move(tickets)))
      find(part, "a ticket was refused: " + x.reason);
  }

  void every_kind_and_field() {
    auto x = make_joined();
    const auto to_back = every_ticket_to_back(); // once: it makes trace ids at random
    const auto to_front = every_ticket_to_front();
    // One direction after the other: a link may drop what still waits of an operation that the other side has aborted.
    send_all("every kind to the back", *x.link.for_front, to_back);
    compare("every kind to the back", to_back, x.back->tickets.await(to_back.size(), options_.patience));
    send_all("every kind to the front", *x.link.for_back, to_front);
    compare("every kind to the front", to_front, x.front->tickets.await(to_front.size(), options_.patience));
  }

  /// Before and after the joins, as far as the link can be joined late.
  void empty_batches() {
    joined x{make_()};
    if (options_.joins_late)
      send_nothing(x.link);
    x.link.join_back(x.back);
    x.link.join_front(x.front);
    send_nothing(x.link);
    accept_one(*x.link.for_front, to_back(1, 0));
    accept_one(*x.link.for_back, to_front(1, 0));
    compare<front_to_back_ticket>("after an empty batch to the back", {to_back(1, 0)},
                                  x.back->tickets.await(1, options_.patience));
    compare<back_to_front_ticket>("after an empty batch to the front", {to_front(1, 0)},
                                  x.front->tickets.await(1, options_.patience));
  }

  void send_nothing(const link_under_test& link) {
    try {
      send_all("an empty batch to the back", *link.for_front, {});
      send_all("an empty batch to the front", *link.for_back, {});
    } catch (...) {
      find("an empty batch", "was refused: " + current_reason("the link"));
    }
  }

  /// Each thread sends one operation's tickets in both directions.
  void order_with_several_threads() {
    constexpr uint64_t operations = 4;
    constexpr uint64_t count = 500;
    auto x = make_joined();
    std::vector<std::thread> threads;
    for (uint64_t operation = 0; operation < operations; ++operation)
      threads.emplace_back([&x, operation] {
        for (uint64_t i = 0; i < count; ++i) {
          accept_one(*x.link.for_front, to_back(operation, i));
          accept_one(*x.link.for_back, to_front(operation, i));
        }
      });
    for (auto& thread : threads)
      thread.join();
    check_order("order to the back", x.back->tickets.await(operations * count, options_.patience), operations, count);
    check_order("order to the front", x.front->tickets.await(operations * count, options_.patience), operations, count);
  }

  template <class Ticket>
  void check_order(const std::string& part, const std::vector<Ticket>& arrived, uint64_t operations, uint64_t count) {
    std::map<operation_id, uint64_t> next;
    for (const auto& ticket : arrived)
      if (ticket.sequence_number.value != next[ticket.operation]++)
        return find(part, "number " + std::to_string(ticket.sequence_number.value) + " came out of its order");
    if (arrived.size() != operations * count)
      find(part, std::to_string(operations * count) + " tickets sent, " + std::to_string(arrived.size()) + " arrived");
  }

  void held_until_joined() {
    joined x{make_()};
    accept_one(*x.link.for_front, to_back(1, 0));
    accept_one(*x.link.for_front, to_back(1, 1));
    accept_one(*x.link.for_back, to_front(1, 0));
    accept_one(*x.link.for_back, to_front(1, 1));
    x.link.join_back(x.back);
    x.link.join_front(x.front);
    accept_one(*x.link.for_front, to_back(1, 2));
    accept_one(*x.link.for_back, to_front(1, 2));
    compare<front_to_back_ticket>("held until the back is joined", {to_back(1, 0), to_back(1, 1), to_back(1, 2)},
                                  x.back->tickets.await(3, options_.patience));
    compare<back_to_front_ticket>("held until the front is joined", {to_front(1, 0), to_front(1, 1), to_front(1, 2)},
                                  x.front->tickets.await(3, options_.patience));
  }

  void joined_again() {
    auto x = make_joined();
    accept_one(*x.link.for_front, to_back(1, 0));
    accept_one(*x.link.for_back, to_front(1, 0));
    compare<front_to_back_ticket>("the first back", {to_back(1, 0)}, x.back->tickets.await(1, options_.patience));
    compare<back_to_front_ticket>("the first front", {to_front(1, 0)}, x.front->tickets.await(1, options_.patience));
    auto new_front = std::make_shared<recording_front>();
    auto new_back = std::make_shared<recording_back>();
    x.link.join_front(new_front);
    x.link.join_back(new_back);
    accept_one(*x.link.for_front, to_back(1, 1));
    accept_one(*x.link.for_back, to_front(1, 1));
    compare<front_to_back_ticket>("a back joined again", {to_back(1, 1)},
                                  new_back->tickets.await(1, options_.patience));
    compare<back_to_front_ticket>("a front joined again", {to_front(1, 1)},
                                  new_front->tickets.await(1, options_.patience));
  }

  /// At one operation, on both sides; another has to get through, both ways.
  void peers_that_throw() {
    auto x = make_joined();
    x.front->throws_at = id_of(1);
    x.back->throws_at = id_of(1);
    try_to_send(*x.link.for_front, to_back(1, 0));
    try_to_send(*x.link.for_back, to_front(1, 0));
    for (uint64_t i = 0; i < 2; ++i) {
      accept_one(*x.link.for_front, to_back(2, i));
      accept_one(*x.link.for_back, to_front(2, i));
    }
    compare<front_to_back_ticket>("after a back that throws", {to_back(2, 0), to_back(2, 1)},
                                  x.back->tickets.await(2, options_.patience));
    compare<back_to_front_ticket>("after a front that throws", {to_front(2, 0), to_front(2, 1)},
                                  x.front->tickets.await(2, options_.patience));
  }

  /// A link may tell the sender that the other side threw (S-SEND-7), or not know.
  template <class Peer>
  static void try_to_send(Peer& to, typename Peer::ticket ticket) {
    try {
      accept_one(to, std::move(ticket));
    } catch (const std::exception&) {}
  }

  const std::function<link_under_test()>& make_;
  link_suite_options options_;
  std::vector<std::string> findings_;
};

} // namespace

std::vector<std::string> run_link_suite(const std::function<link_under_test()>& make, link_suite_options options) {
  if (!make)
    throw std::invalid_argument{"run_link_suite: make must not be empty"};
  return suite{make, options}.run();
}

} // namespace tandem
