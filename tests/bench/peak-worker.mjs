// Answers every message with the multiply-add peak of the engine that the address names, in GFLOP/s.

const engine = new URLSearchParams(location.search).get('engine');
const { default: createModule } = await import(`/build/wasm/peak-${engine}.mjs`);
const module = await createModule();

onmessage = () => {
  postMessage(module._measure_peak());
};
postMessage('ready');
