#include "operations.hpp"

#include "../cli/duration_text.hpp"
#include "../cli/exit_status.hpp"
#include "../cli/measures.hpp"
#include "../cli/text.hpp"
#include "../cli/text_table.hpp"
#include "network_probe.hpp"

#include "../../actors/nodes/remote_operations.hpp"
#include "../../actors/system.hpp"
#include "../../messages/json/text.hpp"

#include <iostream>

namespace tandem::cli {

namespace {

std::string shown_text(const nlohmann::json& in) {
  json_reading reading;
  std::string result;
  return text_from_json(in, result, reading) ? printable(result) : std::string{};
}

std::string seconds_of(const nlohmann::json& in) {
  return decimal(in.is_number() ? in.get<double>() : 0, 3) + " s";
}

std::string number_of(const nlohmann::json& in) {
  return in.is_number_unsigned() ? std::to_string(in.get<uint64_t>()) : "?";
}

} // namespace

void write_operations(const nlohmann::json& listing, std::ostream& out) {
  const auto& operations = listing["operations"];
  out << "open at " << shown_text(listing.value("end", nlohmann::json{""})) << ": " << number_of(listing["ongoing"])
      << '\n';
  if (operations.empty())
    return;
  constexpr auto right = align::right;
  text_table table;
  table.column("operation").column("name").column("age", right).column("time left", right).column("sent", right);
  table.column("received", right).column("held", right).column("waiting", right).column("state").column("peer");
  for (const auto& x : operations)
    table.row({x.value("operation_id", ""), shown_text(x["name"]), seconds_of(x["age"]), seconds_of(x["time_left"]),
               number_of(x["next_sent"]), number_of(x["next_received"]), number_of(x["held"]), number_of(x["waiting"]),
               x.value("state", ""), x.contains("peer") ? shown_text(x["peer"]) : ""});
  table.write(out);
  if (listing["ongoing"] > operations.size())
    out << "(the oldest " << operations.size() << "; --most for more)\n";
}

int operations(const operations_options& options) {
  system_config config;
  configure(config, options.node);
  caf::actor_system system{config};
  require_listener(options.back, options.timeout);
  nlohmann::json listing;
  try {
    listing = remote_operations(system, options.back.host, options.back.port, {options.most}, options.timeout);
  } catch (const std::exception& e) {
    throw user_error{e.what()};
  }
  if (options.json)
    std::cout << to_line(listing) << '\n';
  else
    write_operations(listing, std::cout);
  std::cout.flush();
  return exit_good;
}

} // namespace tandem::cli
