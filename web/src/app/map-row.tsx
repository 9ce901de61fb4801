import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { announce } from './announcement';
import { ColorBar } from '../charts/color-bar';
import { HeatMap, type Bands, type Cell, type Grid } from '../charts/heat-map';

/** One of several maps on a common colour scale. */
export interface RowMap {
  readonly name: string;
  /** Shown over the map, after its name. */
  readonly figure?: ReadonlySignal<string> | undefined;
  readonly grid: ReadonlySignal<Grid>;
  /** Shown under the map. */
  readonly summary?: ComponentChildren;
}

/** An entry in words, as shown and as a screen reader says it. */
export interface Reading {
  readonly shown: ComponentChildren;
  readonly spoken: string;
}

interface MapRowProps {
  readonly heading: ComponentChildren;
  /** Names what the maps show, for a screen reader. */
  readonly subject: string;
  readonly text: ComponentChildren;
  readonly maps: readonly RowMap[];
  readonly limit: ReadonlySignal<number>;
  /** Entries from -limit, rather than from 0. */
  readonly signed: boolean;
  readonly bands: Bands;
  readonly outlined?: Cell | undefined;
  readonly aspect?: number | undefined;
  readonly read: (map: number, cell: Cell) => Reading;
}

interface Look extends Cell {
  readonly map: number;
}

/** Heat maps side by side, with what they show, their colour scale, and the entry being looked at. */
export function MapRow(props: MapRowProps) {
  const { heading, subject, text, maps, limit, signed, bands, outlined, aspect, read } = props;
  const look = useSignal<Look | undefined>(undefined);
  return (
    <div class="map-row">
      <div class="map-row-text">
        <h3>{heading}</h3>
        <p>{text}</p>
        <ColorBar limit={limit} signed={signed} />
        <LookReading look={look} read={read} />
      </div>
      <div class="maps" style={{ '--maps': maps.length }}>
        {maps.map((map, index) => (
          <MapFigure
            key={index}
            map={map}
            label={`${map.name}, ${subject}: arrow keys read its entries`}
            limit={limit}
            bands={bands}
            outlined={outlined}
            aspect={aspect}
            index={index}
            look={look}
            onLook={(cell, how) => {
              look.value = cell && { map: index, ...cell };
              if (how === 'key') announce(cell ? read(index, cell).spoken : '');
            }}
          />
        ))}
      </div>
    </div>
  );
}

/** Renewed as the entry changes. */
function LookReading({ look, read }: { look: ReadonlySignal<Look | undefined>; read: MapRowProps['read'] }) {
  const at = look.value;
  return <p class="look">{at ? read(at.map, at).shown : 'Point at an entry to read it.'}</p>;
}

interface MapFigureProps extends Pick<MapRowProps, 'limit' | 'bands' | 'outlined' | 'aspect'> {
  readonly map: RowMap;
  readonly label: string;
  readonly index: number;
  readonly look: ReadonlySignal<Look | undefined>;
  readonly onLook: (cell: Cell | undefined, how: 'pointer' | 'key') => void;
}

function MapFigure({ map, index, look, ...rest }: MapFigureProps) {
  const cell = useComputed(() => (look.value?.map === index ? look.value : undefined));
  return (
    <figure>
      <figcaption>
        <span>{map.name}</span> <span>{map.figure}</span>
      </figcaption>
      <HeatMap grid={map.grid} cell={cell} {...rest} />
      {map.summary}
    </figure>
  );
}
