#include "analysis/linear_probe.h"
#include "experiment/analyses.h"

namespace mesa {
namespace {

constexpr Analysis kAnalyses[] = {
    {"probe", "what every layer knows of the next state and of the preconditioned input", analyze_probes},
    {"binding", "which past states every layer's tokens hold", analyze_binding},
};

}  // namespace

std::span<const Analysis> probe_analyses() { return kAnalyses; }

}  // namespace mesa
