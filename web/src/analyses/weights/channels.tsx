import type { Band, Cell } from '../../charts/heat-map';
import { numberSetting, type Configuration } from '../../protocol/run-spec';
import { Symbol } from '../parts/math';
import styles from './channels.module.css';
import { say } from './messages';

const current = (size: number): Band => ({
  name: say('band.current'),
  symbol: (
    <Symbol>
      s<sub>t</sub>
    </Symbol>
  ),
  size,
});

const previous = (size: number): Band => ({
  name: say('band.previous'),
  symbol: (
    <Symbol>
      s<sub>t−1</sub>
    </Symbol>
  ),
  size,
});

const prediction = (size: number): Band => ({
  name: say('band.prediction'),
  symbol: say('band.prediction.short'),
  size,
});

const unused = (size: number): Band => ({
  name: say('band.unused'),
  symbol: <span class={styles.unused}>{say('band.unused')}</span>,
  size,
});

/** What the channels of a token hold, block by block; empty for tokens without such blocks. */
export function channelBands(configuration: Configuration): Band[] {
  const size = numberSetting(configuration, 'observation_size');
  switch (configuration.tokens) {
    case 'constructed':
      return [prediction(size), current(size), current(size), previous(size)];
    case 'constructed_masked':
      return [prediction(size), unused(size), current(size), previous(size)];
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
  const name = say('band.channel');
  return { band: { name, symbol: name, size: Infinity }, place: channel + 1 };
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
