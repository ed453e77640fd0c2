/// Which operation a scenario means by "A".
#pragma once

#include "../../../messages/operation_id.hpp"
#include "object_reader.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tandem::conformance {

class labels {
public:
  /// Introduces a label. Throws scenario_error if it is in use.
  void add(const std::string& label, const operation_id& id) {
    if (!ids_.emplace(label, id).second)
      throw scenario_error{"the label " + label + " is in use"};
  }

  bool has(const std::string& label) const {
    return ids_.contains(label);
  }

  /// Throws scenario_error if it was not introduced.
  const operation_id& id_of(const std::string& label) const {
    auto entry = ids_.find(label);
    if (entry == ids_.end())
      throw scenario_error{"the label " + label + " has not been introduced"};
    return entry->second;
  }

  /// The same for a label that an injected ticket bears: one that is new gets an id that no end has issued.
  operation_id id_for(const std::string& label) {
    if (!has(label))
      add(label, {0x5ce0a210'00000000, ids_.size()});
    return id_of(label);
  }

  std::string label_of(const operation_id& id) const {
    for (const auto& [label, known] : ids_)
      if (known == id)
        return label;
    return to_string(id);
  }

  std::vector<std::pair<std::string, operation_id>> all() const {
    return {ids_.begin(), ids_.end()};
  }

private:
  std::map<std::string, operation_id> ids_;
};

} // namespace tandem::conformance
