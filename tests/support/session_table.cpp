/// The table of one side of a session, in which every frame has one byte, and two of them are the limit. It writes all
/// that it may at once, so that each effect is followed by what next() gives. "Kept" frames are those that the other
/// side has not acknowledged, counted from the oldest; "new" ones among them were never written.
#include "explore_part.hpp"
#include "overloaded.hpp"
#include "session_world.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace tandem_test {

using namespace tandem;
using namespace std::chrono_literals;

namespace {

/// What is not to be read from the machine is found by trying it, with a copy.
class session_walker {
public:
  template <class Event>
  std::string handle(const Event& e) {
    core::session_effects out;
    machine_.handle(e, now_, out);
    std::string result;
    for (const auto& effect : out)
      result += (result.empty() ? "" : "; ") + without_reason(written(effect));
    if (const auto messages = write(); !messages.empty())
      result += (result.empty() ? "writes: " : "; writes: ") + messages;
    return result.empty() ? "nothing" : result;
  }

  /// Something that came by the connection.
  template <class Event>
  std::string come(const Event& e) {
    core::session_effects out;
    machine_.handle(core::bytes_came{}, now_, out);
    return handle(e);
  }

  std::string wait() {
    now_ = std::max(now_, *machine_.deadline());
    return handle(core::time_came{});
  }

  std::string give() {
    machine_.give("x", 1);
    const auto messages = write();
    return messages.empty() ? "nothing" : "writes: " + messages;
  }

  std::string name() const {
    std::string result{machine_.name()};
    for (const auto& x : parts())
      result += ", " + x;
    return result;
  }

  /// Where it stops: states of which more than one thing is to be said are left out, but for some.
  bool is_deep() const {
    const auto more = parts().size();
    const bool is_wanted = (kept() == 1 && vain() > 0) || (pings() && is_measured() && (is_paused() || owes_ping()));
    return kept() > 2 || more > (is_wanted ? 2 : 1);
  }

  const text_session& machine() const {
    return machine_;
  }
  bool is_up() const {
    return machine_.is_up();
  }
  uint64_t acknowledged() const {
    return machine_.sent().acknowledged();
  }
  uint64_t most_written() const {
    return most_written_;
  }
  /// Whether kept frames were written.
  bool has_written() const {
    return !machine_.has_ended() && most_written_ > acknowledged();
  }
  uint64_t last_ping() const {
    return last_ping_;
  }
  bool pings() const {
    return is_up() && session_walker{*this}.handle(core::acknowledgement_wanted{}) == "nothing";
  }

private:
  static std::string without_reason(const std::string& effect) {
    return effect.substr(0, effect.find(':'));
  }

  std::string write() {
    std::string result;
    while (auto x = machine_.next(now_))
      result += (result.empty() ? "" : ", ") + std::visit([&](const auto& y) { return this->in_words(y); }, *x);
    return result;
  }

  std::string in_words(const core::ping& x) {
    last_ping_ = x.id;
    return "ping";
  }
  std::string in_words(const core::frame<std::string>& x) {
    most_written_ = std::max(most_written_, x.number);
    return "kept frame " + std::to_string(x.number - acknowledged());
  }
  static std::string in_words(const core::pong&) {
    return "pong";
  }
  static std::string in_words(const core::acknowledgement&) {
    return "acknowledgement";
  }
  static std::string in_words(const core::notice& x) {
    return written(core::session_message<std::string>{x});
  }
  static std::string in_words(const core::goodbye&) {
    return "goodbye";
  }

  size_t kept() const {
    return machine_.sent().size();
  }

  /// How often in a row it was resumed with frames to write again, of which none arrived.
  int vain() const {
    if (!has_written())
      return 0;
    session_walker probe{*this};
    for (int result = 3;; --result) {
      probe.handle(core::disconnected{});
      if (probe.handle(core::connected{acknowledged(), 0s}).ends_with("ended"))
        return result - 1;
    }
  }

  bool is_paused() const {
    session_walker probe{*this};
    probe.now_ += 1h;
    probe.handle(core::time_came{});
    return probe.is_up();
  }

  bool is_measured() const {
    return machine_.round_trip().smoothed().has_value();
  }

  bool is_draining() const {
    session_walker probe{*this};
    return probe.handle(core::connected{most_written_, 0s}).find("notice draining") != std::string::npos;
  }

  bool owes_ping() const {
    session_walker probe{*this};
    return probe.handle(core::pong{last_ping_, acknowledged()}).find("ping") != std::string::npos;
  }

  /// What a state is beside its name.
  std::vector<std::string> parts() const {
    std::vector<std::string> result;
    if (machine_.has_ended())
      return result;
    if (is_up() && is_paused())
      result.emplace_back("reading paused");
    if (pings())
      result.emplace_back(is_measured() ? "ping unanswered" : "first ping unanswered");
    else if (machine_.name() == "interrupted" && !is_measured())
      result.emplace_back("no round trip known");
    if (is_up() && owes_ping())
      result.emplace_back("another ping due");
    if (kept() > 0) {
      const auto fresh = machine_.sent().last() - most_written_;
      result.push_back("kept: " + std::to_string(kept()) + (fresh > 0 ? " (" + std::to_string(fresh) + " new)" : "")
                       + (machine_.is_full() ? ", full" : ""));
    }
    if (vain() > 0)
      result.push_back(vain() > 1 ? "resumed in vain twice" : "resumed in vain once");
    if (is_draining())
      result.emplace_back("draining");
    return result;
  }

