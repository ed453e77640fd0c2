#include "made_traces.hpp"

#include "../../../messages/json/json_stream.hpp"
#include "../../../messages/trace/trace_writer.hpp"
#include "../../../messages/trace_id.hpp"

#include <filesystem>
#include <random>
#include <set>
#include <vector>

namespace tandem::bench {

namespace {

using event = trace_event;
using kind = ticket_kind;

constexpr int64_t start_wall_ns = 1'764'000'000'000'000'000;
constexpr size_t open_at_a_time = 64;
constexpr uint64_t operations_of_trace_id = 10;

trace_header header_of(trace_side side, const std::string& node) {
  trace_header result;
  result.node = node;
  result.side = to_string(side);
  result.link = "orders";
  result.start_wall_ns = start_wall_ns;
  result.start_monotonic_ns = 1'000'000'000;
  return result;
}

/// One operation, of which each call of step() records what happens next.
class made_operation {
public:
  made_operation(uint64_t number, int64_t now_ns) : number_(number), now_ns_(now_ns) {
    // Of ten, five are unary, three echo a stream, one is cancelled, one expires.
    const auto which = number % 10;
    script_ = which < 5 ? script::unary : which < 8 ? script::stream : which == 8 ? script::cancelled : script::expired;
  }

  operation_id id() const {
    return {0x3f2a91c05d7be644, number_};
  }

  tandem::trace_id trace() const {
    tandem::trace_id result{};
    const auto group = number_ / operations_of_trace_id + 1;
    for (size_t i = 0; i < 8; ++i)
      result.bytes[15 - i] = static_cast<uint8_t>(group >> 8 * i);
    return result;
  }

  /// When its next step is.
  int64_t now_ns() const {
    return now_ns_;
  }

  /// False if it is over.
  bool step(trace_writer& front, trace_writer& back, std::mt19937_64& random) {
    const auto at = step_++;
    const auto delay = [&random] { return static_cast<int64_t>(20'000 + random() % 100'000); };
    if (at == 0) {
      begin(front, trace_side::front);
      send(front, script_ == script::unary ? kind::entire : kind::commencement);
      now_ns_ += delay();
    } else if (at == 1) {
      receive(back, script_ == script::unary ? kind::entire : kind::commencement);
      begin(back, trace_side::back);
      now_ns_ += delay();
    } else if (script_ == script::unary) {
      return answer(at - 2, front, back, delay());
    } else if (at < 2 + 4 * payloads) {
      exchange(at - 2, front, back);
      now_ns_ += delay();
    } else if (script_ == script::stream) {
      return close(at - 2 - 4 * payloads, front, back, delay());
    } else {
      return abort(at - 2 - 4 * payloads, front, back, delay());
    }
    return true;
  }

private:
  enum class script { unary, stream, cancelled, expired };
  static constexpr uint64_t payloads = 8;

  bool answer(uint64_t at, trace_writer& front, trace_writer& back, int64_t delay) {
    if (at == 0) {
      send_back(back, kind::completion);
      end(back, trace_side::back, outcome::completed);
      now_ns_ += delay;
      return true;
    }
    receive_at_front(front, kind::completion);
    end(front, trace_side::front, outcome::completed);
    return false;
  }

  /// A payload there and back.
  void exchange(uint64_t at, trace_writer& front, trace_writer& back) {
    switch (at % 4) {
      case 0:
        return send(front, kind::continuation);
      case 1:
        return receive(back, kind::continuation);
      case 2:
        return send_back(back, kind::continuation);
      default:
        return receive_at_front(front, kind::continuation);
    }
  }

  bool close(uint64_t at, trace_writer& front, trace_writer& back, int64_t delay) {
    now_ns_ += delay;
    switch (at) {
      case 0:
        send(front, kind::completion);
        return true;
      case 1:
        receive(back, kind::completion);
        return true;
      default:
        return answer(at - 2, front, back, 0);
    }
  }

  bool abort(uint64_t at, trace_writer& front, trace_writer& back, int64_t delay) {
    const bool expires = script_ == script::expired;
    const auto how = expires ? kind::expiration : kind::cancellation;
    const auto result = expires ? outcome::expired : outcome::cancelled;
    if (at == 0) {
      send(front, how);
      end(front, trace_side::front, result);
      now_ns_ += delay;
      return true;
    }
    receive(back, how);
    end(back, trace_side::back, result);
    return false;
  }

