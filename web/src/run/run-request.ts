import type { RunRequest } from '../worker/messages';

/** An empty variant is the preset's first. */
const defaults = { preset: 'linear-1', variant: '', engine: 'auto', workers: 'auto' };

/** A page's query string asks for a run: `preset`, `variant`, `engine`, `workers`, and any configuration field. */
export function parseRequest(query: string): RunRequest {
  const { preset, variant, engine, workers, ...overrides } = {
    ...defaults,
    ...Object.fromEntries(new URLSearchParams(query)),
  };
  return { preset, variant, engine, workers, overrides };
}

/** The shortest query string that asks for this run: what stands at its default is left out. */
export function formatRequest(request: RunRequest): string {
  const query = new URLSearchParams();
  for (const key of ['preset', 'variant', 'engine', 'workers'] as const) {
    if (request[key] !== defaults[key]) query.set(key, request[key]);
  }
  for (const [key, value] of Object.entries(request.overrides)) query.set(key, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