  text_session machine_{{.resend_limit = 2}};
  time_point now_{};
  uint64_t most_written_ = 0;
  uint64_t last_ping_ = 0;
};

using session_table_event = part_event<session_walker>;

template <class Event>
session_table_event happens(std::string name, const Event& e) {
  return {std::move(name), [e](session_walker& x) { return x.handle(e); }};
}

/// A message, which only a side that is up has to do with.
template <class Make>
session_table_event comes(std::string name, Make make, std::function<bool(const session_walker&)> can = nullptr) {
  return {std::move(name), [make](session_walker& x) { return x.come(make(x)); },
          [can](const session_walker& x) { return x.is_up() && (!can || can(x)); }};
}

/// A message to a side that is not up, each of them.
std::string any_message(session_walker& x) {
  std::string result;
  const auto add = [&](const std::string& answer) {
    if (answer != "nothing")
      result += answer + "; ";
  };
  add(x.come(core::bytes_came{}));
  add(x.come(core::frame_came{x.machine().received() + 1, x.acknowledged(), 1}));
  add(x.come(core::acknowledgement{x.most_written()}));
  add(x.come(core::ping{1}));
  add(x.come(core::pong{x.last_ping(), x.most_written()}));
  add(x.come(core::notice{core::session_notice::draining}));
  add(x.come(core::goodbye{}));
  return result.empty() ? "nothing" : result;
}

std::vector<session_table_event> events_of_connections() {
  const auto connect = [](std::string name, auto claim, std::function<bool(const session_walker&)> can = nullptr) {
    return session_table_event{std::move(name),
                               [claim](session_walker& x) {
                                 return x.handle(core::connected{claim(x), 20ms});
                               },
                               std::move(can)};
  };
  return {
    connect("connected, it has all written", [](const session_walker& x) { return x.most_written(); }),
    connect(
      "connected, it has no kept frame", [](const session_walker& x) { return x.acknowledged(); },
      [](const session_walker& x) { return x.has_written(); }),
    connect("connected, it has unwritten", [](const session_walker& x) { return x.most_written() + 1; }),
    happens("disconnected", core::disconnected{}),
    happens("session unknown", core::session_unknown{}),
  };
}

std::vector<session_table_event> events_of_messages() {
  const auto frame = [](int offset) {
    return [offset](const session_walker& x) {
      return core::frame_came{x.machine().received() + offset, x.acknowledged(), size_t{256} << 10};
    };
  };
  const auto pong = [](bool of_this) {
    return [of_this](const session_walker& x) { return core::pong{of_this ? x.last_ping() : 0, x.acknowledged()}; };
  };
  return {
    {"any message comes", any_message, [](const session_walker& x) { return !x.is_up(); }},
    comes("bytes come", [](const session_walker&) { return core::bytes_came{}; }),
    comes("the next frame comes, 256 KiB", frame(1)),
    comes("an old frame comes", frame(0)),
    comes("a frame comes after a gap", frame(2)),
    comes(
      "a kept frame is acknowledged",
      [](const session_walker& x) { return core::acknowledgement{x.acknowledged() + 1}; },
      [](const session_walker& x) { return x.has_written(); }),
    comes("unwritten is acknowledged",
          [](const session_walker& x) { return core::acknowledgement{x.most_written() + 1}; }),
    comes("a ping comes", [](const session_walker&) { return core::ping{1}; }),
    comes("its pong comes", pong(true), [](const session_walker& x) { return x.pings(); }),
    comes("a pong of before comes", pong(false)),
    comes("a notice comes", [](const session_walker&) { return core::notice{core::session_notice::draining}; }),
    comes("goodbye comes", [](const session_walker&) { return core::goodbye{}; }),
  };
}

std::vector<session_table_event> events_of_this_side() {
  return {
    {"a payload is given", [](session_walker& x) { return x.give(); },
     [](const session_walker& x) { return !x.machine().is_full() || x.machine().has_ended(); }},
    {"control is given", [](session_walker& x) { return x.give(); }},
    happens("reading paused", core::reading_paused{}),
    happens("reading resumed", core::reading_resumed{}),
    happens("notice given: draining", core::notice_given{core::session_notice::draining}),
    happens("notice given: ready", core::notice_given{core::session_notice::ready}),
    happens("acknowledgement wanted", core::acknowledgement_wanted{}),
    {"time came", [](session_walker& x) { return x.wait(); },
     [](const session_walker& x) { return x.machine().deadline().has_value(); }},
    happens("session stopped", core::session_stopped{}),
  };
}

} // namespace

part_table explore_session() {
  std::vector<session_table_event> events;
  for (auto part : {events_of_connections(), events_of_messages(), events_of_this_side()})
    events.insert(events.end(), part.begin(), part.end());
  auto result = explore_part<session_walker>("session", {session_walker{}}, events);
  // "Any message" stands for each of them, in the states for which they make no difference.
  const auto all = events_of_messages();
  const auto is_message = [&](const std::string& x) {
    return std::ranges::any_of(all, [&](const session_table_event& y) { return y.name == x; });
  };
  for (auto& row : result.rows) {
    const auto any = all.front().name; // in all states but up
    if (row.name == "up" || row.name.starts_with("up,"))
      std::erase(row.cannot_happen, any);
    else
      std::erase_if(row.cannot_happen, is_message);
  }
  return result;
}

} // namespace tandem_test
