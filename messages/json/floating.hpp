/// Floating-point numbers in JSON, so that each reads back as it was (the table in form.hpp).
#pragma once

#include "text.hpp"

#include <nlohmann/json.hpp>

namespace tandem::detail {

/// A number where JSON has it; else "inf", "-inf", "nan", or "bits:" and the number's bits in hexadecimal digits, for
/// other numbers that are none. A long double is a text in any case: of its decimal digits, or of its bits if it is too
/// close to zero to be read from those.
nlohmann::json floating_to_json(float x);
nlohmann::json floating_to_json(double x);
nlohmann::json floating_to_json(long double x);

/// Reads that, and any JSON number in the type's range.
bool floating_from_json(const nlohmann::json& in, float& x, json_reading& reading);
bool floating_from_json(const nlohmann::json& in, double& x, json_reading& reading);
bool floating_from_json(const nlohmann::json& in, long double& x, json_reading& reading);

} // namespace tandem::detail
