// The benchmark's model in jax-js, with whole steps compiled for its WebAssembly backend. Arrays are counted:
// a function uses up its arguments, and `.ref` permits one more use.

import { defaultDevice, init, jit, numpy as np, tree, valueAndGrad } from '@jax-js/jax';

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/** The loss of [W_q, W_k, W_v, W_o] for each layer on a batch. */
function makeLoss({ heads, key_size, positions, batch_size, output_size, residual_limit }) {
  const split = (projection) =>
    projection.reshape([batch_size, positions, heads, key_size]).transpose([0, 2, 1, 3]);
  return (layers, tokens, labels, mask) => {
    let x = tokens;
    for (const [query, key, value, output] of layers) {
      const q = split(np.matmul(x.ref, query));
      const k = split(np.matmul(x.ref, key));
      const v = split(np.matmul(x.ref, value));
      const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(mask.ref);
      const mixed = np
        .matmul(scores, v)
        .transpose([0, 2, 1, 3])
        .reshape([batch_size * positions, heads * key_size]);
      x = np.clip(x.add(np.matmul(mixed, output)), -residual_limit, residual_limit);
    }
    mask.dispose();
    const errors = x.slice([], [0, output_size]).sub(labels);
    return np
      .square(errors)
      .sum()
      .mul(1 / (2 * batch_size * positions));
  };
}

/** One AdamW update of one weight matrix; `correction1` and `correction2` remove the moments' bias to zero. */
function makeUpdate({ learning_rate, weight_decay, gradient_limit }) {
  return (weight, gradient, moment1, moment2, correction1, correction2) => {
    const g = np.clip(gradient, -gradient_limit, gradient_limit);
    const m = moment1.mul(beta1).add(g.ref.mul(1 - beta1));
    const v = moment2.mul(beta2).add(np.square(g).mul(1 - beta2));
    const change = m.ref.mul(correction1).div(np.sqrt(v.ref.mul(correction2)).add(epsilon));
    return [weight.mul(1 - learning_rate * weight_decay).sub(change.mul(learning_rate)), m, v];
  };
}

/** One model on one batch; see fixture.h. */
export class Peer {
  static async open(fixture) {
    await init('wasm');
    defaultDevice('wasm');
    return new Peer(fixture);
  }

  constructor(fixture) {
    const { heads, key_size, width, positions, output_size, batch_size } = fixture;
    const matrix = (values, rows, columns) => np.array(new Float32Array(values)).reshape([rows, columns]);
    this.layers = fixture.parameters.map(({ query, key, value, output }) => [
      ...[query, key, value].map((weight) => matrix(weight, width, heads * key_size)),
      matrix(output, heads * key_size, width),
    ]);
    this.moments1 = tree.map((weight) => np.zeros(weight.shape), this.layers);
    this.moments2 = tree.map((weight) => np.zeros(weight.shape), this.layers);
    this.updates = 0;
    this.batch = [
      matrix(fixture.tokens, batch_size * positions, width),
      matrix(fixture.labels, batch_size * positions, output_size),
      np.tril(np.ones([positions, positions])),
    ];

    const loss = makeLoss(fixture);
    const update = makeUpdate(fixture);
    this.compiledLoss = jit(loss);
    this.compiledStep = jit((layers, moments1, moments2, corrections, ...batch) => {
      const [value, gradients] = valueAndGrad(loss)(tree.ref(layers), ...batch);
      const updated = layers.map((weights, layer) =>
        weights.map((weight, i) =>
          update(
            weight,
            gradients[layer][i],
            moments1[layer][i],
            moments2[layer][i],
            corrections[0].ref,
            corrections[1].ref,
          ),
        ),
      );
      tree.dispose(corrections);
      const part = (index) => updated.map((weights) => weights.map((results) => results[index]));
      return [value, part(0), part(1), part(2)];
    });
  }

  async loss() {
    const loss = this.compiledLoss(tree.ref(this.layers), ...tree.ref(this.batch));
    return (await loss.data())[0];
  }

  /** One AdamW update; resolves with the loss before it. */
  async step() {
    this.updates += 1;
    const corrections = [beta1, beta2].map((beta) => np.array(1 / (1 - beta ** this.updates)));
    const [loss, ...state] = this.compiledStep(
      this.layers,
      this.moments1,
      this.moments2,
      corrections,
      ...tree.ref(this.batch),
    );
    [this.layers, this.moments1, this.moments2] = state;
    return (await loss.data())[0];
  }
}
