#include "analysis/linear_probe.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include "analysis/normal_equations.h"
#include "analysis/requirements.h"
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

/// Matrices of one size, one after the other.
struct Matrices {
  Matrices(std::size_t count, int rows, int columns)
      : rows(rows), columns(columns), numbers(count * std::size_t(rows) * std::size_t(columns)) {}

  MatrixView<double> operator[](std::size_t i) {
    return {&numbers[i * std::size_t(rows) * std::size_t(columns)], rows, columns};
  }

  int rows;
  int columns;
  std::vector<double> numbers;
};

auto as_eigen(const MatrixView<double>& matrix) {
  return Eigen::Map<RowMatrix>(matrix.data, matrix.rows, matrix.columns);
}

/// Everything about the probes for one ProbeTargets. A place is a depth and a position.
struct Probes {
  Probes(const ModelConfig& model, const ProbeTargets& targets)
      : targets(targets),
        places(std::size_t((model.layers + 1) * model.positions)),
        positions(std::size_t(model.positions)),
        limits(positions),
        values(positions, kChunk, targets.count * targets.size),
        grams(places, model.width + 1, model.width + 1),
        coefficients(places, model.width + 1, targets.count * targets.size),
        squares(places, 1, targets.count),
        sums(positions, 1, targets.count * targets.size),
        total_squares(positions, 1, targets.count),
        kept(positions) {}

  const ProbeTargets& targets;
  std::size_t places;          ///< (L + 1) T
  std::size_t positions;       ///< T
  std::vector<double> limits;  ///< [T] the length above which a row of the values is an outlier
  Matrices values;             ///< of the sequences in memory: T times [kChunk, count * size]
  Matrices grams;              ///< at each place [D + 1, D + 1]
  Matrices coefficients;       ///< at each place [D + 1, count * size]; X^T Y until the fit is solved
  Matrices squares;            ///< at each place [1, count], of the probes' errors
  Matrices sums;               ///< at each position [1, count * size], of the values
  Matrices total_squares;      ///< at each position [1, count], of the values
  std::vector<double> kept;    ///< [T] sequences
};

double square_of_row(const double* row, int columns) {
  return std::inner_product(row, row + columns, row, 0.0);
}

/// Sets the lengths above which rows are outliers of the batch.
void set_limits(const DrawnSequences& sequences, Probes& probes) {
  constexpr double kLargestScore = 2;
  std::ranges::fill(probes.limits, INFINITY);
  if (!probes.targets.drop_outliers) return;
  std::vector<double> sum(probes.positions);
  std::vector<double> squares(probes.positions);
  for (int i = 0; i < sequences.size(); ++i) {
    const RowMatrix values = probes.targets.values(sequences[i]);
    for (std::size_t t = 0; t < probes.positions; ++t) {
      const double square = square_of_row(&values(Eigen::Index(t), 0), probes.values.columns);
      sum[t] += std::sqrt(square);
      squares[t] += square;
    }
  }
  for (std::size_t t = 0; t < probes.positions; ++t) {
    const double mean = sum[t] / sequences.size();
    const double variance = std::max(squares[t] / sequences.size() - mean * mean, 0.0);
    probes.limits[t] = mean + kLargestScore * std::sqrt(variance);
  }
}

/// Calls `look` for each chunk of a batch, in order. The chunk's values are in `probes`, its residual streams
/// in `streams`: a matrix [kChunk, D + 1] for each place, whose last channel is 1. Rows beyond the last
/// sequence are zero, so that they add nothing to any sum.
void for_each_chunk(const Subject& subject, const DrawnSequences& sequences, int threads,
                    std::vector<Probes>& probes,
                    const std::function<void(Matrices& streams, int done)>& look) {
  const ModelConfig& model = subject.model;
  const CompiledModel compiled = complete_model(model);
  const ModelWeights<const float> weights = compiled.own.weights(subject.parameters.data());
  std::vector<Workspace<float>> workspaces;
  workspaces.reserve(std::size_t(threads));
  for (int i = 0; i < threads; ++i) workspaces.emplace_back(compiled, 1, Passes::forward);
  Matrices streams(std::size_t((model.layers + 1) * model.positions), kChunk, model.width + 1);
  for (int first = 0; first < sequences.size(); first += kChunk) {
    const int count = std::min(kChunk, sequences.size() - first);
    std::ranges::fill(streams.numbers, 0.0);
    for (Probes& each : probes) std::ranges::fill(each.values.numbers, 0.0);
    for_each_item(count, threads, [&](int worker, int row) {
      Workspace<float>& workspace = workspaces[std::size_t(worker)];
      const RowMatrix states = sequences[first + row];
      write_tokens(subject.tokens, view_of(states), workspace.tokens());
      forward(compiled, weights, workspace);
      for (int depth = 0; depth <= model.layers; ++depth) {
        for (int t = 0; t < model.positions; ++t) {
          const float* channels = &workspace.residual(depth)(t, 0);
          double* place = &streams[std::size_t(depth * model.positions + t)](row, 0);
          std::copy(channels, channels + model.width, place);
          place[model.width] = 1;
        }
      }
      for (Probes& each : probes) {
        const RowMatrix values = each.targets.values(states);
        for (std::size_t t = 0; t < each.positions; ++t) {
          const double* from = &values(Eigen::Index(t), 0);
          std::copy(from, from + each.values.columns, &each.values[t](row, 0));
        }
      }
    });
    look(streams, first + count);
  }
}

