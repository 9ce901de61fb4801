import type { RunRequest } from '../worker/messages';

/** What the page's address says: which run it shows, and what is taken apart there. */
export interface Address {
  readonly request: RunRequest;
  readonly view: string;
}

/** An empty variant is the preset's first, an empty view the first there is. */
const defaults = { preset: 'linear-1', variant: '', engine: 'auto', workers: 'auto' };

/** `preset`, `variant`, `engine`, `workers`, `view`, and any configuration field. */
export function parseAddress(query: string): Address {
  const { preset, variant, engine, workers, view, ...overrides } = {
    ...defaults,
    view: '',
    ...Object.fromEntries(new URLSearchParams(query)),
  };
  return { request: { preset, variant, engine, workers, overrides }, view };
}

/** The shortest query string that says this: what stands at its default is left out. */
export function formatAddress({ request, view }: Address): string {
  const query = new URLSearchParams();
  for (const key of ['preset', 'variant', 'engine', 'workers'] as const) {
    if (request[key] !== defaults[key]) query.set(key, request[key]);
  }
  if (view !== '') query.set('view', view);
  for (const [key, value] of Object.entries(request.overrides)) query.set(key, value);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
