#include "analysis/linear_probe.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"probe", analyze_probes},
    {"binding", analyze_binding},
};

}  // namespace

std::span<const Analysis> probe_analyses() { return kAnalyses; }

}  // namespace mesa
