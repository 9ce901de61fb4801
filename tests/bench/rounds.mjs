// Takes turns between the subjects, so that other load affects all of them.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/**
 * Every round asks each subject once for its [key, value] pairs, in an order that rotates. Resolves with a
 * map from the keys to the medians of their values.
 */
export async function inTurns(rounds, subjects) {
  const values = new Map();
  for (let round = 0; round < rounds; ++round) {
    console.error(`Round ${round + 1} of ${rounds}`);
    for (const [index] of subjects.entries()) {
      for (const [key, value] of await subjects[(index + round) % subjects.length]()) {
        values.set(key, [...(values.get(key) ?? []), value]);
      }
    }
  }
  return new Map([...values].map(([key, list]) => [key, median(list)]));
}
