#include "runner.hpp"

#include <algorithm>
#include <iostream>

namespace tandem::conformance {

void runner::add(const scenario_text& x) {
  entry result{x.name, {}};
  try {
    if (std::any_of(scenarios_.begin(), scenarios_.end(), [&](const entry& y) { return y.name == x.name; }))
      throw scenario_error{"another scenario has this name"};
    result.content = parse_scenario(x.content);
  } catch (const scenario_error& e) {
    result.content = std::string{e.what()};
  }
  scenarios_.push_back(std::move(result));
}

totals runner::run(way& w) {
  totals result;
  scenario_traces traces{keep_, w.name()};
  w.record_to(keep_.empty() && !w.always_records() ? nullptr : &traces);
  for (const auto& [name, content] : scenarios_) {
    std::optional<failure> why;
    log_.begin(w.name() + ": " + name);
    if (const auto* wrong = std::get_if<std::string>(&content)) {
      why = failure{"", {*wrong}, nullptr, nullptr};
    } else {
      const auto& x = std::get<scenario>(content);
      if (const auto obstacle = w.obstacle(x)) {
        ++result.not_run[*obstacle];
        log_.skip("not in this way: " + *obstacle);
        say("not run", name, w.name() + ": " + *obstacle);
        continue;
      }
      why = perform(x, w, traces);
    }
    ++(why ? result.failed : result.passed);
    if (why) {
      log_.fail();
      std::cout << describe(name, w.name(), *why) << std::flush;
    } else {
      log_.pass();
      say("passed", name, w.name());
    }
  }
  watchdog_.expect("");
  w.record_to(nullptr);
  return result;
}

std::optional<failure> runner::perform(const scenario& x, way& w, const scenario_traces& traces) {
  const auto who = x.name + " (" + w.name() + "): ";
  watchdog_.expect(who + "before the first step");
  auto code = std::make_shared<customer>(x.customers);
  auto world = w.make_world(x, code);
  performance run{x, *world, *code, [&](const std::string& where) { watchdog_.expect(who + where); }};
  auto result = run.perform();
  watchdog_.expect(who + "taking down the ends");
  code->gates().open_all();
  code->release();
  world.reset();
  if (!result) {
    watchdog_.expect(who + "afterwards");
    auto wrong = w.afterwards(x);
    for (auto& line : traces.check(x))
      wrong.push_back(std::move(line));
    if (!wrong.empty())
      result = failure{"afterwards", std::move(wrong), nullptr, nullptr};
  }
  return result;
}

void runner::say(const std::string& word, const std::string& name, const std::string& more) const {
  if (verbose_)
    std::cout << word << ' ' << name << " (" << more << ")\n";
}

} // namespace tandem::conformance
