#include <catch2/catch.hpp>

#include "experiment/experiment.h"
#include "experiment/memory.h"
#include "experiment/presets.h"

// glibc counts allocations; with sanitizers the counts differ.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__)
#include <malloc.h>

namespace mesa {

TEST_CASE("a run takes about as much memory as was predicted", "[experiment]") {
  struct Case {
    const char* preset;
    std::vector<Setting> settings;
  };
  const Case cases[] = {
      {"linear-6", {}},
      {"transformer-7", {{"width", "200"}, {"heads", "8"}, {"key_size", "50"}}},
      {"transformer-7", {{"mlp_size", "1000"}, {"layer_norm", "on"}, {"normalise_query_key", "on"}}},
      {"hybrid-mesa", {{"sequence_length", "400"}, {"heads", "8"}}},
      {"linear-4", {{"sequence_length", "1000"}, {"key_size", "60"}}},
      {"linear-1", {{"observation_size", "64"}, {"sequence_length", "300"}}},
  };
  for (const Case& each : cases) {
    INFO(each.preset << ' ' << each.settings.size());
    std::vector<Setting> settings = each.settings;
    settings.insert(settings.end(), {{"batch_size", "20"}, {"evaluation_sequences", "200"}});
    const Config config = make_config(each.preset, "", settings);
    const auto allocated = [] {
      const struct mallinfo2 info = mallinfo2();
      return double(info.uordblks) + double(info.hblkhd);
    };
    const double before = allocated();
    Experiment experiment(config);
    experiment.train(1);
    experiment.trainer().draw_ahead(0, kGradientGroups, Deadline::never());
    experiment.begin_evaluation(experiment.parameters(), 0, kEvaluationGroups);
    experiment.continue_evaluation(Deadline::never());
    const double measured = allocated() - before;
    CHECK(memory_bytes(config) > 0.7 * measured);
    CHECK(memory_bytes(config) < 1.3 * measured);
  }
}

}  // namespace mesa
#endif
