import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals';
import type { FigureSpec } from '../address/page-state';
import type { Run } from '../run/run';
import { watchElement, type WatchElement } from './watch-element';

/**
 * - `idle`: nobody has seen the figure yet
 * - `ready`: it is there, and its run waits for somebody to start it
 * - `live`: its run trains, or can at once
 * - `parked`: out of sight, its run gives up its workers and keeps its state
 */
export type Stage = 'idle' | 'ready' | 'live' | 'parked';

/** One figure of a page. It owns its run, which has workers only while the figure can be seen. */
export class Figure {
  readonly id: string;
  readonly views: FigureSpec['views'];
  readonly controls: FigureSpec['controls'];
  readonly stage: ReadonlySignal<Stage>;
  /** The analysis that is looked at. */
  readonly view: ReadonlySignal<string>;
  /** The figure as it stands: another page that is given this shows the same. */
  readonly spec: ReadonlySignal<FigureSpec>;

  private readonly chosenView;
  private readonly seen = signal(false);
  private readonly inSight = signal(false);
  private readonly releases = new Set<() => void>();

  constructor(
    readonly run: Run,
    spec: FigureSpec,
    private readonly watch: WatchElement = watchElement,
  ) {
    this.id = spec.id;
    this.views = spec.views;
    this.controls = spec.controls;
    this.chosenView = signal(spec.view);
    this.view = this.chosenView;
    this.spec = computed(() => ({ ...spec, run: run.request.value, view: this.view.value }));
    this.stage = computed(() => {
      if (run.state.phase.value === 'idle') return this.seen.value ? 'ready' : 'idle';
      return this.inSight.value ? 'live' : 'parked';
    });
    this.releases.add(this.parkOutOfSight());
    if (spec.start === 'auto') this.releases.add(this.beginWhenSeen());
  }

  /** Follows what can be seen of `element` and what is touched there, until the answer is called. */
  attach(element: Element): () => void {
    const use = (): void => {
      this.run.setInUse();
    };
    element.addEventListener('pointerdown', use);
    element.addEventListener('focusin', use);
    const unwatch = this.watch(element, (inSight) => {
      this.show(inSight);
    });
    const release = (): void => {
      element.removeEventListener('pointerdown', use);
      element.removeEventListener('focusin', use);
      unwatch();
      this.releases.delete(release);
    };
    this.releases.add(release);
    return release;
  }

  /** Says that the figure is about to be drawn in sight, so that its run need not wait for that. */
  expect(): void {
    this.show(true);
  }

  /** Looks at another analysis. */
  choose(view: string): void {
    this.chosenView.value = view;
  }

  /** Resolves when nothing of the figure or its run is left on the page. */
  dispose(): Promise<void> {
    for (const release of [...this.releases]) release();
    this.releases.clear();
    return this.run.dispose();
  }

  private show(inSight: boolean): void {
    batch(() => {
      this.inSight.value = inSight;
      if (inSight) this.seen.value = true;
    });
  }

  private parkOutOfSight(): () => void {
    return effect(() => {
      const inSight = this.inSight.value;
      untracked(() => {
        this.run.setVisible(inSight);
      });
    });
  }

  /** Once: what a visitor pauses or empties later stays so. */
  private beginWhenSeen(): () => void {
    return effect(() => {
      if (!this.seen.value) return;
      untracked(() => {
        // What goes wrong becomes the run's problem, which the figure shows.
        if (this.run.state.phase.value === 'idle') this.run.play('page').catch(() => undefined);
      });
    });
  }
}
