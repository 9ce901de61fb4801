// Small deliberate breaks of the engine. Each replaces `text`, which occurs once in `file`, by `broken`, and some unit
// test has to fail.

const breaksOf = (file, ...breaks) => breaks.map(([name, text, broken]) => ({ file, name, text, broken }));

export const mutations = [
  ...breaksOf(
    'src/nn/causal_product.cpp',
    ['one earlier position is not looked at', 'if (past > 0) multiply(left,', 'if (past > 1) multiply(left,'],
    ['a score of the next position stays', 'const int first = t + 1;', 'const int first = t + 2;'],
    [
      'too few zeros behind the diagonal',
      'std::min(t + 1 + kReadBeyondDiagonal, scores.columns)',
      'std::min(t + 2, scores.columns)',
    ],
    [
      'the past gets the gradient of other rows',
      'left, result.row_range(0, past), Triangle::none);',
      'left, result.row_range(count, past), Triangle::none);',
    ],
    [
      'later chunks overwrite a gradient',
      'accumulate ? multiply_accumulate<Scalar> : multiply<Scalar>',
      'accumulate ? multiply<Scalar> : multiply<Scalar>',
    ],
  ),
  ...breaksOf(
    'src/nn/layer_norm.cpp',
    [
      'epsilon outside of the root',
      '1 / std::sqrt(variance + kEpsilon)',
      '1 / (std::sqrt(variance) + kEpsilon)',
    ],
    ['the unbiased variance', 'variance /= Scalar(width);', 'variance /= Scalar(width > 1 ? width - 1 : 1);'],
    ['the mean of the gradient stays', '(gradient - mean - along', '(gradient - along'],
    ['the part along the row is added', '- mean - along *', '- mean + along *'],
    [
      'the gradient of the scale is overwritten',
      'scale_gradient(0, i) += output_gradient(r, i) * normalised(r, i);',
      'scale_gradient(0, i) = output_gradient(r, i) * normalised(r, i);',
    ],
  ),
  ...breaksOf(
    'src/nn/mlp.cpp',
    ['a derivative of gelu with the wrong sign', '(below + x * density)', '(below - x * density)'],
    ['a derivative of gelu without its factor', '(below + x * density)', '(below + density)'],
    [
      'the last number stays as it was',
      'activated.data, hidden.rows * hidden.columns);',
      'activated.data, hidden.rows * hidden.columns - 1);',
    ],
    [
      'the weights into the MLP get the gradient of the activations',
      'read_only(hidden_gradient), weight_gradient.input',
      'read_only(activated_gradient), weight_gradient.input',
    ],
  ),
  ...breaksOf(
    'src/nn/clip.cpp',
    ['nothing is clipped below', 'not_above < -limit ? broadcast(-limit)', 'not_above < -limit ? not_above'],
    [
      'a value at its limit lets its gradient through',
      '(v < limit) & (v > -limit)',
      '(v <= limit) & (v >= -limit)',
    ],
    [
      'what is not a number is clipped',
      'value > limit ? broadcast(limit) : value',
      'value <= limit ? value : broadcast(limit)',
    ],
  ),
  ...breaksOf(
    'src/nn/unit_length.cpp',
    [
      'the shortest length is not squared',
      'kShortestSquared = Scalar(1e-12)',
      'kShortestSquared = Scalar(1e-6)',
    ],
    ['a gradient keeps what is along its vector', '-factor * along, unit', 'factor * along, unit'],
    ['a gradient is multiplied by the length', 'factor = 1 / lengths(t, 0)', 'factor = lengths(t, 0)'],
  ),
  ...breaksOf('src/nn/positional_encoding.cpp', [
    'a wavelength for each channel',
    'const int pair = channel / 2;',
    'const int pair = channel;',
  ]),
  ...breaksOf(
    'src/nn/softmax_attention.cpp',
    [
      'logits are divided by the key size',
      '1 / std::sqrt(Scalar(sizes.key_size))',
      '1 / Scalar(sizes.key_size)',
    ],
    [
      'the largest logit is not subtracted',
      'largest_lane<Scalar>(largest) * scale;',
      '0 * largest_lane<Scalar>(largest) * scale;',
    ],
    [
      'the sum has a lane that is not there',
      'sum += first_lanes<Scalar>(count - i) ? exponentials',
      'sum += first_lanes<Scalar>(count - i + 1) ? exponentials',
    ],
    [
      'the gradient of logits is not centred',
      'load_first(gradient + i, count - i) - mean;',
      'load_first(gradient + i, count - i) + 0 * mean;',
    ],
    [
      'the mean gradient lacks the last lane',
      'sum += load_first(probability + i, count - i) * load_first(gradient + i, count - i);',
      'sum += load_first(probability + i, count - i) * load_first(gradient + i, count - i - 1);',
    ],
    [
      'keys get no gradient from later chunks',
      'queries, gradients.keys, !chunk.is_last',
      'queries, gradients.keys, false',
    ],
    [
      'probabilities of the last chunk are those kept',
      'if (chunk.index > 0) softmax_scores',
      'if (chunk.index > 1) softmax_scores',
    ],
  ),
  ...breaksOf(
    'src/nn/linear_attention.cpp',
    [
      'earlier chunks are not looked at',
      'if (chunk.state.data) multiply_accumulate(chunk.queries, chunk.state, output);',
      '',
    ],
    [
      'a state forgets the one before',
      'combine(Scalar(1), &part.state(k, 0), Scalar(1), row',
      'combine(Scalar(0), &part.state(k, 0), Scalar(1), row',
    ],
    [
      'the gradient of the state is that of one chunk',
      'multiply_accumulate(part.queries.transposed(), gradients.output, state_gradient);',
      'multiply(part.queries.transposed(), gradients.output, state_gradient);',
    ],
  ),
  ...breaksOf(
    'src/nn/mesa_attention.cpp',
    ['nothing is forgotten', 'Scalar(power(1 / scalars.forget_factor, kept.gains.rows))', 'Scalar(1)'],
    ['a gradient that forgets a step too many', 'power(1 / gamma, count)', 'power(1 / gamma, count + 1)'],
    ['the diagonal counts twice', 'matrix(i, i) /= 2;', 'matrix(i, i) /= 1;'],
    [
      'a gradient that is not symmetric',
      'below[j] = *above = below[j] + *above',
      'below[j] = below[j] + *above',
    ],
    ['the diagonal of N counts twice', 'n_(t, t) /= 2;', 'n_(t, t) /= 1;'],
    [
      "lambda's gradient lacks later chunks",
      'scalar_gradients_.inverse_ridge -= state_gradient_(k, k) / 2;',
      'scalar_gradients_.inverse_ridge -= 0 * state_gradient_(k, k);',
    ],
    ["gamma's gradient of the wrong age", 'Scalar(t + 1) * age_weight', 'Scalar(t) * age_weight'],
    [
      "gamma's gradient lacks what later chunks forget",
      '-Scalar(count) / gamma * dot_rows',
      '0 / gamma * dot_rows',
    ],
    [
      'the gradient of values keeps its sign',
      'scale_rows(Scalar(-1), read_only(gradients_.values)',
      'scale_rows(Scalar(1), read_only(gradients_.values)',
    ],
    [
      'N is not transposed',
      'multiply_accumulate(read_only(n_).transposed(), read_only(z_), parts_.of_keys, Triangle::left_upper);',
      'multiply_accumulate(read_only(n_), read_only(z_), parts_.of_keys, Triangle::left_lower);',
    ],
    [
      'scores of gains to another scale',
      'scores(t, chunk.first + i) *= scale;',
      'scores(t, chunk.first + i) *= scale * scale;',
    ],
  ),
  ...breaksOf(
    'src/nn/attention.cpp',
    [
      'the first channels are read',
      'input.column_range(input.columns - count, count)',
      'input.column_range(0, count)',
    ],
    [
      'the encoding is seen by the first sequence alone',
      'multiply_accumulate(encoding, position_weight, projection.row_range(first, encoding.rows));',
      'if (first == 0) multiply_accumulate(encoding, position_weight, projection.row_range(first, encoding.rows));',
    ],
    [
      'the gradient of a state goes on to the next head',
      'if (span.ends_sequence && g.states.columns > 0)',
      'if (span.ends_sequence && g.states.columns > 0 && h == 0)',
    ],
    [
      'lengths of the first head for all',
      'lengths.row_range(row, chunk.count).column_range(head, 1)',
      'lengths.row_range(row, chunk.count).column_range(0 * head, 1)',
    ],
  ),
  ...breaksOf(
    'src/model/transformer.cpp',
    [
      'gradients are not stopped where the stream is clipped',
      'clip_backward(read_only(computed',
      'if (layer < 0) clip_backward(read_only(computed',
    ],
    [
      'the embedding gets the gradient of one step',
      'multiply_accumulate(read_only(workspace.tokens().transposed())',
      'multiply(read_only(workspace.tokens().transposed())',
    ],
    [
      'a norm has what was left of the last one',
      'store_zeros(gradient.data, gradient.rows * gradient.columns);',
      'store_zeros(gradient.data, gradient.rows);',
    ],
  ),
  ...breaksOf(
    'src/model/fused_weights.cpp',
    [
      'a product is not scaled to its key size',
      'std::sqrt(Scalar(fused.key_size) / Scalar(own.key_size))',
      'std::sqrt(Scalar(own.key_size) / Scalar(fused.key_size))',
    ],
    [
      'queries and keys change places',
      'multiply(own_query, own_key.transposed(), query);',
      'multiply(own_key, own_query.transposed(), query);',
    ],
    [
      'channels that are the same are not added up',
      'folded(row, j) += weight(channel, j);',
      'folded(row, j) = weight(channel, j);',
    ],
    [
      'keys get an unscaled gradient',
      'scale(d_own_key, of.product_scale<Scalar>());',
      'scale(d_own_key, Scalar(1));',
    ],
  ),
  ...breaksOf(
    'src/model/compiled_model.cpp',
    [
      'a layer leaves out channels that an MLP reads',
      'config.embedded_size == 0 && config.mlp_size == 0) layers',
      'config.embedded_size == 0) layers',
    ],
    [
      'normalised keys are multiplied out',
      '!a.encodes_position && !a.normalise_query_key && a.input_size',
      '!a.encodes_position && a.input_size',
    ],
  ),
  ...breaksOf('src/model/parameters.cpp', [
    'no tensor has its own start',
    'if (!tensor.initial_value) continue;',
    'if (tensor.initial_value) continue;',
  ]),
  ...breaksOf(
    'src/train/adamw.cpp',
    ['another beta', 'kBeta2 = 0.999', 'kBeta2 = 0.99'],
    ['the first moment is not corrected', '(m * correction1)', '(m * correction1 / correction1)'],
    [
      'epsilon inside of the root',
      '(std::sqrt(v * correction2) + kEpsilon)',
      'std::sqrt(v * correction2 + kEpsilon)',
    ],
    ['decay does not depend on the rate', '1 - learning_rate * weight_decay', '1 - weight_decay'],
    [
      'gradients are clipped above alone',
      'std::clamp(gradient[i], -limit, limit)',
      'std::min(gradient[i], limit)',
    ],
  ),
  ...breaksOf(
    'src/train/schedule.cpp',
    [
      'warm-up is a step short',
      'config.learning_rate * step / config.warmup_steps;',
      'config.learning_rate * step / (config.warmup_steps - 1);',
    ],
    [
      'decay as long as if there were no warm-up',
      '(config.decay_steps - config.warmup_steps))',
      'config.decay_steps)',
    ],
  ),
  ...breaksOf(
    'src/train/loss.cpp',
    [
      'the loss without its half',
      'sum += double(sum_of_lanes<Scalar>(squares));\n  }\n  return sum / 2;',
      'sum += double(sum_of_lanes<Scalar>(squares));\n  }\n  return sum;',
    ],
    [
      'a gradient beyond its channels',
      'store_first(row + j, error * scale, count);',
      'store_first(row + j, error * scale, count + 1);',
    ],
    ['the loss of zero leaves the last channel out', '0), targets.columns));', '0), targets.columns - 1));'],
  ),
  ...breaksOf(
    'src/train/batch_partition.cpp',
    ['the last tile is missing', '(batch_size_ + per_tile_ - 1) / per_tile_', 'batch_size_ / per_tile_'],
    ['a tile beyond the batch', 'std::min(per_tile_, batch_size_ - first)', 'per_tile_ + 0 * first'],
    ['a node that is not aligned', 'first % count == 0 &&', 'first % 2 == 0 &&'],
  ),
  ...breaksOf(
    'src/train/batch_sums.cpp',
    [
      'half of a gradient is lost',
      'combine(1.F, sum.gradient.data(), 1.F, other',
      'combine(1.F, sum.gradient.data(), 0.F, other',
    ],
    [
      'a sum that is used again is not zero',
      'std::fill(sum->gradient.begin(), sum->gradient.end(), 0.F);',
      '',
    ],
    [
      'a range is shortened before what is begun',
      'std::max({end, first_, next_, after_begun})',
      'std::max({end, first_, 0 * after_begun})',
    ],
  ),
  ...breaksOf(
    'src/train/trainer.cpp',
    ['targets are the states themselves', '.row_range(1, positions);', '.row_range(0, positions);'],
    [
      'the mean over sequences alone',
      '1 / (double(training_.batch_size) * compiled_.config.positions);',
      '1 / double(training_.batch_size);',
    ],
    [
      'the rate of the step after',
      'scheduled_learning_rate(training_, state_.model.step)',
      'scheduled_learning_rate(training_, state_.model.step + 1)',
    ],
    ['one bad step too many', 'state_.bad_steps + 1 >= kAstraySteps', 'state_.bad_steps >= kAstraySteps'],
    [
      'bad steps are not forgotten',
      'state_.last_good = state_.model;\n    state_.bad_steps = 0;',
      'state_.last_good = state_.model;',
    ],
  ),
  ...breaksOf(
    'src/analysis/normal_equations.cpp',
    ['a ridge that shows', 'kRelativeRidge = 1e-10', 'kRelativeRidge = 1e-4'],
    [
      'inputs of nothing divide by it',
      'entry > 0 ? entry * (1 + kRelativeRidge) : 1',
      'entry * (1 + kRelativeRidge)',
    ],
  ),
  ...breaksOf(
    'src/analysis/weight_products.cpp',
    ['signed entries count', '(product.cwiseAbs().array() > limit)', '(product.array() > limit)'],
    ['transposed blocks', 'means(row, column) =', 'means(column, row) ='],
  ),
  ...breaksOf(
    'src/analysis/compression.cpp',
    [
      'outputs stay as they are',
      'compress(layer.attention.output.row_range(head * model.width, model.width), model.output_size);',
      '',
    ],
    [
      'shares the wrong way round',
      'float(share * trained.parameters[i] + (1 - share)',
      'float((1 - share) * trained.parameters[i] + share',
    ],
  ),
  ...breaksOf(
    'src/analysis/attention_maps.cpp',
    ['scores keep their signs', 'scores.cwiseAbs().cast<double>()', 'scores.cast<double>()'],
    ['the head of the layer', 'a.attention, 0, item % model.heads,', 'a.attention, 0, item / model.heads,'],
    [
      'the first rows count',
      'std::min(kFirstCounted, map.rows() - 1)',
      'std::min<Eigen::Index>(0, map.rows() - 1)',
    ],
    ['a neighbour off by one', 'map(t, t - 1) / sum', 'map(t - 1, t - 1) / sum'],
  ),
  ...breaksOf(
    'src/analysis/linear_probe.cpp',
    [
      'the next state is this one',
      'states.bottomRows(states.rows() - 1)',
      'states.topRows(states.rows() - 1)',
    ],
    ['outliers on the wrong side', '<= limit) continue;', '> limit) continue;'],
    ['errors around zero', 'around_mean -= probes.sums', 'around_mean -= 0 * probes.sums'],
    [
      'lags the wrong way round',
      'states(t - lag, 0) + d, &past(t, lag * d)',
      'states(t - lag, 0) + d, &past(t, (lags - 1 - lag) * d)',
    ],
    [
      'positions without all lags',
      'for (int t = kLags - 1; t < positions; ++t)',
      'for (int t = kLags; t < positions; ++t)',
    ],
    [
      'fitted where it is measured',
      'pass(RandomPurpose::tuning, &add_to_fit, 0);',
      'pass(RandomPurpose::held_out, &add_to_fit, 0);',
    ],
  ),
  ...breaksOf(
    'src/analysis/linearisation.cpp',
    [
      'the error of the sum',
      'sum(kGiven) - 2 * sum(kBoth) + sum(kWanted)',
      'sum(kGiven) + 2 * sum(kBoth) + sum(kWanted)',
    ],
    [
      'imitations start unscaled',
      'moment_of(first, i, kBoth) / moment_of(first, i, kGiven));',
      '0 * moment_of(first, i, kBoth) + 1);',
    ],
    [
      'the wrong layer becomes linear',
      'i == layer ? AttentionKind::linear',
      'i >= layer ? AttentionKind::linear',
    ],
    [
      'errors on the first batch alone',
      'errors() {\n    std::vector<double> totals(layers_.size() * kMoments);\n    for (int first = 0; first < kErrorSequences;',
      'errors() {\n    std::vector<double> totals(layers_.size() * kMoments);\n    for (int first = 0; first < kBatch;',
    ],
  ),
  ...breaksOf(
    'src/analysis/prompt_tuning.cpp',
    [
      'prefixes in the row before',
      'case RegressionRole::prefix: return 1 + t;',
      'case RegressionRole::prefix: return t;',
    ],
    ['the outputs are asked for', '.role == RegressionRole::input;', '.role == RegressionRole::output;'],
    [
      'the gradient of the last row alone',
      'row_gradient(row, channel) += residual(t, channel);',
      'row_gradient(row, channel) = residual(t, channel);',
    ],
  ),
  ...breaksOf(
    'src/analysis/one_layer_fit.cpp',
    ['the step pulls the wrong way', 'rest[kPull] = -step.eta;', 'rest[kPull] = step.eta;'],
    [
      'features take a token in twice',
      'if (feature.query_lag == 0) sum[column]',
      'if (feature.query_lag >= 0) sum[column]',
    ],
    [
      'the first position counts',
      'for (Eigen::Index t = 1; t < a.rows(); ++t)',
      'for (Eigen::Index t = 0; t < a.rows(); ++t)',
    ],
    ['lengths of the second', 'sum(0, length) += std::sqrt(aa);', 'sum(0, length) += std::sqrt(bb);'],
  ),
  ...breaksOf(
    'src/analysis/kernel_scaling.cpp',
    [
      'hidden states keep their size',
      'int(std::lround(growth * task.hidden_size))',
      'int(std::lround(task.hidden_size + 0 * growth))',
    ],
    ['observations keep their size', 'task.observation_size = dimension;', 'task.observation_size += 0;'],
    [
      'the late mean is the early one',
      'std::accumulate(loss.by_position.end() - std::ptrdiff_t(count), loss.by_position.end(), 0.0)',
      'std::accumulate(loss.by_position.begin(), loss.by_position.begin() + std::ptrdiff_t(count), 0.0)',
    ],
    [
      'tuned on what is measured',
      'RandomPurpose::tuning, sequences / 4',
      'RandomPurpose::held_out, sequences / 4',
    ],
  ),
  ...breaksOf(
    'src/analysis/few_shot_regression.cpp',
    ['a sixth is a fifth', 'observation_size - pairs_seen) / 6.0', 'observation_size - pairs_seen) / 5.0'],
    [
      'the ridges change places',
      'least_squares(ridges.few_shot, ContextPairs::all));\n  add',
      'least_squares(ridges.trained_task, ContextPairs::all));\n  add',
    ],
    [
      'one task for any number',
      'task.regression_tasks = tasks;',
      'task.regression_tasks = tasks > 0 ? 1 : 0;',
    ],
  ),
  ...breaksOf(
    'src/analysis/requirements.cpp',
    ['the first layer for all', '!= kind) return false;', '!= kind) return layer > 0;'],
    ['one position too few', 'sequence_length >= least', 'sequence_length > least'],
  ),
];
