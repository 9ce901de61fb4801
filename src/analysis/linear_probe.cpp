#include "analysis/linear_probe.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "analysis/normal_equations.h"
#include "core/error.h"
#include "core/matrix_product.h"
#include "core/parallel.h"
#include "data/nonlinear_system.h"
#include "evaluate/sequences.h"
#include "model/transformer.h"
#include "reference/preconditioned_step.h"

namespace mesa {
namespace {

/// Sequences whose residual streams are in memory at a time.
constexpr int kChunk = 32;

MatrixView<double> view(RowMatrix& matrix) { return {matrix.data(), int(matrix.rows()), int(matrix.cols())}; }

/// Some sequences as the probes of one depth and position see them: a place for each depth and position.
struct StreamChunk {
  StreamChunk(const ModelConfig& model, const std::vector<ProbeTargets>& targets)
      : inputs(std::size_t((model.layers + 1) * model.positions), RowMatrix(kChunk, model.width + 1)) {
    for (const ProbeTargets& target : targets) {
      values.emplace_back(std::size_t(model.positions), RowMatrix(kChunk, target.count * target.size));
    }
  }

  int sequences = 0;
  std::vector<RowMatrix> inputs;               ///< (L + 1) T times [kChunk, D + 1], the last channel being 1
  std::vector<std::vector<RowMatrix>> values;  ///< of each of the targets T times [kChunk, count * size]
};

/// Hands the sequences of a batch to `look`, a chunk at a time and in order.
void for_each_chunk(const Subject& subject, const std::vector<ProbeTargets>& targets,
                    const DrawnSequences& sequences, int threads,
                    const std::function<void(StreamChunk& chunk, int first)>& look) {
  const ModelConfig& model = subject.model;
  const ParameterTable table(model);
  std::vector<Activations<float>> activations(std::size_t(threads), Activations<float>(model, 1));
  StreamChunk chunk(model, targets);
  for (int first = 0; first < sequences.size(); first += kChunk) {
    chunk.sequences = std::min(kChunk, sequences.size() - first);
    for_each_item(chunk.sequences, threads, [&](int worker, int row) {
      Activations<float>& a = activations[std::size_t(worker)];
      const RowMatrix states = sequences[first + row];
      const Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> narrowed =
          states.cast<float>();
      write_tokens(subject.tokens, {narrowed.data(), int(narrowed.rows()), int(narrowed.cols())},
                   a.tokens(0));
      forward(table, subject.parameters.data(), a);
      for (int depth = 0; depth <= model.layers; ++depth) {
        for (int t = 0; t < model.positions; ++t) {
          RowMatrix& input = chunk.inputs[std::size_t(depth * model.positions + t)];
          const float* channels = &a.residual(depth)(t, 0);
          std::copy(channels, channels + model.width, &input(row, 0));
          input(row, model.width) = 1;
        }
      }
      for (std::size_t i = 0; i < targets.size(); ++i) {
        const RowMatrix values = targets[i].values(states);
        for (int t = 0; t < model.positions; ++t) chunk.values[i][std::size_t(t)].row(row) = values.row(t);
      }
    });
    look(chunk, first);
  }
}

/// The length [T] that the targets' rows have at most if they are not outliers of the batch.
std::vector<double> length_limits(const ProbeTargets& targets, const DrawnSequences& sequences,
                                  int positions) {
  constexpr double kLargestScore = 2;
  if (!targets.drop_outliers) return std::vector<double>(std::size_t(positions), INFINITY);
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(positions);
  Eigen::VectorXd squares = Eigen::VectorXd::Zero(positions);
  for (int i = 0; i < sequences.size(); ++i) {
    const Eigen::VectorXd square = targets.values(sequences[i]).rowwise().squaredNorm();
    sum += square.cwiseSqrt();
    squares += square;
  }
  std::vector<double> limits;
  for (int t = 0; t < positions; ++t) {
    const double mean = sum[t] / sequences.size();
    const double variance = std::max(squares[t] / sequences.size() - mean * mean, 0.0);
    limits.push_back(mean + kLargestScore * std::sqrt(variance));
  }
  return limits;
}

/// The probes for one of the targets, a place for each depth and position.
class Probes {
 public:
  Probes(const ModelConfig& model, const ProbeTargets& targets)
      : positions_(model.positions), targets_(targets) {
    const auto inputs = model.width + 1;
    const auto outputs = targets.count * targets.size;
    const auto places = std::size_t((model.layers + 1) * model.positions);
    grams_.assign(places, RowMatrix::Zero(inputs, inputs));
    coefficients_.assign(places, RowMatrix::Zero(inputs, outputs));
    squares_.assign(places, Eigen::VectorXd::Zero(targets.count));
    sums_.assign(std::size_t(positions_), Eigen::VectorXd::Zero(outputs));
    total_squares_.assign(std::size_t(positions_), Eigen::VectorXd::Zero(targets.count));
    kept_.assign(std::size_t(positions_), 0);
  }