/// A copy of the channels at a place, in which the rows of outliers are zero.
MatrixView<double> without_outliers(const MatrixView<double>& channels, const MatrixView<double>& values,
                                    double limit, std::vector<double>& copy) {
  copy.assign(channels.data, channels.data + channels.rows * channels.columns);
  const MatrixView<double> kept(copy.data(), channels.rows, channels.columns);
  for (int row = 0; row < values.rows; ++row) {
    if (std::sqrt(square_of_row(&values(row, 0), values.columns)) <= limit) continue;
    std::fill(&kept(row, 0), &kept(row, 0) + kept.columns, 0.0);
  }
  return kept;
}

/// Adds a chunk, channels [kChunk, D + 1] and values [kChunk, count * size], to a place's normal equations.
void add_to_fit(Probes& probes, std::size_t place, const MatrixView<double>& channels,
                const MatrixView<double>& values) {
  const MatrixView<const double> transposed = channels.transposed();
  multiply_accumulate(transposed, read_only(channels), probes.grams[place], Triangle::result_lower);
  multiply_accumulate(transposed, read_only(values), probes.coefficients[place]);
}

void solve(Probes& probes, std::size_t place) {
  auto coefficients = as_eigen(probes.coefficients[place]);
  coefficients = solve_normal_equations(as_eigen(probes.grams[place]), coefficients);
}

/// Adds to squares [1, count] those of each target's part of a row [count * size].
void add_squares_by_target(const double* row, const ProbeTargets& targets,
                           const MatrixView<double>& squares) {
  for (int target = 0; target < targets.count; ++target) {
    squares(0, target) += square_of_row(row + target * targets.size, targets.size);
  }
}

/// Adds a chunk's errors at a place.
void add_to_errors(Probes& probes, std::size_t place, const MatrixView<double>& channels,
                   const MatrixView<double>& values) {
  RowMatrix errors(values.rows, values.columns);
  multiply(read_only(channels), read_only(probes.coefficients[place]),
           {errors.data(), values.rows, values.columns});
  errors -= as_eigen(values);
  for (int row = 0; row < values.rows; ++row) {
    if (channels(row, channels.columns - 1) == 0) continue;
    add_squares_by_target(&errors(row, 0), probes.targets, probes.squares[place]);
    if (place >= probes.positions) continue;  // the values are the same at every depth
    add_squares_by_target(&values(row, 0), probes.targets, probes.total_squares[place]);
    for (int i = 0; i < values.columns; ++i) probes.sums[place](0, i) += values(row, i);
    ++probes.kept[place];
  }
}

ProbeErrors errors_of(Probes& probes, int target) {
  const auto depths = Eigen::Index(probes.places / probes.positions);
  ProbeErrors errors{RowMatrix(depths, probes.positions), RowMatrix(depths, probes.positions)};
  const int size = probes.targets.size;
  for (std::size_t place = 0; place < probes.places; ++place) {
    const std::size_t t = place % probes.positions;
    double around_mean = probes.total_squares[t](0, target);
    for (int i = target * size; i < (target + 1) * size; ++i) {
      around_mean -= probes.sums[t](0, i) * probes.sums[t](0, i) / probes.kept[t];
    }
    const double square = probes.squares[place](0, target);
    errors.error.data()[place] = square / 2 / probes.kept[t];
    errors.relative_error.data()[place] = around_mean > 0 ? square / around_mean : NAN;
  }
  return errors;
}

}  // namespace

