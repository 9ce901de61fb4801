// Serves the built page the way `vite preview` does, and lets tests come between it and the browser: what goes wrong on
// the way is made here, so that it goes wrong alike in every browser.

import { fileURLToPath } from 'node:url';

const web = new URL('../../web/', import.meta.url);
/** Where the built page is, if not in build/web. */
const outDir = process.env.MESA_WEB_BUILD;
/** The page's Vite. */
export const vite = await import(new URL('node_modules/vite/dist/node/index.js', web).href);

/** Starts a server with the given Vite configuration; resolves with its origin and how to stop it. */
export async function serve(configuration) {
  const server = await vite.preview({
    logLevel: 'warn',
    preview: { host: '127.0.0.1', port: 0, strictPort: true },
    ...configuration,
  });
  return { origin: `http://127.0.0.1:${server.httpServer.address().port}`, close: () => server.close() };
}

/**
 * The page's server. `disturb` has a `Fault` asked about every request until the function that it returns is called: a
 * fault is given the path of the request and answers with what is to happen instead, one of those below, or with nothing.
 */
export async function servePage() {
  const faults = new Set();
  const server = await serve({
    root: fileURLToPath(web),
    configFile: fileURLToPath(new URL('vite.config.js', web)),
    ...(outDir && { build: { outDir } }),
    plugins: [
      {
        name: 'faults',
        configurePreviewServer({ middlewares }) {
          middlewares.use(meet(faults));
        },
      },
    ],
  });
  const disturb = (fault) => {
    faults.add(fault);
    return () => faults.delete(fault);
  };
  return { ...server, disturb };
}

/** The connection breaks. */
export const drop = (_request, response) => response.destroy();

/** Something else is answered. */
export const answer =
  (status, body = '', type = 'text/plain') =>
  (_request, response) => {
    response.writeHead(status, { 'Content-Type': type });
    response.end(body);
  };

/** The real answer is altered: `change` is given its text and its headers, by lower-case names, and returns both. */
export const edit = (change) => async (request, response) => {
  const url = `http://${request.headers.host}${request.url}`;
  const real = await fetch(url, { headers: { [unaltered]: 'yes' } });
  const headers = Object.fromEntries(real.headers);
  // They are those of the compressed answer.
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'etag'])
    delete headers[name];
  const changed = change({ text: await real.text(), headers });
  response.writeHead(real.status, changed.headers);
  response.end(changed.text);
};

/** Code runs ahead of a script's own. */
export const prepend = (code) => edit(({ text, headers }) => ({ text: `${code};\n${text}`, headers }));

/** The server asks itself, and means the real answer. */
const unaltered = 'x-unaltered';

const meet = (faults) => (request, response, next) => {
  const path = new URL(request.url, 'http://server').pathname;
  const whole = request.headers[unaltered] === undefined;
  for (const fault of whole ? faults : []) {
    const happen = fault(path);
    if (!happen) continue;
    Promise.resolve(happen(request, response)).catch(next);
    return;
  }
  next();
};