  void set_limits(std::vector<double> limits) { limits_ = std::move(limits); }

  /// Adds what the fit at a place needs to know of some sequences.
  void add_to_fit(std::size_t place, RowMatrix inputs, RowMatrix values) {
    keep(position_of(place), inputs, values);
    multiply_accumulate(read_only(view(inputs).transposed()), read_only(view(inputs)), view(grams_[place]),
                        Triangle::result_lower);
    multiply_accumulate(read_only(view(inputs).transposed()), read_only(view(values)),
                        view(coefficients_[place]));
  }

  void solve(std::size_t place) {
    coefficients_[place] = solve_normal_equations(std::move(grams_[place]), std::move(coefficients_[place]));
  }

  /// Adds the errors on some sequences.
  void add_to_errors(std::size_t place, RowMatrix inputs, RowMatrix values) {
    const std::size_t t = position_of(place);
    keep(t, inputs, values);
    RowMatrix rest(values.rows(), values.cols());
    multiply(read_only(view(inputs)), read_only(view(coefficients_[place])), view(rest));
    rest -= values;
    for (int i = 0; i < targets_.count; ++i) squares_[place][i] += square_of(rest, i);
    if (place != t) return;
    for (int i = 0; i < targets_.count; ++i) total_squares_[t][i] += square_of(values, i);
    sums_[t] += values.colwise().sum().transpose();
    kept_[t] += double(values.rows());
  }

  [[nodiscard]] ProbeResult result(int sequences) const {
    const Eigen::Index depths = Eigen::Index(squares_.size()) / positions_;
    ProbeResult result;
    for (int i = 0; i < targets_.count; ++i) {
      ProbeErrors errors{RowMatrix(depths, positions_), RowMatrix(depths, positions_)};
      for (std::size_t place = 0; place < squares_.size(); ++place) {
        const std::size_t t = position_of(place);
        const double around_mean =
            total_squares_[t][i] -
            sums_[t].segment(i * targets_.size, targets_.size).squaredNorm() / kept_[t];
        errors.error.data()[place] = squares_[place][i] / 2 / kept_[t];
        errors.relative_error.data()[place] = around_mean > 0 ? squares_[place][i] / around_mean : NAN;
      }
      result.errors.push_back(errors);
    }
    for (const double count : kept_) result.kept.push_back(count / sequences);
    return result;
  }

 private:
  [[nodiscard]] std::size_t position_of(std::size_t place) const { return place % std::size_t(positions_); }

  [[nodiscard]] double square_of(const RowMatrix& values, int i) const {
    return values.middleCols(i * targets_.size, targets_.size).squaredNorm();
  }

  /// Moves the rows that are no outliers to the front and drops the others.
  void keep(std::size_t t, RowMatrix& inputs, RowMatrix& values) const {
    Eigen::Index count = 0;
    for (Eigen::Index row = 0; row < values.rows(); ++row) {
      if (values.row(row).norm() > limits_[t]) continue;
      inputs.row(count) = inputs.row(row);
      values.row(count) = values.row(row);
      ++count;
    }
    inputs.conservativeResize(count, Eigen::NoChange);
    values.conservativeResize(count, Eigen::NoChange);
  }

