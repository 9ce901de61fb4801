import { signal, type ReadonlySignal } from '@preact/signals';
import type { FigureSpec } from '../address/page-state';
import type { EnginePool } from '../run/engine-pool';
import { Run } from '../run/run';
import { Figure } from './figure';
import type { WatchElement } from './watch-element';

/** The figures of a page, in its order. They share a pool of workers, which the page owns. */
export class PageFigures {
  readonly all: ReadonlySignal<readonly Figure[]>;
  /** Keys without a modifier get in the way of some assistive software, so they can be switched off. */
  readonly shortcutsEnabled = signal(true);

  private readonly figures = signal<readonly Figure[]>([]);

  constructor(
    private readonly pool: EnginePool,
    private readonly watch?: WatchElement,
  ) {
    this.all = this.figures;
  }

  /** Makes a figure, which has its place on the page until it is closed. */
  open(spec: FigureSpec): Figure {
    if (this.find(spec.id)) throw new Error(`the page has a figure ${spec.id} already`);
    const figure = new Figure(new Run(this.pool, spec.run, spec.id), spec, this.watch);
    this.figures.value = [...this.figures.value, figure];
    return figure;
  }

  /** Resolves when nothing of the figure is left. */
  close(figure: Figure): Promise<void> {
    this.figures.value = this.figures.value.filter((one) => one !== figure);
    return figure.dispose();
  }

  find(id: string): Figure | undefined {
    return this.figures.value.find((figure) => figure.id === id);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.figures.value.map((figure) => this.close(figure)));
  }
}
