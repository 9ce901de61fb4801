import { expect, test } from 'vitest';
import { RateMeter } from './rate-meter';

test('fast steps are measured over two seconds', () => {
  const meter = new RateMeter();
  let rate: number | undefined;
  for (let time = 0; time <= 5000; time += 100) rate = meter.add(time, time / 10);
  expect(rate).toBeCloseTo(100);
});

test('steps that take longer than that have a speed too', () => {
  const meter = new RateMeter();
  let rate: number | undefined;
  for (let time = 0; time <= 30_000; time += 200) rate = meter.add(time, Math.floor(time / 4000));
  expect(rate).toBeCloseTo(0.25);
});

test('a meter that was reset knows nothing', () => {
  const meter = new RateMeter();
  for (let time = 0; time <= 3000; time += 100) meter.add(time, time);
  meter.reset();
  expect(meter.add(4000, 4000)).toBeUndefined();
});
