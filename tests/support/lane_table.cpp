/// The table of the lane, of a front: "o" are operations of one ticket, "p" is one that will wait for the link.
#include "explore_part.hpp"
#include "lane_world.hpp"

#include <functional>
#include <optional>

namespace tandem_test {

using namespace tandem;

namespace {

/// A lane knows operations by pointers, and so cannot be copied: what happened to it can be repeated.
class lane_walker {
public:
  using step = std::function<std::string(lane_walker&)>;

  lane_walker() = default;
  lane_walker(const lane_walker& other) {
    for (const auto& x : other.history_)
      happen(x);
  }
  lane_walker& operator=(const lane_walker&) = delete;
  ~lane_walker() = default;

  /// Takes a step, and returns its result in words.
  std::string happen(const step& what) {
    history_.push_back(what);
    auto answer = what(*this);
    if (auto told = world.told(); !told.empty())
      answer += (answer == "nothing" ? "" : "; ") + ("now sent: " + told);
    if (answer.starts_with("nothing; "))
      answer.erase(0, 9);
    if (patient && patient->ended())
      patient = nullptr;
    return answer;
  }

  std::string name() const {
    std::string result = world.lane.state_name();
    if (result == "lost" && !can_be_ready())
      result = "lost before any join";
    if (patient)
      result += std::string{patient->next > 1 ? ", p has sent its last" : ", p runs"}
                + (patient->place().waits ? " and waits" : "");
    add(result, "kept", kept());
    add(result, "held back", held_back());
    if (under_way)
      add(result, "under way", world.written(under_way->tickets));
    return result;
  }

  /// Where it stops.
  bool is_deep() const {
    return count(kept()) + count(held_back()) + (under_way ? under_way->tickets.size() : 0) > 1;
  }

  lane_world world;
  lane_world::operation patient; ///< null: none that is active
  std::optional<lane_world::lane_type::batch> under_way;

private:
  static void add(std::string& to, const char* what, const std::string& tickets) {
    if (!tickets.empty())
      to += std::string{", "} + what + ": " + tickets;
  }

  static size_t count(const std::string& tickets) {
    return tickets.empty() ? 0 : 1 + static_cast<size_t>(std::ranges::count(tickets, ' '));
  }

  bool can_be_ready() const {
    lane_walker probe{*this};
    probe.world.ready();
    return std::string{"joined"} == probe.world.lane.state_name();
  }

  std::string kept() const {
    lane_walker probe{*this};
    if (std::string{"unjoined"} == probe.world.lane.state_name())
      probe.world.join("probe");
    return tickets_of(probe);
  }

  std::string held_back() const {
    lane_walker probe{*this};
    probe.world.take();
    probe.world.join("probe");
    return std::string{"unjoined"} == world.lane.state_name() ? "" : tickets_of(probe);
  }

  static std::string tickets_of(lane_walker& probe) {
    auto now = probe.world.take();
    return now ? probe.world.written(now->tickets) : "";
  }

  std::vector<step> history_;
};

std::string in_words(bool to_take) {
  return to_take ? "there is something to take" : "nothing";
}

std::string ends(const std::string& operations) {
  return operations.empty() ? "nothing" : "ends: " + operations;
}

std::string take(lane_walker& x) {
  x.under_way = x.world.take();
  if (!x.under_way)
    return "nothing";
  return (x.under_way->link ? "for the link: " : "to be refused: ") + x.world.written(x.under_way->tickets);
}

/// Takes the batch that is under way, which comes back by that.
lane_world::lane_type::batch come_back(lane_walker& x) {
  auto result = std::move(*x.under_way);
  x.under_way.reset();
  return result;
}

std::string begin_patient(lane_walker& x) {
  x.patient = x.world.begin("p", true);
  return in_words(x.world.put(x.patient));
}

std::string cancel_patient(lane_walker& x) {
  const auto patient = x.patient;
  const bool to_take = x.world.put_cancellation(patient);
  x.world.end(patient);
  return in_words(to_take);
}

} // namespace

part_table explore_lane() {
  using walker = lane_walker;
  const auto event = [](std::string name, walker::step what, std::function<bool(const walker&)> can = nullptr) {
    return part_event<walker>{std::move(name), [what](walker& x) { return x.happen(what); }, std::move(can)};
  };
  const auto runs = [](const walker& x) { return x.patient && x.patient->next == 1; };
  const auto is_under_way = [](const walker& x) { return x.under_way.has_value(); };
  std::vector<part_event<walker>> events{
    event("o sends its only ticket", [](walker& x) { return in_words(x.world.put(x.world.begin("o"), true)); }),
    event("p begins", begin_patient, [](const walker& x) { return x.patient == nullptr; }),
    event(
      "p sends its last ticket", [](walker& x) { return in_words(x.world.put(x.patient, true)); }, runs),
    event("p is cancelled", cancel_patient, runs),
    event("take", take, [](const walker& x) { return !x.under_way; }),
    event(
      "the link took it", [](walker& x) { return ends(x.world.taken(come_back(x))); }, is_under_way),
    event(
      "it is given back", [](walker& x) { return ends(x.world.given_back(come_back(x))); }, is_under_way),
    event("join", [](walker& x) { return in_words(x.world.join("a link")); }),
    event("lose", [](walker& x) { return ends(x.world.lose()); }),
    event("ready", [](walker& x) { return in_words(x.world.ready()); }),
  };
  std::vector<walker> beginnings;
  beginnings.emplace_back();
  return explore_part<walker>("lane", std::move(beginnings), events);
}

} // namespace tandem_test
