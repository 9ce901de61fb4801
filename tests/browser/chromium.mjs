// Serves the built page the way `vite preview` does, and starts the browser that visits it.

import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const web = new URL('../../web/', import.meta.url);
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

export const servePage = () =>
  serve({ root: fileURLToPath(web), configFile: fileURLToPath(new URL('vite.config.js', web)) });

export const launchChromium = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
