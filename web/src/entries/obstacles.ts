import type { Problem } from '../protocol/problem';

/** What the page asks of a browser before it starts an engine. */
export interface Browser {
  readonly Worker?: typeof Worker | undefined;
  readonly WebAssembly?: unknown;
  readonly origin: string;
}

/** Whether workers can be made of modules: whoever knows of them asks for the type before it looks at the address. */
function hasModuleWorkers(make: typeof Worker): boolean {
  let asked = false;
  const options = {
    get type(): WorkerType {
      asked = true;
      return 'module';
    },
  };
  try {
    // No worker comes of an address that is none.
    new make('http://:', options).terminate();
  } catch {
    return asked;
  }
  return asked;
}

const unsupported = (code: string, message: string): Problem => ({
  kind: 'unsupported',
  code,
  parameters: {},
  message,
});

/** Why no engine can run here, as far as the page can tell without one. */
export function findObstacle({ Worker: make, WebAssembly: assembly, origin }: Browser): Problem | undefined {
  if (!make) return unsupported('no_workers', 'this browser has no web workers');
  if (origin === 'null') {
    return unsupported('opaque_origin', 'this frame is shut off from the server that has the engine');
  }
  if (!hasModuleWorkers(make)) {
    return unsupported('no_module_workers', 'this browser makes no workers of modules');
  }
  if (assembly === undefined) return unsupported('no_webassembly', 'this browser has no WebAssembly');
  return undefined;
}
