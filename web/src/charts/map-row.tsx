import { useComputed, useSignal, type ReadonlySignal } from '@preact/signals';
import { createElement, type ComponentChildren } from 'preact';
import { Live } from '../i18n/live';
import { ColorBar } from './color-bar';
import { HeatMap, type Bands, type Cell, type Grid } from './heat-map';
import styles from './map-row.module.css';
import { say } from './messages';

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
  /** Of its heading. */
  readonly level?: 2 | 3 | 4;
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
  const { heading, level = 3, subject, text, maps, limit, signed, bands, outlined, aspect, read } = props;
  const look = useSignal<Look | undefined>(undefined);
  return (
    <div class={styles.container} data-part="map-row">
      <div class={styles.row}>
        <div class={styles.text}>
          {createElement(`h${level}`, null, heading)}
          {typeof text === 'string' ? <Live as="p" text={text} /> : <p>{text}</p>}
          <ColorBar limit={limit} signed={signed} />
          <LookReading look={look} read={read} />
        </div>
        <div class={styles.maps} style={{ '--maps': maps.length }} data-part="maps">
          {maps.map((map, index) => (
            <MapFigure
              key={index}
              map={map}
              label={say('map', { name: map.name, subject })}
              limit={limit}
              bands={bands}
              outlined={outlined}
              aspect={aspect}
              index={index}
              look={look}
              onLook={(cell) => {
                look.value = cell && { map: index, ...cell };
              }}
              sayCell={(cell) => read(index, cell).spoken}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** A new element with each reading, whatever a translator did to the last one. */
function LookReading({ look, read }: { look: ReadonlySignal<Look | undefined>; read: MapRowProps['read'] }) {
  const at = look.value;
  const reading = at && read(at.map, at);
  return (
    <p class={styles.look} data-part="look">
      <span key={reading?.spoken ?? ''}>{reading ? reading.shown : say('pointAtEntry')}</span>
    </p>
  );
}

interface MapFigureProps extends Pick<MapRowProps, 'limit' | 'bands' | 'outlined' | 'aspect'> {
  readonly map: RowMap;
  readonly label: string;
  readonly index: number;
  readonly look: ReadonlySignal<Look | undefined>;
  readonly onLook: (cell: Cell | undefined) => void;
  readonly sayCell: (cell: Cell) => string;
}

function MapFigure({ map, index, look, ...rest }: MapFigureProps) {
  const cell = useComputed(() => (look.value?.map === index ? look.value : undefined));
  return (
    <figure class={styles.figure}>
      <div class={styles.sized}>
        <figcaption>
          <Live text={map.name} /> {map.figure && <Live part="map-figure" text={map.figure} numeric />}
        </figcaption>
        <HeatMap grid={map.grid} cell={cell} {...rest} />
        {map.summary}
      </div>
    </figure>
  );
}
