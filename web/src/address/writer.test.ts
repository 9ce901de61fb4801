import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AddressWriter, type AddressBar } from './writer';

class FakeBar implements AddressBar {
  readonly location = { pathname: '/lab/', search: '?seed=1', hash: '#part' };
  readonly written: string[] = [];
  readonly history = {
    replaceState: (_data: unknown, _unused: string, url: string) => {
      this.written.push(url);
      this.location.search = /\?[^#]*/.exec(url)?.[0] ?? '';
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => {
    vi.useRealTimers();
  };
});

describe('the address bar', () => {
  test('keeps its path and its fragment', () => {
    const bar = new FakeBar();
    const writer = new AddressWriter(bar);
    writer.write('?seed=2');
    expect(bar.written).toEqual(['/lab/?seed=2#part']);
    vi.advanceTimersByTime(1000);
    writer.write('');
    expect(bar.written.at(-1)).toBe('/lab/#part');
  });

  test('is written at most three times a second, the last state always', () => {
    const bar = new FakeBar();
    const writer = new AddressWriter(bar);
    for (let seed = 2; seed <= 101; seed += 1) {
      writer.write(`?seed=${seed}`);
      vi.advanceTimersByTime(10);
    }
    expect(bar.written.length).toBeLessThanOrEqual(3);
    vi.advanceTimersByTime(1000);
    expect(bar.written.length).toBeLessThanOrEqual(4);
    expect(bar.written.at(-1)).toBe('/lab/?seed=101#part');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is not written when nothing changes', () => {
    const bar = new FakeBar();
    new AddressWriter(bar).write('?seed=1');
    expect(bar.written).toEqual([]);
  });

  test('writes what waits before the page goes', () => {
    const bar = new FakeBar();
    const writer = new AddressWriter(bar);
    writer.write('?seed=2');
    writer.write('?seed=3');
    writer.flush();
    expect(bar.written.at(-1)).toBe('/lab/?seed=3#part');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('may refuse', () => {
    const bar = new FakeBar();
    bar.history.replaceState = () => {
      throw new Error('SecurityError');
    };
    expect(() => {
      new AddressWriter(bar).write('?seed=2');
    }).not.toThrow();
  });
});
