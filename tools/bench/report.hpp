/// The figures of a run, as a table for people and as JSON for programs.
#pragma once

#include "comparisons.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace tandem::bench {

/// Every figure that was measured: by comparison, by contestant, one for each repetition.
using figures = std::map<std::string, std::map<std::string, std::vector<double>>>;

/// A list with an object for each comparison: name, unit, each contestant's median, least and greatest figure, and
/// ratio_to_grpc, ratio_to_plain_caf and ratio_to_asio, ours divided by theirs, of medians.
nlohmann::json as_json(const std::vector<comparison>& list, const figures& measured);

/// The same as a Markdown table.
std::string as_table(const nlohmann::json& results);

/// The machine that it ran on: processor, cores, versions.
std::string machine();

} // namespace tandem::bench
