// Bundles the peers and the npm packages they import for browsers, as build/bench/peers/*.js.

import { fileURLToPath } from 'node:url';
import { vite } from '../browser/server.mjs';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export const bundlePeers = () =>
  vite.build({
    root: path('.'),
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: path('../../build/bench/peers'),
      emptyOutDir: true,
      target: 'es2022',
      chunkSizeWarningLimit: Infinity,
      rollupOptions: {
        input: { tensorflow: path('peers/tensorflow.mjs'), jax: path('peers/jax.mjs') },
        output: { entryFileNames: '[name].js' },
        preserveEntrySignatures: 'strict',
      },
    },
  });
