#include "analysis/kinds.h"

#include <string>

#include "core/error.h"
#include "core/help.h"
#include "core/sizes.h"

namespace mesa {
namespace {

std::string_view name_of(TokenKind kind) { return kTokenKindNames[std::size_t(kind)]; }
std::string_view name_of(AttentionKind kind) { return kAttentionKindNames[std::size_t(kind)]; }

/// Some layer has, or all layers have, attention of this kind.
bool some_layer(const ModelConfig& model, AttentionKind kind) {
  for (int layer = 0; layer < model.layers; ++layer) {
    if (model.attention_of(layer) == kind) return true;
  }
  return false;
}
bool all_layers(const ModelConfig& model, AttentionKind kind) {
  for (int layer = 0; layer < model.layers; ++layer) {
    if (model.attention_of(layer) != kind) return false;
  }
  return true;
}

/// The kinds of all layers.
std::string attention_text(const ModelConfig& model) {
  std::string text;
  for (int layer = 0; layer < model.layers; ++layer) {
    text += joined({layer == 0 ? "" : ",", name_of(model.attention_of(layer))});
  }
  return text;
}

void require_off(std::string_view field, bool is_on) {
  constexpr std::string_view kOff[] = {"off"};
  if (is_on) throw needs(field, kOff, "on", {});
}

void require_positions(const Subject& subject, int least) {
  if (subject.task.sequence_length >= least) return;
  throw out_of_range("sequence_length", least, kMostPositions, subject.task.sequence_length);
}

void require_nothing(const Subject& /*subject*/) {}

void require_for_compress(const Subject& subject) {
  const ModelConfig& model = subject.model;
  if (!all_layers(model, AttentionKind::linear)) {
    constexpr std::string_view kLinear[] = {"linear"};
    throw needs("attention", kLinear, attention_text(model),
                help("only a model of linear layers can be compressed"));
  }
  require_off("normalise_query_key", model.normalise_query_key);
  require_off("positional_encoding", model.positional_encoding);
  if (model.width % model.output_size != 0) {
    throw not_multiple("width", "observation_size", model.output_size, model.width);
  }
}

void require_for_fit(const Subject& subject) {
  if (subject.model.layers != 1) {
    throw out_of_range("layers", 1, 1, subject.model.layers, {},
                       help("the fit is of models with 1 layer; try linear-1"));
  }
  if (subject.tokens.kind == TokenKind::constructed || subject.tokens.kind == TokenKind::constructed_masked) {
    return;
  }
  constexpr std::string_view kConstructed[] = {"constructed", "constructed_masked"};
  throw needs("tokens", kConstructed, name_of(subject.tokens.kind),
              help("the fit is of models on constructed tokens; try linear-1"));
}

void require_for_binding(const Subject& subject) { require_positions(subject, kBindingLags); }

void require_for_kernel(const Subject& subject) {
  if (subject.task.kind != TaskKind::regression) return;
  const Names all_but_the_last = Names(kTaskKindNames).first(std::size(kTaskKindNames) - 1);
  static_assert(kTaskKindNames[std::size(kTaskKindNames) - 1] == "regression");
  throw needs("task", all_but_the_last, "regression",
              help("few-shot sequences have no fixed number of positions per dimension; try task=linear"));
}

void require_for_prompt(const Subject& subject) {
  if (subject.tokens.kind != TokenKind::raw) {
    constexpr std::string_view kRaw[] = {"raw"};
    throw needs("tokens", kRaw, name_of(subject.tokens.kind),
                help("expected a model on raw tokens, in whose input others can stand"));
  }
  require_positions(subject, kPromptPrefix + kPromptPairs);
}

void require_for_linearise(const Subject& subject) {
  if (some_layer(subject.model, AttentionKind::softmax)) return;
  constexpr std::string_view kSoftmax[] = {"softmax"};
  throw needs_some("attention", kSoftmax, attention_text(subject.model),
                   help("expected a model with a softmax layer"));
}

constexpr AnalysisKind kKinds[] = {
    {"weights", help("weight products of every head, and how sparse they are"), "weight", false,
     require_nothing},
    {"compress", help("CompressedAlg-L: a number per block of the weight products"), "weight", false,
     require_for_compress},
    {"fit", help("a single layer beside one step of gradient descent and the best of its kind"), "weight",
     false, require_for_fit},
    {"probe", help("what every layer knows of the next state and of the preconditioned input"), "probe",
     false, require_nothing},
    {"binding", help("which past states every layer's tokens hold"), "probe", false, require_for_binding},
    {"attention", help("where heads look, and what the first layer's output depends on"), "attention", false,
     require_nothing},
    {"kernel", help("kernel regression and least squares as the dimension grows"), "regression", false,
     require_for_kernel},
    {"few-shot", help("few-shot regression without any fine-tuning, one task and two in a row"), "regression",
     false, require_nothing},
    {"prompt", help("few-shot regression with a tuned end-of-sequence token, and a tuned prefix"), "training",
     true, require_for_prompt},
    {"linearise", help("each softmax layer replaced by a linear one that was taught to imitate it"),
     "training", true, require_for_linearise},
};

}  // namespace

std::span<const AnalysisKind> analysis_kinds() { return kKinds; }

void check_fit(std::string_view kind, const Subject& subject) {
  for (const AnalysisKind& each : kKinds) {
    if (each.name == kind) each.check(subject);
  }
}

}  // namespace mesa
