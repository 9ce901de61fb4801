import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

// Browsers heed frame-ancestors in a header only. Anyone may embed the page.
const headers = { 'Content-Security-Policy': `${policy}; frame-ancestors *` };

// A static host may send no header of ours, so the page carries the policy too.
const policyInPage = {
  name: 'policy-in-page',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
      injectTo: 'head-prepend',
    },
  ],
};

// A frame without an origin may show a style sheet of ours, but not ask for it as Vite has browsers do.
const styleForAll = {
  name: 'style-for-all',
  transformIndexHtml: {
    order: 'post',
    handler: (html) => html.replaceAll('<link rel="stylesheet" crossorigin', '<link rel="stylesheet"'),
  },
};

const built = (folder) => fileURLToPath(new URL(`../build/${folder}`, import.meta.url));
const engineFolder = built('wasm');
const factsFolder = built('facts');

export default defineConfig({
  // Relative, so that the page works from any folder of any host.
  base: './',
  plugins: [policyInPage, styleForAll],
  resolve: { alias: { '@engine': engineFolder, '@facts': `${factsFolder}/engine-facts.ts` } },
  worker: { format: 'es' },
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    target: 'es2022',
    outDir: '../build/web',
    emptyOutDir: true,
    // The policy allows no script from a data: address, and a .wasm file streams while it compiles.
    assetsInlineLimit: 0,
    // Vite never asks a second time for the style sheet of a chunk whose script is tried again; all together are small.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
  },
  server: { headers, fs: { allow: ['.', engineFolder, factsFolder] } },
  // Behind another host name too: what it serves is for everybody.
  preview: { headers, allowedHosts: true },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
