// The benchmark's model in TensorFlow.js, with its WebAssembly backend.

import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';

/** One model on one batch; see fixture.h. */
export class Peer {
  static async open(fixture) {
    setWasmPaths('/tests/bench/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
    await tf.setBackend('wasm');
    await tf.ready();
    return new Peer(fixture);
  }

  constructor(fixture) {
    const { heads, key_size, width, positions, output_size, batch_size } = fixture;
    this.fixture = fixture;
    this.tokens = tf.tensor2d(fixture.tokens, [batch_size * positions, width]);
    this.labels = tf.tensor2d(fixture.labels, [batch_size * positions, output_size]);
    this.mask = tf.linalg.bandPart(tf.ones([positions, positions]), -1, 0);
    const variable = (values, rows, columns) => tf.variable(tf.tensor2d(values, [rows, columns]));
    this.layers = fixture.parameters.map(({ query, key, value, output }) => ({
      query: variable(query, width, heads * key_size),
      key: variable(key, width, heads * key_size),
      value: variable(value, width, heads * key_size),
      output: variable(output, heads * key_size, width),
    }));
    this.optimiser = tf.train.adam(fixture.learning_rate);
  }

  /** [B T, H K] -> [B H, T, K] */
  split(projection) {
    const { heads, key_size, positions, batch_size } = this.fixture;
    const byHead = tf.transpose(
      tf.reshape(projection, [batch_size, positions, heads, key_size]),
      [0, 2, 1, 3],
    );
    return tf.reshape(byHead, [batch_size * heads, positions, key_size]);
  }

  /** The inverse of split(): [B H, T, K] -> [B T, H K] */
  join(mixed) {
    const { heads, key_size, positions, batch_size } = this.fixture;
    const byPosition = tf.transpose(
      tf.reshape(mixed, [batch_size, heads, positions, key_size]),
      [0, 2, 1, 3],
    );
    return tf.reshape(byPosition, [batch_size * positions, heads * key_size]);
  }

  lossTensor() {
    const { positions, batch_size, output_size, residual_limit } = this.fixture;
    let x = this.tokens;
    for (const { query, key, value, output } of this.layers) {
      const [q, k, v] = [query, key, value].map((weight) => this.split(tf.matMul(x, weight)));
      const scores = tf.mul(tf.matMul(q, k, false, true), this.mask);
      const mixed = this.join(tf.matMul(scores, v));
      x = tf.clipByValue(tf.add(x, tf.matMul(mixed, output)), -residual_limit, residual_limit);
    }
    const errors = tf.sub(tf.slice(x, [0, 0], [-1, output_size]), this.labels);
    return tf.div(tf.sum(tf.square(errors)), 2 * batch_size * positions);
  }

  async loss() {
    const loss = tf.tidy(() => this.lossTensor());
    const [number] = await loss.data();
    loss.dispose();
    return number;
  }

  /** One AdamW update; resolves with the loss before it. */
  async step() {
    const { gradient_limit, learning_rate, weight_decay } = this.fixture;
    const loss = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => this.lossTensor());
      const clipped = Object.entries(grads).map(([name, gradient]) => ({
        name,
        tensor: tf.clipByValue(gradient, -gradient_limit, gradient_limit),
      }));
      for (const weight of this.layers.flatMap(Object.values))
        weight.assign(tf.mul(weight, 1 - learning_rate * weight_decay));
      this.optimiser.applyGradients(clipped);
      return value;
    });
    const [number] = await loss.data();
    loss.dispose();
    return number;
  }
}
