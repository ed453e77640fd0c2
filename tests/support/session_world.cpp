#include "session_world.hpp"
#include "overloaded.hpp"

#include <algorithm>

namespace tandem_test {

using namespace tandem;

std::string written(const core::session_message<std::string>& x) {
  auto has = [](uint64_t received) { return ", has " + std::to_string(received); };
  return std::visit(overloaded{
                      [](const core::goodbye&) -> std::string { return "goodbye"; },
                      [](const core::ping& y) { return "ping " + std::to_string(y.id); },
                      [&](const core::pong& y) { return "pong " + std::to_string(y.id) + has(y.received); },
                      [](const core::notice& y) { return "notice " + to_string(y.what); },
                      [&](const core::frame<std::string>& y) {
                        return "frame " + std::to_string(y.number) + " (" + y.content + ")" + has(y.received);
                      },
                      [](const core::acknowledgement& y) { return "acknowledgement of " + std::to_string(y.received); },
                    },
                    x);
}

std::string written(const core::session_effect& x) {
  return std::visit(
    overloaded{
      [](const core::take_frame&) -> std::string { return "take"; },
      [](const core::close_connection& y) { return "close: " + y.why; },
      [](const core::interrupted& y) { return "interrupted: " + y.why; },
      [](const core::resumed&) -> std::string { return "resumed"; },
      [](const core::has_room&) -> std::string { return "room"; },
      [](const core::heard_notice& y) { return "notice " + to_string(y.notice); },
      [](const core::session_ended& y) { return (y.in_order ? "ended in order: " : "ended: ") + y.why; },
    },
    x);
}

std::string written(const core::session_effects& x) {
  std::string result;
  for (const auto& effect : x)
    result += (result.empty() ? "" : "; ") + written(effect);
  return result;
}

void session_world::connect() {
  const auto number = ++connections_;
  wire_.clear(); // of the one before
  const uint64_t received[] = {sides[0].machine.received(), sides[1].machine.received()};
  for (size_t i = 0; i < 2; ++i) {
    sides[i].connection = number;
    core::session_effects out;
    sides[i].machine.handle(core::connected{received[1 - i], setup_time}, now, out);
    carry_out(i, out, nullptr);
  }
  for (size_t i = 0; i < 2; ++i)
    write(i);
}

void session_world::cut(bool near_hears, bool far_hears) {
  wire_.clear();
  const bool hears[] = {near_hears, far_hears};
  ++connections_; // what is written from now on goes nowhere
  for (size_t i = 0; i < 2; ++i)
    if (hears[i] && std::exchange(sides[i].connection, std::nullopt))
      tell(i, core::disconnected{"cut"});
}

void session_world::give(size_t side, const std::string& content) {
  if (sides[side].machine.has_ended())
    return;
  sides[side].given.push_back(content);
  sides[side].machine.give(content, content.size());
  write(side);
}

void session_world::carry_out(size_t side, const core::session_effects& effects, const std::string* frame) {
  auto& x = sides[side];
  for (const auto& effect : effects) {
    log.push_back(std::to_string(side) + ": " + written(effect));
    if (std::holds_alternative<core::take_frame>(effect))
      x.taken.push_back(*frame);
    else if (std::holds_alternative<core::resumed>(effect))
      ++x.resumes;
    else if (const auto* end = std::get_if<core::session_ended>(&effect))
      x.ended = end->why;
    else if (std::holds_alternative<core::close_connection>(effect))
      x.connection.reset();
  }
}

void session_world::write(size_t side) {
  auto& x = sides[side];
  while (auto message = x.machine.next(now)) {
    log.push_back(std::to_string(side) + " writes: " + written(*message));
    if (x.connection == connections_)
      wire_.push_back({now + delay, 1 - side, connections_, std::move(*message)});
  }
}

void session_world::arrive(const under_way& x) {
  auto& to = sides[x.to];
  if (to.connection != x.connection)
    return;
  tell(x.to, core::bytes_came{});
  const std::string* frame = nullptr;
  core::session_effects out;
  auto& machine = to.machine;
  std::visit(overloaded{
               [&](const auto& y) { machine.handle(y, now, out); },
               [&](const core::frame<std::string>& y) {
                 frame = &y.content;
                 machine.handle(core::frame_came{y.number, y.received, y.content.size()}, now, out);
               },
             },
             x.content);
  carry_out(x.to, out, frame);
  write(x.to);
}

void session_world::run(duration until) {
  const auto end = time_point{until};
  for (;;) {
    auto next = end;
    if (!wire_.empty())
      next = std::min(next, wire_.front().arrives);
    for (const auto& x : sides)
      if (const auto deadline = x.machine.deadline())
        next = std::min(next, std::max(*deadline, now));
    now = std::max(now, next);
    if (!wire_.empty() && wire_.front().arrives <= now) {
      const auto x = std::move(wire_.front());
      wire_.pop_front();
      arrive(x);
      continue;
    }
    bool was_due = false;
    for (size_t i = 0; i < 2; ++i)
      if (const auto deadline = sides[i].machine.deadline(); deadline && *deadline <= now) {
        was_due = true;
        tell(i, core::time_came{});
      }
    if (now >= end && !was_due)
      return;
  }
}

} // namespace tandem_test
