// Answers every message, a number, by as many runs of the engine's multiply-adds that the address names; the answer
// is how many operations those were.

const engine = new URLSearchParams(location.search).get('engine');
const { default: createModule } = await import(`/build/wasm/peak-${engine}.mjs`);
const module = await createModule();

onmessage = ({ data: runs }) => {
  let operations = 0;
  for (let i = 0; i < runs; ++i) operations += module._run_multiply_adds();
  postMessage(operations);
};
postMessage('ready');
