/// How much memory this process occupies.
#pragma once

namespace tandem::bench {

/// Gives unused memory back to the system first, so that what is allocated next shows in resident_bytes().
double resident_bytes_after_trim();

double resident_bytes();

} // namespace tandem::bench
