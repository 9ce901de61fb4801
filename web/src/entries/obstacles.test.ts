import { describe, expect, test } from 'vitest';
import { findObstacle } from './obstacles';

/** Like a browser's: it reads the options first, and then refuses the address. */
function createModuleWorker(_address: string, options: { readonly type?: string }): never {
  expect(options.type).toBe('module');
  throw new SyntaxError('no address');
}

/** An older browser's knows of no type. */
function createClassicWorker(): never {
  throw new SyntaxError('no address');
}

const asWorker = (make: unknown) => make as typeof Worker;
const browser = {
  Worker: asWorker(createModuleWorker),
  WebAssembly: {},
  origin: 'https://example.org',
};

describe('what a browser lacks is named', () => {
  test('a browser of today lacks nothing', () => {
    expect(findObstacle(browser)).toBeUndefined();
  });

  test.each([
    ['no_workers', { ...browser, Worker: undefined }],
    ['no_module_workers', { ...browser, Worker: asWorker(createClassicWorker) }],
    ['no_webassembly', { ...browser, WebAssembly: undefined }],
    ['opaque_origin', { ...browser, origin: 'null' }],
  ])('%s', (code, lacking) => {
    expect(findObstacle(lacking)).toMatchObject({ kind: 'unsupported', code });
  });
});
