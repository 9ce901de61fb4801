#include <catch2/catch.hpp>
#include <memory>
#include <random>

#include "experiment/experiment.h"
#include "experiment/presets.h"

namespace mesa {
namespace {

/// A sum that a member sends to the leader.
struct Message {
  int step;
  GroupNode node;
  BatchSum sum;
};

/// Members that share the steps of one run like the page's workers, in much disorder: ranges of any size, in
/// slices of a tile, shortened or lost with members that leave, and sums that arrive twice or late.
class Crowd {
 public:
  Crowd(const Config& config, int members, unsigned seed)
      : config_(config), most_(members), random_(seed), leader_(config) {
    while (int(helpers_.size()) < members - 1) join();
  }

  [[nodiscard]] std::span<const float> parameters() const { return leader_.parameters(); }

  TrainingStatus step() {
    for (const std::unique_ptr<Member>& helper : helpers_) welcome(*helper);
    int first = 0;
    for (std::size_t i = 0; i <= helpers_.size(); ++i) {
      const int end = i == helpers_.size() ? kGradientGroups : draw(first, kGradientGroups);
      begin(i, first, end);
      first = end;
    }
    for (int acts = 0; !has_all(); ++acts) {
      REQUIRE(acts < 20000);
      act();
    }
    return leader_.finish_step();
  }

 private:
  struct Member {
    Experiment experiment;
    bool is_done = true;
  };

  int draw(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }
  bool happens(int one_in) { return draw(1, one_in) == 1; }

  Trainer& trainer(std::size_t member) {
    return member == helpers_.size() ? leader_.trainer() : helpers_[member]->experiment.trainer();
  }
  bool& is_done(std::size_t member) {
    return member == helpers_.size() ? leader_is_done_ : helpers_[member]->is_done;
  }

  void welcome(Member& helper) {
    helper.experiment.trainer().set_state(leader_.trainer().state());
    helper.is_done = true;
  }
  void join() { helpers_.push_back(std::make_unique<Member>(Member{Experiment(config_), true})); }

  void begin(std::size_t member, int first, int end) {
    trainer(member).sums().want(first, end);
    is_done(member) = false;
  }

  [[nodiscard]] bool has_all() { return leader_.trainer().sums().has_all(0, kGradientGroups); }

  void act() {
    const auto member = std::size_t(draw(0, int(helpers_.size())));
    const bool is_leader = member == helpers_.size();
    if (happens(20)) trainer(member).sums().shorten(draw(0, kGradientGroups));
    if (!is_done(member)) {
      is_done(member) = trainer(member).continue_sums(Deadline::in(0));
      if (is_done(member) && !is_leader) send(trainer(member));
    } else if (happens(4)) {
      begin_missing(member);
    }
    if (happens(8)) trainer(member).draw_ahead(draw(0, 7), draw(8, kGradientGroups), Deadline::in(0));
    if (happens(4)) receive();
    if (happens(60) && !is_leader) helpers_.erase(helpers_.begin() + std::ptrdiff_t(member));
    if (happens(30) && int(helpers_.size()) < most_ - 1) {
      join();
      welcome(*helpers_.back());
    }
  }

  void send(Trainer& from) {
    from.sums().for_each_wanted([&](GroupNode node, const BatchSum& sum) {
      messages_.push_back({leader_.step(), node, sum});
    });
  }
  void receive() {
    if (messages_.empty()) return;
    const auto index = std::size_t(draw(0, int(messages_.size()) - 1));
    const Message& message = messages_[index];
    if (message.step == leader_.step()) {
      leader_.trainer().sums().add(message.node, message.sum.totals, message.sum.gradient);
      if (happens(4)) return;  // it arrives again later
    }
    messages_.erase(messages_.begin() + std::ptrdiff_t(index));
  }

  /// Some groups, from the first one that the leader lacks.
  void begin_missing(std::size_t member) {
    int first = 0;
    while (first < kGradientGroups && leader_.trainer().sums().has(first)) ++first;
    if (first < kGradientGroups) begin(member, first, draw(first + 1, kGradientGroups));
  }

  Config config_;
  int most_;
  std::mt19937 random_;
  Experiment leader_;
  bool leader_is_done_ = true;
  std::vector<std::unique_ptr<Member>> helpers_;
  std::vector<Message> messages_;
};

}  // namespace

TEST_CASE("any number of members, in any order, gives the bits of one alone", "[experiment]") {
  const char* preset = GENERATE("linear-1", "hybrid-mesa", "nonlinear-transformer-7");
  const int members = GENERATE(1, 2, 3, 5, 6, 8);
  INFO(preset << " with " << members);
  // Batches whose groups all have tiles, the last one not full, and batches with empty groups.
  const char* batch = members % 2 == 0 ? "37" : members == 3 ? "9" : "64";
  const Config config =
      make_config(preset, "quick", {{"sequence_length", "9"}, {"batch_size", batch}, {"warmup_steps", "0"}});
  Experiment alone(config);
  Crowd crowd(config, members, unsigned(members));
  for (int step = 0; step < 4; ++step) {
    const TrainingStatus expected = alone.train(1);
    CHECK(crowd.step().batch_loss == expected.batch_loss);
    REQUIRE(std::equal(alone.parameters().begin(), alone.parameters().end(), crowd.parameters().begin()));
  }
}

}  // namespace mesa
