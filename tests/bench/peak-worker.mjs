// Answers every message, a number, by that many runs of the multiply-adds of the engine named in the address;
// the answer is the number of operations.

const engine = new URLSearchParams(location.search).get('engine');
const { default: createModule } = await import(`/build/wasm/peak-${engine}.mjs`);
const module = await createModule();

onmessage = ({ data: runs }) => {
  let operations = 0;
  for (let i = 0; i < runs; ++i) operations += module._run_multiply_adds();
  postMessage(operations);
};
postMessage('ready');