  trace_entry entry(event what, trace_side side) const {
    trace_entry result;
    result.event = what;
    result.side = side;
    result.wall_ns = start_wall_ns + now_ns_;
    result.monotonic_ns = 1'000'000'000 + now_ns_;
    result.link = "orders";
    result.operation = id();
    return result;
  }

  void fill_first(trace_entry& x) const {
    static const std::string names[] = {"place order", "stock", "word count", "price of an item", "range"};
    x.name = names[number_ % 5];
    x.subscription = subscription_kind::full;
    x.trace_id = trace();
    x.timeout = std::chrono::seconds{10};
  }

  void begin(trace_writer& to, trace_side side) const {
    auto x = entry(event::begun, side);
    fill_first(x);
    if (side == trace_side::front && number_ % 2 == 1)
      x.parent = operation_id{id().high, number_ - 1};
    if (side == trace_side::back)
      x.peer = "shop/4711";
    to.write(x);
  }

  void ticket(trace_writer& to, event what, trace_side side, kind of, uint64_t number, char payload) const {
    auto x = entry(what, side);
    x.kind = of;
    x.sequence_number = {number};
    if (is_first(of))
      fill_first(x);
    if (is_abortive(of)) {
      x.details = of == kind::expiration ? "not done within 10 s" : "the customer left";
    } else {
      const auto text = "item " + std::to_string(number_ * 100 + number) + " \"" + std::string(80, payload) + "\"";
      append_json_text(x.payload.emplace().json, text);
      x.payload_size = text.size();
    }
    to.write(x);
  }

  void send(trace_writer& front, kind of) {
    ticket(front, event::sent, trace_side::front, of, to_back_++, 'q');
  }
  void receive(trace_writer& back, kind of) {
    ticket(back, event::received, trace_side::back, of, at_back_++, 'q');
  }
  void send_back(trace_writer& back, kind of) {
    ticket(back, event::sent, trace_side::back, of, to_front_++, 'a');
  }
  void receive_at_front(trace_writer& front, kind of) {
    ticket(front, event::received, trace_side::front, of, at_front_++, 'a');
  }

  void end(trace_writer& to, trace_side side, outcome how) const {
    auto x = entry(event::ended, side);
    x.ended = how;
    if (how == outcome::expired)
      x.details = "not done within 10 s";
    to.write(x);
  }

  uint64_t number_;
  int64_t now_ns_;
  script script_;
  uint64_t step_ = 0;
  uint64_t to_back_ = 0;
  uint64_t at_back_ = 0;
  uint64_t to_front_ = 0;
  uint64_t at_front_ = 0;
};

} // namespace

made_traces make_traces(const std::string& folder, uint64_t bytes) {
  made_traces result{folder + "/front.jsonl", folder + "/back.jsonl", {}, {}};
  for (const auto& file : {result.front, result.back})
    std::filesystem::remove(file);
  trace_writer front{result.front, header_of(trace_side::front, "shop/4711")};
  trace_writer back{result.back, header_of(trace_side::back, "stock/17")};
  std::mt19937_64 random{1};
  const auto later = [](const made_operation& x, const made_operation& y) {
    return x.now_ns() != y.now_ns() ? x.now_ns() < y.now_ns() : x.id().low < y.id().low;
  };
  std::set<made_operation, decltype(later)> open{later};
  uint64_t next = 0;
  for (; next < open_at_a_time; ++next)
    open.emplace(next, static_cast<int64_t>(next) * 1000);
  const made_operation known{operations_of_trace_id, 0};
  result.operation = to_string(known.id());
  result.trace_id = to_string(known.trace());
  for (uint64_t steps = 1; !open.empty(); ++steps) {
    auto node = open.extract(open.begin());
    auto& x = node.value();
    if (x.step(front, back, random)) {
      open.insert(std::move(node));
    } else if (constexpr uint64_t often = 1000; bytes > 0) {
      open.emplace(next++, x.now_ns() + 1000);
      if (next % often == 0) {
        front.flush();
        back.flush();
        if (std::filesystem::file_size(result.front) + std::filesystem::file_size(result.back) > bytes)
          bytes = 0; // those that are open end
      }
    }
  }
  return result;
}

} // namespace tandem::bench
