#include "servicer.hpp"

namespace tandem {

method_table& method_table::add(std::string name, method what) {
  if (name.empty())
    throw std::invalid_argument{"method_table::add: name must not be empty"};
  if (!what)
    throw std::invalid_argument{"method_table::add: what must not be empty"};
  methods_[std::move(name)] = std::move(what);
  return *this;
}

std::shared_ptr<consumer> method_table::service(const std::string& name, const operation_context& context,
                                                const output_consumer& output) {
  auto entry = methods_.find(name);
  if (entry == methods_.end())
    throw no_such_method{name};
  return entry->second(context, output);
}

} // namespace tandem
