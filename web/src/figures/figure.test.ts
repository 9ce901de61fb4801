import { signal } from '@preact/signals';
import { describe, expect, test, vi } from 'vitest';
import { controlNames, defaultRun, type FigureSpec } from '../address/page-state';
import type { RunSpec } from '../protocol/run-spec';
import type { Run } from '../run/run';
import type { Phase } from '../run/run-state';
import { Figure } from './figure';
import type { WatchElement } from './watch-element';

/** A run without an engine, which notes what is asked of it. */
function createFakeRun(spec: RunSpec = defaultRun) {
  const phase = signal<Phase>('idle');
  const run = {
    id: 'main',
    request: signal(spec),
    state: { phase },
    play: vi.fn(() => {
      phase.value = 'running';
      return Promise.resolve();
    }),
    setVisible: vi.fn(),
    setInUse: vi.fn(),
    dispose: vi.fn(() => Promise.resolve()),
  };
  // A figure uses no more of a run than this.
  return { run: run as unknown as Run, fake: run };
}

/** Stands in for the browser's observers: `see` says what can be seen. */
function createWatch() {
  const tellers = new Set<(inSight: boolean) => void>();
  const watch: WatchElement = (_element, tell) => {
    tellers.add(tell);
    return () => {
      tellers.delete(tell);
    };
  };
  const see = (inSight: boolean): void => {
    for (const tell of tellers) tell(inSight);
  };
  return { watch, see, tellers };
}

const spec: FigureSpec = {
  id: 'main',
  run: defaultRun,
  views: ['weights', 'probe'],
  view: 'weights',
  controls: controlNames,
  start: 'auto',
};

function setUp(changes: Partial<FigureSpec> = {}) {
  const { run, fake } = createFakeRun();
  const watching = createWatch();
  const figure = new Figure(run, { ...spec, ...changes }, watching.watch);
  return { figure, fake, element: new EventTarget() as Element, ...watching };
}

describe('a figure that starts by itself', () => {
  test('waits until it is seen, and starts once', () => {
    const { figure, fake, element, see } = setUp();
    figure.attach(element);
    expect(figure.stage.value).toBe('idle');
    see(false);
    expect(fake.play).not.toHaveBeenCalled();
    see(true);
    expect(fake.play.mock.calls).toEqual([['page']]);
    expect(figure.stage.value).toBe('live');
    see(false);
    see(true);
    expect(fake.play).toHaveBeenCalledTimes(1);
  });

  test('parks out of sight and is there again when it is back', () => {
    const { figure, fake, element, see } = setUp();
    figure.attach(element);
    expect(fake.setVisible.mock.calls).toEqual([[false]]);
    see(true);
    expect(fake.setVisible).toHaveBeenLastCalledWith(true);
    see(false);
    expect(fake.setVisible).toHaveBeenLastCalledWith(false);
    expect(figure.stage.value).toBe('parked');
    see(true);
    expect(fake.setVisible).toHaveBeenLastCalledWith(true);
    expect(figure.stage.value).toBe('live');
  });

  test('need not wait for its drawing when it is expected in sight', () => {
    const { figure, fake } = setUp();
    figure.expect();
    expect(fake.play).toHaveBeenCalledTimes(1);
  });

  test('leaves a run alone that a visitor has started', () => {
    const { figure, fake, element, see } = setUp();
    figure.attach(element);
    fake.state.phase.value = 'paused';
    see(true);
    expect(fake.play).not.toHaveBeenCalled();
  });
});

describe('a figure that starts with a click', () => {
  test('is ready when it is seen, and does nothing by itself', () => {
    const { figure, fake, element, see } = setUp({ start: 'click' });
    figure.attach(element);
    see(true);
    expect(figure.stage.value).toBe('ready');
    expect(fake.play).not.toHaveBeenCalled();
    fake.state.phase.value = 'running';
    expect(figure.stage.value).toBe('live');
  });
});

describe('any figure', () => {
  test('goes before the others once it is touched or focused', () => {
    const { figure, fake, element } = setUp();
    figure.attach(element);
    element.dispatchEvent(new Event('pointerdown'));
    element.dispatchEvent(new Event('focusin'));
    expect(fake.setInUse).toHaveBeenCalledTimes(2);
  });

  test('says what it shows, as it stands', () => {
    const { figure, fake } = setUp();
    figure.choose('probe');
    const run = { ...defaultRun, preset: 'notebook' };
    fake.request.value = run;
    expect(figure.spec.value).toEqual({ ...spec, run, view: 'probe' });
  });

  test('leaves no observer, listener or effect behind', async () => {
    const { figure, fake, element, see, tellers } = setUp();
    figure.attach(element);
    await figure.dispose();
    expect(tellers.size).toBe(0);
    expect(fake.dispose).toHaveBeenCalledTimes(1);
    element.dispatchEvent(new Event('pointerdown'));
    see(true);
    expect(fake.setInUse).not.toHaveBeenCalled();
    expect(fake.play).not.toHaveBeenCalled();
    expect(fake.setVisible).toHaveBeenCalledTimes(1);
  });

  test('can be attached again, as when it is drawn anew', () => {
    const { figure, fake, element, see, tellers } = setUp();
    const release = figure.attach(element);
    release();
    expect(tellers.size).toBe(0);
    figure.attach(element);
    see(true);
    expect(fake.play).toHaveBeenCalledTimes(1);
  });
});