std::vector<ProbeResult> probe(const Subject& subject, const std::vector<ProbeTargets>& targets,
                               const Effort& effort) {
  std::vector<Probes> probes;
  probes.reserve(targets.size());
  for (const ProbeTargets& target : targets) probes.emplace_back(subject.model, target);
  const int places = int(probes[0].places);

  using Add =
      void(Probes&, std::size_t place, const MatrixView<double>& channels, const MatrixView<double>& values);
  // Passes a batch through the model and hands every place to each of the probes.
  const auto pass = [&](RandomPurpose purpose, Add* add, double done_before) {
    const DrawnSequences sequences(subject.task, subject.seed, purpose, effort.sequences);
    for (Probes& each : probes) set_limits(sequences, each);
    std::vector<std::vector<double>> copies(std::size_t(effort.threads));
    const auto look = [&](Matrices& streams, int done) {
      for_each_item(places, effort.threads, [&](int worker, int item) {
        const auto place = std::size_t(item);
        for (Probes& each : probes) {
          const std::size_t t = place % each.positions;
          MatrixView<double> channels = streams[place];
          MatrixView<double> values = each.values[t];
          if (each.targets.drop_outliers) {
            channels = without_outliers(channels, values, each.limits[t], copies[std::size_t(worker)]);
          }
          add(each, place, channels, values);
        }
      });
      effort.progress(done_before + 0.5 * done / sequences.size());
    };
    for_each_chunk(subject, sequences, effort.threads, probes, look);
  };
  pass(RandomPurpose::tuning, &add_to_fit, 0);
  for_each_item(places, effort.threads, [&](int /*worker*/, int place) {
    for (Probes& each : probes) solve(each, std::size_t(place));
  });
  pass(RandomPurpose::held_out, &add_to_errors, 0.5);

  std::vector<ProbeResult> results;
  for (Probes& each : probes) {
    results.emplace_back();
    for (int i = 0; i < each.targets.count; ++i) results.back().errors.push_back(errors_of(each, i));
    for (const double count : each.kept) results.back().kept.push_back(count / effort.sequences);
  }
  return results;
}

ProbeTargets next_state_target(int observation_size) {
  return {1, observation_size,
          [](const RowMatrix& states) -> RowMatrix { return states.bottomRows(states.rows() - 1); }};
}

ProbeTargets preconditioned_input_target(int observation_size) {
  const auto values = [](const RowMatrix& states) {
    const Eigen::Index d = states.cols();
    RowMatrix inputs = RowMatrix::Zero(states.rows() - 1, d);
    RowMatrix inverse = RowMatrix::Zero(d, d);
    for (Eigen::Index i = 0; i < d; ++i) inverse(i, i) = 1 / kUsualRidge;
    for (Eigen::Index t = 0; t < inputs.rows(); ++t) {
      const double* state = &states(t, 0);
      double* solved = &inputs(t, 0);
      double change = 1;
      for (Eigen::Index i = 0; i < d; ++i) {
        solved[i] = std::inner_product(state, state + d, &inverse(i, 0), 0.0);
        change += state[i] * solved[i];
      }
      // Adds s_t to the sum by the formula of Sherman and Morrison (1950).
      for (Eigen::Index i = 0; i < d; ++i) {
        for (Eigen::Index j = 0; j < d; ++j) inverse(i, j) -= solved[i] * solved[j] / change;
      }
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
      const Eigen::VectorXf of_state = (*feature)(states.row(t).transpose().cast<float>());
      std::copy(of_state.data(), of_state.data() + d, &features(t, 0));
      if (t > 0) std::copy(&features(t - 1, 0), &features(t - 1, 0) + d, &features(t, d));
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
        std::copy(&states(t - lag, 0), &states(t - lag, 0) + d, &past(t, lag * d));
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
  records.back().fields.emplace_back("kept", results[1].kept);
  if (nonlinear) {
    records.push_back(record("feature", results[2].errors[0]));
    records.push_back(record("previous_feature", results[2].errors[1]));
  }
  return {{"targets", records}};
}

void check_binding(const Subject& subject) { require_positions(subject, kBindingLags); }

Record analyze_binding(const Subject& subject, const Effort& effort) {
  constexpr int kLags = kBindingLags;
  const int positions = subject.model.positions;
  const ProbeResult result =
      probe(subject, {past_state_targets(subject.task.observation_size, kLags)}, effort)[0];
  RowMatrix relative_error = RowMatrix::Zero(subject.model.layers + 1, kLags);
  std::vector<double> lags(kLags);
  for (int lag = 0; lag < kLags; ++lag) {
    lags[std::size_t(lag)] = lag;
    const RowMatrix& at_positions = result.errors[std::size_t(lag)].relative_error;
    for (int depth = 0; depth <= subject.model.layers; ++depth) {
      for (int t = kLags - 1; t < positions; ++t) {
        relative_error(depth, lag) += at_positions(depth, t) / (positions - kLags + 1);
      }
    }
  }
  return {{"lags", lags}, {"relative_error", relative_error}};
}

}  // namespace mesa
