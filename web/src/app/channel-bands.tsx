import { numberSetting, type Configuration } from '../worker/configuration';
import type { Band, Cell } from '../charts/heat-map';

const current = {
  name: 's_t',
  symbol: (
    <var class="symbol">
      s<sub>t</sub>
    </var>
  ),
};
const previous = {
  name: 's_t−1',
  symbol: (
    <var class="symbol">
      s<sub>t−1</sub>
    </var>
  ),
};
const prediction = { name: 'prediction', symbol: 'pred.' };
const unused = { name: 'unused', symbol: <span class="unused">unused</span> };

/** What the channels of a token hold, block by block; empty for tokens without such blocks. */
export function channelBands(configuration: Configuration): Band[] {
  const size = numberSetting(configuration, 'observation_size');
  switch (configuration.tokens) {
    case 'constructed':
      return [prediction, current, current, previous].map((band) => ({ ...band, size }));
    case 'constructed_masked':
      return [prediction, unused, current, previous].map((band) => ({ ...band, size }));
    default:
      return [];
  }
}

/** A channel's block and its place there, counted from 1. Without blocks, all channels are one. */
export function locateChannel(bands: readonly Band[], channel: number): { band: Band; place: number } {
  let start = 0;
  for (const band of bands) {
    if (channel < start + band.size) return { band, place: channel - start + 1 };
    start += band.size;
  }
  return { band: { name: 'channel', symbol: 'channel', size: Infinity }, place: channel + 1 };
}

/**
 * The blocks of rows and columns where Proposition 1 puts its identities: the query reads s_t and the key s_t-1, the
 * value reads s_t and the output writes the prediction. It speaks of one layer; its blocks are unique where no two hold
 * the same state.
 */
export function propositionBlocks(
  configuration: Configuration,
): { readonly queryKey: Cell; readonly valueOutput: Cell } | undefined {
  if (configuration.layers !== 1 || configuration.tokens !== 'constructed_masked') return undefined;
  return { queryKey: { row: 2, column: 3 }, valueOutput: { row: 2, column: 0 } };
}