  int positions_;
  ProbeTargets targets_;
  std::vector<double> limits_;                  ///< [T]
  std::vector<RowMatrix> grams_;                ///< [D + 1, D + 1] at each place, before solve()
  std::vector<RowMatrix> coefficients_;         ///< [D + 1, count * size] at each place
  std::vector<Eigen::VectorXd> squares_;        ///< [count] at each place, of what is left
  std::vector<Eigen::VectorXd> sums_;           ///< [count * size] at each position, of the values
  std::vector<Eigen::VectorXd> total_squares_;  ///< [count] at each position, of the values
  std::vector<double> kept_;                    ///< sequences at each position
};

}  // namespace

std::vector<ProbeResult> probe(const Subject& subject, const std::vector<ProbeTargets>& targets,
                               const Effort& effort) {
  const ModelConfig& model = subject.model;
  const int places = (model.layers + 1) * model.positions;
  std::vector<Probes> probes;
  for (const ProbeTargets& target : targets) probes.emplace_back(model, target);

  // Sends a batch through the model, and what stands at every place to each of the probes.
  using Add = void (Probes::*)(std::size_t, RowMatrix, RowMatrix);
  const auto pass = [&](RandomPurpose purpose, Add add, double done) {
    const DrawnSequences sequences(subject.task, subject.seed, purpose, effort.sequences);
    for (std::size_t i = 0; i < targets.size(); ++i) {
      probes[i].set_limits(length_limits(targets[i], sequences, model.positions));
    }
    for_each_chunk(subject, targets, sequences, effort.threads, [&](StreamChunk& chunk, int first) {
      for_each_item(places, effort.threads, [&](int /*worker*/, int item) {
        const auto place = std::size_t(item);
        const std::size_t t = place % std::size_t(model.positions);
        for (std::size_t i = 0; i < targets.size(); ++i) {
          (probes[i].*add)(place, chunk.inputs[place].topRows(chunk.sequences),
                           chunk.values[i][t].topRows(chunk.sequences));
        }
      });
      effort.progress(done + 0.5 * double(first + chunk.sequences) / sequences.size());
    });
  };
  pass(RandomPurpose::tuning, &Probes::add_to_fit, 0);
  for_each_item(places, effort.threads, [&](int /*worker*/, int place) {
    for (Probes& each : probes) each.solve(std::size_t(place));
  });
  pass(RandomPurpose::held_out, &Probes::add_to_errors, 0.5);

  std::vector<ProbeResult> results;
  for (const Probes& each : probes) results.push_back(each.result(effort.sequences));
  return results;
}

ProbeTargets next_state_target(int observation_size) {
  return {1, observation_size,
          [](const RowMatrix& states) -> RowMatrix { return states.bottomRows(states.rows() - 1); }};
}

ProbeTargets preconditioned_input_target(int observation_size) {
  const auto values = [](const RowMatrix& states) {
    const Eigen::Index d = states.cols();
    RowMatrix inputs(states.rows() - 1, d);
    RowMatrix inverse = RowMatrix::Identity(d, d) / kUsualRidge;
    for (Eigen::Index t = 0; t < inputs.rows(); ++t) {
      const Eigen::VectorXd solved = inverse * states.row(t).transpose();
      inputs.row(t) = solved.transpose();
      // s_t joins the sum, by the formula of Sherman and Morrison (1950).
      inverse -= solved * solved.transpose() / (1 + states.row(t).dot(solved));
    }
    return inputs;
  };
  return {1, observation_size, values, true};
}

ProbeTargets feature_targets(const TaskConfig& task, std::uint64_t seed) {
  const auto feature = std::make_shared<const NonlinearFeature>(task.observation_size, seed);
  const auto values = [=](const RowMatrix& states) {
    const Eigen::Index d = states.cols();
    RowMatrix features = RowMatrix::Zero(states.rows() - 1, 2 * d);
    for (Eigen::Index t = 0; t < features.rows(); ++t) {
      features.row(t).head(d) = (*feature)(states.row(t).transpose().cast<float>()).cast<double>();
      if (t > 0) features.row(t).tail(d) = features.row(t - 1).head(d);
    }
    return features;
  };
  return {2, task.observation_size, values};
}

ProbeTargets past_state_targets(int observation_size, int lags) {
  const auto values = [=](const RowMatrix& states) {
    const Eigen::Index d = states.cols();
    RowMatrix past = RowMatrix::Zero(states.rows() - 1, lags * d);
    for (Eigen::Index t = 0; t < past.rows(); ++t) {
      for (Eigen::Index lag = 0; lag < std::min<Eigen::Index>(lags, t + 1); ++lag) {
        past.row(t).segment(lag * d, d) = states.row(t - lag);
      }
    }
    return past;
  };
  return {lags, observation_size, values};
}

Record analyze_probes(const Subject& subject, const Effort& effort) {
  const int d = subject.task.observation_size;
  const bool nonlinear = subject.task.kind == TaskKind::nonlinear;
  std::vector<ProbeTargets> targets = {next_state_target(d), preconditioned_input_target(d)};
  if (nonlinear) targets.push_back(feature_targets(subject.task, subject.seed));
  const std::vector<ProbeResult> results = probe(subject, targets, effort);
  const auto record = [](const char* name, const ProbeErrors& errors) -> Record {
    return {{"name", std::string(name)}, {"error", errors.error}, {"relative_error", errors.relative_error}};
  };
  std::vector<Record> records = {record("next_state", results[0].errors[0]),
                                 record("preconditioned_input", results[1].errors[0])};
  records.back().fields.push_back({"kept", results[1].kept});
  if (nonlinear) {
    records.push_back(record("feature", results[2].errors[0]));
    records.push_back(record("previous_feature", results[2].errors[1]));
  }
  return {{"targets", records}};
}

Record analyze_binding(const Subject& subject, const Effort& effort) {
  constexpr int kLags = 8;
  const int positions = subject.model.positions;
  if (positions < kLags) {
    throw Error("sequence_length",
                joined({"binding looks 7 states back: expected 8 or more, got ", std::to_string(positions)}));
  }
  const ProbeResult result =
      probe(subject, {past_state_targets(subject.task.observation_size, kLags)}, effort)[0];
  RowMatrix relative_error(subject.model.layers + 1, kLags);
  std::vector<double> lags(kLags);
  std::iota(lags.begin(), lags.end(), 0);
  for (int lag = 0; lag < kLags; ++lag) {
    relative_error.col(lag) =
        result.errors[std::size_t(lag)].relative_error.rightCols(positions - kLags + 1).rowwise().mean();
  }
  return {{"lags", lags}, {"relative_error", relative_error}};
}

}  // namespace mesa
